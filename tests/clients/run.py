"""``make clients``: every program of ``clients/`` against a sandbox of its own, over every SOAP version its toolkit
has; then those that sign, against one that demands signatures.

Prints a table. Ends with 0 when every toolkit is here and as it should be, with 1 when one is not as it should be, with
3 when those that are here are, and others are not installed.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from tests.clients.signed import SIGNING, Recorder, Signing, signed_faults_of
from tests.clients.toolkits import BOTH, TOOLKITS, Toolkit
from tests.clients.trial import faults_of, prepare
from tests.clients.wire import W, Wire, wire
from tests.support import database
from tests.support.world import World
from udb.sandbox import mark
from udb.sandbox.running import free_address, running
from udb.store import state
from udb.store.engine import make_engine, writing

NAMES: Final = tuple(dict.fromkeys(toolkit.name for toolkit in (*TOOLKITS, *SIGNING)))


class Outcome(Enum):
    """The result for a toolkit and a SOAP version."""

    GREEN = "green"
    WRONG = "WRONG"
    NOT_SPOKEN = "the toolkit does not speak it"
    NOT_HERE = "not installed here"


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(NAMES)}; may be repeated.")] = None,
) -> None:
    """Try the clients."""
    unknown = set(only or ()) - set(NAMES)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: the clients are {', '.join(NAMES)}")
    outcomes = set()
    with sandbox() as (world, passage):
        chosen = [toolkit for toolkit in TOOLKITS if toolkit.name in (only or NAMES)]
        for number, (toolkit, soap) in enumerate((toolkit, soap) for toolkit in chosen for soap in BOTH):
            outcome, words = tried(world, passage, toolkit, soap, number)
            outcomes.add(outcome)
            typer.echo(f"{toolkit.name:7} SOAP {soap}  {outcome.value}{words}")
    with sandbox(Recorder, UDB_SIGNATUR="kraev") as (world, recorder):
        signing = [one for one in SIGNING if one.name in (only or NAMES)]
        for number, (one, soap) in enumerate((one, soap) for one in signing for soap in BOTH):
            outcome, words = tried_signed(world, recorder, one, soap, number)
            outcomes.add(outcome)
            typer.echo(f"{one.name:7} SOAP {soap}, signed  {outcome.value}{words}")
    raise typer.Exit(exit_code(outcomes))


def exit_code(outcomes: set[Outcome]) -> int:
    """Return the exit code: 0 only when all toolkits are installed and right."""
    if Outcome.WRONG in outcomes:
        return 1
    return 3 if Outcome.NOT_HERE in outcomes else 0


@contextmanager
def sandbox(kind: type[W] = Wire, **more: str) -> Iterator[tuple[World, W]]:  # type: ignore[assignment]
    """Yield a sandbox on SQLite that answers behind a passage; ``more``: further settings."""
    with (
        tempfile.TemporaryDirectory(prefix="udb-clients-") as folder,
        database.sqlite(Path(folder)) as source,
        source.migrated() as url,
        wire(kind) as passage,
    ):
        world = World(make_engine(url))
        world.build()
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
        passage.bind = free_address()
        settings = {"UDB_DATABASE_URL": url, "UDB_ADRESSE": passage.address, **more}
        with running(passage.bind, settings, quiet=True):
            yield world, passage
        world.engine.dispose()


def tried(world: World, passage: Wire, toolkit: Toolkit, soap: str, number: int) -> tuple[Outcome, str]:
    """Return the outcome and a line about it."""
    return _outcome(toolkit, soap, lambda: faults_of(prepare(world, toolkit, soap, number), passage))


def tried_signed(world: World, recorder: Recorder, signing: Signing, soap: str, number: int) -> tuple[Outcome, str]:
    """Return the outcome of a signing program and a line about it."""
    return _outcome(signing, soap, lambda: signed_faults_of(world, signing, soap, number, recorder))


def _outcome(toolkit: Toolkit, soap: str, find: Callable[[], list[str]]) -> tuple[Outcome, str]:
    if soap not in toolkit.soap:
        return Outcome.NOT_SPOKEN, ""
    if not toolkit.is_here():
        return Outcome.NOT_HERE, f" ({toolkit.needs})"
    found = find()
    return (Outcome.WRONG, "".join(f"\n  {fault}" for fault in found)) if found else (Outcome.GREEN, "")


if __name__ == "__main__":
    typer.run(main)
