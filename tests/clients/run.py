"""``make clients``: every program of ``clients/`` against a sandbox of its own, over every SOAP version its toolkit
has.

Prints a table. Ends with 0 when every toolkit is here and as it should be, with 1 when one is not as it should be, with
3 when those that are here are, and others are not installed.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import Annotated, Final

import typer

from tests.clients.toolkits import BOTH, TOOLKITS, Toolkit
from tests.clients.trial import faults_of, prepare
from tests.clients.wire import Wire, wire
from tests.support import database
from tests.support.world import World
from udb.sandbox import mark
from udb.sandbox.running import free_address, running
from udb.store import state
from udb.store.engine import make_engine, writing

NAMES: Final = tuple(toolkit.name for toolkit in TOOLKITS)


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
            typer.echo(f"{toolkit.name:6} SOAP {soap}  {outcome.value}{words}")
    raise typer.Exit(exit_code(outcomes))


def exit_code(outcomes: set[Outcome]) -> int:
    """Return the exit code: 0 only when all toolkits are installed and right."""
    if Outcome.WRONG in outcomes:
        return 1
    return 3 if Outcome.NOT_HERE in outcomes else 0


@contextmanager
def sandbox() -> Iterator[tuple[World, Wire]]:
    """Yield a sandbox on SQLite that answers behind a passage."""
    with (
        tempfile.TemporaryDirectory(prefix="udb-clients-") as folder,
        database.sqlite(Path(folder)) as source,
        source.migrated() as url,
        wire() as passage,
    ):
        world = World(make_engine(url))
        world.build()
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
        passage.bind = free_address()
        settings = {"UDB_DATABASE_URL": url, "UDB_ADRESSE": passage.address}
        with running(passage.bind, settings, quiet=True):
            yield world, passage
        world.engine.dispose()


def tried(world: World, passage: Wire, toolkit: Toolkit, soap: str, number: int) -> tuple[Outcome, str]:
    """Return the outcome and a line about it."""
    if soap not in toolkit.soap:
        return Outcome.NOT_SPOKEN, ""
    if not toolkit.is_here():
        return Outcome.NOT_HERE, f" ({toolkit.needs})"
    found = faults_of(prepare(world, toolkit, soap, number), passage)
    return (Outcome.WRONG, "".join(f"\n  {fault}" for fault in found)) if found else (Outcome.GREEN, "")


if __name__ == "__main__":
    typer.run(main)
