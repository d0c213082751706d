"""``udb conformance service`` and ``proeve``: does a service behave as the vejledning says?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output

if TYPE_CHECKING:
    from udb.conformance.shared.outcome import Run

FAILED = 1
ENDED = 3
SMALL_PAGES = "100"
"""How many events a page of the suite's own sandbox holds, so that there are many pages."""

Kun = Annotated[list[str] | None, typer.Option(metavar="ID", help="Only scenarios whose id begins so.")]
Rapport = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where to write rapport.html, rapport.json, rapport.xml.")
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "conformance")
    commands.command("service")(service)
    commands.command("proeve")(proeve)


def service(
    url: Annotated[str, typer.Option(help="What stands before /services.")] = "http://127.0.0.1:8080",
    noegle: Annotated[
        str | None, typer.Option(metavar="SYSTEM:KEY", help="Who calls; not given: a sandbox is asked for its own.")
    ] = None,
    kun: Kun = None,
    steder: Annotated[Path | None, typer.Option(metavar="FILE", help="Institution numbers of another target.")] = None,
    rapport: Rapport = None,
    nulstil: Annotated[bool, typer.Option("--nulstil", help="Reset the sandbox first.")] = False,
    tidsgraense: Annotated[float, typer.Option(min=0.1, metavar="S", help="Seconds to wait for an answer.")] = 30,
    kraev_alt: Annotated[bool, typer.Option("--kraev-alt", help="What could not be run is a failure.")] = False,
    as_json: output.Json = False,
) -> None:
    """Play the scenarios against a service. Exit codes: 0 nothing failed, 1 something did or nothing could be run
    (with --kraev-alt: or anything could not), 2 wrong use (a wrong key too), 3 it does not answer.
    """
    require_folder(rapport)
    result = _run(
        url, kun, noegle=noegle, steder=steder, nulstil=nulstil, tidsgraense=tidsgraense, everything=kraev_alt
    )
    finish(result, rapport, as_json=as_json)


def proeve(kun: Kun = None, rapport: Rapport = None, as_json: output.Json = False) -> None:
    """Play the scenarios against a sandbox that is started for them and thrown away: the suite's own trial."""
    from udb.conformance.shared.local_sandbox import sandbox

    require_folder(rapport)
    typer.echo("Starting a sandbox with invented youths of its own ...", err=True)
    with sandbox({"UDB_SIDESTOERRELSE": SMALL_PAGES}) as url:
        # Its own sandbox offers all there is: what cannot be run there is the suite's fault.
        result = _run(url, kun, everything=True)
    finish(result, rapport, as_json=as_json)


def _run(
    url: str,
    kun: Sequence[str] | None,
    *,
    noegle: str | None = None,
    steder: Path | None = None,
    nulstil: bool = False,
    tidsgraense: float = 30,
    everything: bool = False,
) -> Run:
    from contextlib import closing

    from udb.conformance.report import terminal
    from udb.conformance.service import run
    from udb.conformance.shared import places
    from udb.conformance.shared.scenario import scenarios
    from udb.conformance.shared.transport import HttpTransport
    from udb.domain.errors import WrongUse

    chosen = [one for one in scenarios() if not kun or one.id.startswith(tuple(kun))]
    if not chosen:
        raise WrongUse("No scenario's id begins so.")
    found = places.read(steder) if steder else places.read()
    with closing(HttpTransport(url, tidsgraense)) as transport, terminal.progress(len(chosen)) as progress:
        return run.run(
            transport,
            url,
            chosen,
            places=found,
            key=noegle,
            reset=nulstil,
            everything=everything,
            progress=progress,
        )


def require_folder(folder: Path | None) -> None:
    """Make the folder of the reports before anything is run. Raises WrongUse when it cannot be made or written to."""
    import os

    from udb.domain.errors import WrongUse

    if folder is None:
        return
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongUse(f"--rapport {folder}: {error.strerror}") from None
    if not os.access(folder, os.W_OK):
        raise WrongUse(f"--rapport {folder}: not writable")


def finish(result: Run, folder: Path | None, *, as_json: bool) -> None:
    """Tell how a run came out, write its reports and end with its exit code."""
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
        raise typer.Exit(ENDED)
    if not result.passed:
        raise typer.Exit(FAILED)
