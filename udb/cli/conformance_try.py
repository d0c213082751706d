"""``udb conformance try``: the suite against a sandbox of its own."""

from __future__ import annotations

import typer

from udb.cli import conformance_run, groups, output
from udb.cli.signals import ending_in_order

SMALL_PAGES = "100"
"""How many events a page of the suite's own sandbox holds, so that there are many pages."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command("try")(try_)


def try_(
    only: conformance_run.Only = None,
    scenarios: conformance_run.Scenarios = None,
    report: conformance_run.Report = None,
    as_json: output.Json = False,
) -> None:
    """Test a sandbox that is started for it and thrown away."""
    from udb.conformance.shared.local_sandbox import sandbox

    conformance_run.require_folder(report)
    typer.echo(conformance_run.STARTING, err=True)
    with ending_in_order(), sandbox({"UDB_SIDESTOERRELSE": SMALL_PAGES}) as (url, _):
        # Its own sandbox offers everything: what cannot be run there is the suite's fault.
        result = conformance_run.run(url, only, everything=True, scenario_files=scenarios or ())
    conformance_run.finish(result, report, as_json=as_json)
