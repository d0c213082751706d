"""``make clients``: every program of ``clients/`` against a sandbox of its own, over every SOAP version its toolkit
has, and those that sign against one that demands signatures.

Prints one table, a row at a time. Ends with 0 when every toolkit is here and as it should be, with 1 when one is not as
it should be, with 3 when those that are here are, and others are not installed.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Final

import typer

from tests.clients import table
from tests.clients.signed import SIGNING, Recorder, signed_faults_of
from tests.clients.table import Outcome, Row
from tests.clients.toolkits import TOOLKITS, Toolkit
from tests.clients.trial import GENERATE, SIGNED, Result, prepare, result_of
from tests.clients.wire import Wire, wire
from tests.support import database
from tests.support.world import World
from udb.domain.clock import system_time
from udb.sandbox import mark
from udb.sandbox.running import free_address, running
from udb.store import state
from udb.store.engine import make_engine, writing

NAMES: Final = tuple(dict.fromkeys(toolkit.name for toolkit in (*TOOLKITS, *SIGNING)))
HALF: Final = 45
"""Half of the numbers that trials can have: the other half is for the programs that sign."""

Signs = Callable[[str, int], list[str]]
"""Tries a toolkit's program that signs: a SOAP version, a number that no other trial has; returns what is wrong."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A sandbox behind a passage. ``folder``: for the programs. ``signs``: by toolkit, the programs that sign.
    ``missing``: by toolkit, what these need, when it is not installed.
    """

    world: World
    passage: Wire
    folder: Path
    signs: Mapping[str, Signs] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(NAMES)}; may be repeated.")] = None,
) -> None:
    """Try the clients."""
    unknown = set(only or ()) - set(NAMES)
    if unknown:
        raise typer.BadParameter(f"{', '.join(sorted(unknown))}: the clients are {', '.join(NAMES)}")
    clients = {toolkit.name for toolkit in TOOLKITS}
    every = (*TOOLKITS, *(signing for signing in SIGNING if signing.name not in clients))
    chosen = [toolkit for toolkit in every if toolkit.name in (only or NAMES)]
    rows = []
    typer.echo(table.heading())
    with sandbox() as bench:
        for number, (toolkit, soap) in enumerate((one, soap) for one in chosen for soap in one.soap):
            try_it = tried if toolkit.name in clients else only_signed
            rows.append(try_it(bench, toolkit, soap, number))
            typer.echo(rows[-1].line())
    typer.echo(f"\n{table.summary(rows, system_time().date())}")
    raise typer.Exit(exit_code({row.outcome for row in rows}))


def exit_code(outcomes: set[Outcome]) -> int:
    """Return the exit code: 0 only when all toolkits are installed and right."""
    if Outcome.WRONG in outcomes:
        return 1
    return 3 if Outcome.NOT_HERE in outcomes else 0


@contextmanager
def sandbox() -> Iterator[Bench]:
    """Yield a sandbox on SQLite that answers behind a passage."""
    with (
        tempfile.TemporaryDirectory(prefix="udb-clients-") as folder,
        database.sqlite(Path(folder)) as source,
        source.migrated() as url,
        wire() as passage,
        wire(Recorder) as recorder,
        ExitStack() as services,
    ):
        world = World(make_engine(url))
        world.build()
        with writing(world.engine) as connection:
            state.write(connection, mark.SANDBOX, {})
        for one, signature in ((passage, "tjek"), (recorder, "kraev")):
            one.bind = free_address()
            settings = {"UDB_DATABASE_URL": url, "UDB_ADRESSE": one.address, "UDB_SIGNATUR": signature}
            services.enter_context(running(one.bind, settings, quiet=True))
        here = [signing for signing in SIGNING if signing.is_here()]
        signs = {signing.name: partial(signed_faults_of, world, signing, wire=recorder) for signing in here}
        missing = {signing.name: signing.needs for signing in SIGNING if signing not in here}
        yield Bench(world, passage, Path(folder) / "programs", signs, missing)
        world.engine.dispose()


def tried(bench: Bench, toolkit: Toolkit, soap: str, number: int) -> Row:
    """Return the row of a toolkit over a SOAP version; ``number``: below 45, another for each."""
    if not toolkit.is_here():
        return Row(toolkit, soap, Outcome.NOT_HERE)
    made = bench.folder / (f"{toolkit.name}-{soap}" if toolkit.made_for_each else toolkit.name)
    result = result_of(prepare(bench.world, toolkit, soap, number), bench.passage, made)
    signs = bench.signs.get(toolkit.name)
    if signs is not None:
        wrong = signs(soap, number + HALF)
        right = result.right if wrong else result.right | {SIGNED}
        result = Result(right, (*result.faults, *(f"signed: {fault}" for fault in wrong)))
    version = toolkit.version_here(made)
    if GENERATE in result.right and not version:
        result = Result(result.right, (*result.faults, "it did not say its version"))
    outcome = Outcome.WRONG if result.faults else Outcome.RIGHT
    if outcome is Outcome.RIGHT and toolkit.name in bench.missing:
        outcome, needs = Outcome.NOT_HERE, bench.missing[toolkit.name]
        toolkit = replace(toolkit, needs=needs, unsigned="what that needs is not installed")
    return Row(toolkit, soap, outcome, version, result, signs=signs is not None)


def only_signed(bench: Bench, toolkit: Toolkit, soap: str, number: int) -> Row:
    """Return the row of a program that only signs; see tried."""
    if toolkit.name not in bench.signs:
        return Row(toolkit, soap, Outcome.NOT_HERE)
    wrong = bench.signs[toolkit.name](soap, number + HALF)
    result = Result(frozenset() if wrong else frozenset({SIGNED}), tuple(wrong))
    outcome = Outcome.WRONG if wrong else Outcome.RIGHT
    return Row(toolkit, soap, outcome, toolkit.version_here(bench.folder), result, signs=True, only_signs=True)


if __name__ == "__main__":
    typer.run(main)
