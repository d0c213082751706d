"""What the commands of ``udb conformance`` share: their options, the run, its reports and exit code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import output
from udb.cli.signals import ending_in_order

if TYPE_CHECKING:
    from udb.conformance.shared.outcome import Run

BIND = "127.0.0.1:8090"
STARTING = "Starting a sandbox with invented youths of its own ..."
_FAILED = 1
_UNAVAILABLE = 3

Only = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Only those whose id begins so; may be given several times.")
]
Scenarios = Annotated[
    list[Path] | None,
    typer.Option(metavar="FILE", help="Play the scenarios of this file instead; may be given several times."),
]
Report = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where to write rapport.html, rapport.json, rapport.xml.")
]
Bind = Annotated[str, typer.Option(metavar="ADDRESS:PORT", help="Where the system under test is to call.")]
Minutes = Annotated[float, typer.Option(min=0.01, metavar="N", help="How long to wait for the system under test.")]


def run(
    url: str,
    only: Sequence[str] | None,
    *,
    key: str | None = None,
    places_file: Path | None = None,
    reset: bool = False,
    timeout: float = 30,
    everything: bool = False,
    scenario_files: Sequence[Path] = (),
) -> Run:
    """Play the scenarios against a service, or those of one's own files."""
    from contextlib import closing

    from udb.conformance.report import krav, terminal
    from udb.conformance.service.run import run as play
    from udb.conformance.shared import places, scenario_file
    from udb.conformance.shared.scenario import scenarios
    from udb.conformance.shared.transport import HttpTransport
    from udb.domain.errors import WrongUse

    found = places.read(places_file) if places_file else places.read()
    numbers = {row.nummer for row in krav.rows()}
    own = [one for file in scenario_files for one in scenario_file.read(file, found, numbers)]
    chosen = [one for one in own or scenarios() if not only or one.id.startswith(tuple(only))]
    if not chosen:
        raise WrongUse(f"No scenario's id begins with {' or '.join(only or ())}.")
    with (
        ending_in_order(),
        closing(HttpTransport(url, timeout)) as transport,
        terminal.progress(len(chosen)) as progress,
    ):
        return play(
            transport, url, chosen, places=found, key=key, reset=reset, everything=everything, progress=progress
        )


@contextmanager
def sandbox_for_watching(
    bind: str, report: Path | None, settings: Mapping[str, str] | None = None, *, certificate: bool = False
) -> Iterator[tuple[str, Path | None]]:
    """Yield the address of a sandbox for a system under test that will call ``bind``, and the file to sign with.

    Folder and ``bind`` are tried first, as the sandbox takes a while. Raises WrongUse.
    """
    from udb.conformance.shared.local_sandbox import sandbox
    from udb.sandbox.running import require_free

    require_folder(report)
    require_free(bind)
    typer.echo(STARTING, err=True)
    with ending_in_order(), sandbox(settings, certificate=certificate) as (url, file):
        yield url, file


def require_folder(folder: Path | None) -> None:
    """Make the folder of the reports before anything is run. Raises WrongUse when it cannot be made or written to."""
    import os

    from udb.domain.errors import WrongUse

    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"--report {folder} cannot be made: {error.strerror}.") from None
    if not os.access(folder, os.W_OK):
        raise WrongUse(f"--report {folder} cannot be written to.")


def finish(result: Run, folder: Path | None, *, as_json: bool) -> None:
    """Print how a run came out, write its reports and end with its exit code."""
    from udb.conformance.report import data as report_data
    from udb.conformance.report import html as report_html
    from udb.conformance.report import terminal

    if folder is not None:
        (folder / "rapport.html").write_text(report_html.page(result), encoding="utf-8")
        (folder / "rapport.json").write_text(report_data.as_json(result), encoding="utf-8")
        (folder / "rapport.xml").write_bytes(report_data.as_junit(result))
    if as_json:
        output.document(report_data.document(result))
    else:
        terminal.show(result, folder)
    if result.ended:
        raise typer.Exit(_UNAVAILABLE)
    if not result.passed:
        raise typer.Exit(_FAILED)
