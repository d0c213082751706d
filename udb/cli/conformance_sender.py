"""``udb conformance sender``: does a sender report as it should?"""

from __future__ import annotations

from pathlib import Path

import typer

from udb.cli import conformance_run, groups, output


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command()(sender)


def sender(
    bind: conformance_run.Bind = conformance_run.BIND,
    only: conformance_run.Only = None,
    report: conformance_run.Report = Path("konformitet"),
    minutes: conformance_run.Minutes = 60,
    as_json: output.Json = False,
) -> None:
    """Test a sender with a workbook of tasks.

    What it reports to a sandbox is watched and judged. Ends when all tasks are done, when time is up, or with Ctrl-C.
    """
    from udb.conformance import session
    from udb.conformance.shared import places

    with conformance_run.sandbox_for_watching(bind, report) as url:
        result = session.of_sender(
            url, places.read(), bind=bind, only=tuple(only or ()), folder=report, seconds=minutes * 60
        )
    conformance_run.finish(result, report, as_json=as_json)
