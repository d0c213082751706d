"""``udb conformance service``: does a service behave as the vejledning says?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from udb.cli import conformance_run, groups, output


def register(app: typer.Typer) -> None:
    """Add the command."""
    groups.group(app, "conformance").command()(service)


def service(
    url: Annotated[str, typer.Option(metavar="URL", help="The address before /services.")] = "http://127.0.0.1:8080",
    key: Annotated[
        str | None, typer.Option(metavar="SYSTEM:KEY", help="Who calls; without it a sandbox is asked for its own.")
    ] = None,
    only: conformance_run.Only = None,
    scenarios: conformance_run.Scenarios = None,
    places: Annotated[Path | None, typer.Option(metavar="FILE", help="Institution numbers of another target.")] = None,
    report: conformance_run.Report = None,
    reset: Annotated[bool, typer.Option("--reset", help="Reset the sandbox first.")] = False,
    timeout: Annotated[float, typer.Option(min=0.1, metavar="SECONDS", help="How long to wait for an answer.")] = 30,
    require_all: Annotated[
        bool, typer.Option("--require-all", help="A scenario that cannot be run is a failure.")
    ] = False,
    as_json: output.Json = False,
) -> None:
    """Test a service with the suite's scenarios.

    Exit codes: 0 nothing failed, 1 something failed or nothing could be run (with --require-all: or anything could
    not), 2 wrong use (an unknown key too), 3 the service does not answer.
    """
    conformance_run.require_folder(report)
    result = conformance_run.run(
        url,
        only,
        key=key,
        places_file=places,
        reset=reset,
        timeout=timeout,
        everything=require_all,
        scenario_files=scenarios or (),
    )
    conformance_run.finish(result, report, as_json=as_json)
