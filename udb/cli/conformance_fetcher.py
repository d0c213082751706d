"""``udb conformance fetcher``: does a kommune's system fetch as it should?"""

from __future__ import annotations

from pathlib import Path

import typer

from udb.cli import conformance_run, groups, output

PAGE = "3"
"""How many events a page holds, so that a few youths make several pages."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command()(fetcher)


def fetcher(
    bind: conformance_run.Bind = conformance_run.BIND,
    only: conformance_run.Only = None,
    report: conformance_run.Report = Path("konformitet"),
    minutes: conformance_run.Minutes = 10,
    as_json: output.Json = False,
) -> None:
    """Test a kommune's system that fetches.

    The situations: several pages, a cut connection, a repeated page, a cancellation, a youth who moves in, a fault and
    a slow answer. Each may take --minutes; the calls are judged.
    """
    from udb.conformance import session
    from udb.conformance.shared import places

    with conformance_run.sandbox_for_watching(bind, report, {"UDB_SIDESTOERRELSE": PAGE}) as (url, _):
        result = session.of_fetcher(url, places.read(), bind=bind, only=tuple(only or ()), seconds=minutes * 60)
    conformance_run.finish(result, report, as_json=as_json)
