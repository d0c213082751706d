"""``udb conformance sender``: does a sender report as it should?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import conformance_run, groups, output


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command()(sender)


def sender(
    bind: conformance_run.Bind = conformance_run.BIND,
    only: conformance_run.Only = None,
    service: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Only the tasks of this service; may be repeated."),
    ] = None,
    report: conformance_run.Report = Path("konformitet"),
    minutes: conformance_run.Minutes = 60,
    as_json: output.Json = False,
) -> None:
    """Test a sender with a workbook of tasks.

    What it reports to a sandbox is watched and judged. Ends when all tasks are done, when time is up, or with Ctrl-C.
    """
    from udb.conformance import session
    from udb.conformance.sender import workbook
    from udb.conformance.shared import places

    chosen = workbook.choose(tuple(only or ()), tuple(service or ()))
    is_signed = any(task.signed for task in chosen)
    with conformance_run.sandbox_for_watching(bind, report, certificate=is_signed) as (url, certificate):
        result = session.of_sender(
            url,
            places.read(),
            bind=bind,
            only=tuple(only or ()),
            services=tuple(service or ()),
            certificate=certificate,
            folder=report,
            seconds=minutes * 60,
        )
    conformance_run.finish(result, report, as_json=as_json)
