"""``udb log``: the read log: who was given a youth's data, and whether the log is what it was."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "log")
    commands.command()(ung)
    commands.command()(verificer)
    commands.command()(forsegl)
    commands.command()(opbevaring)


def ung(cprnr: Annotated[str, typer.Argument(metavar="CPR")], as_json: output.Json = False) -> None:
    """List who was given a youth's data, when and why, the earliest first. That you ask is logged too.

    Every number the youth has or had will do. The numbers are the first and last event of the whole answer, which may
    be other youths'.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.domain.errors import UdbRefused
    from udb.readlog import lookup
    from udb.store.engine import reading, writing
    from udb.store.persons import find_person, ids_of

    with opened() as engine:
        with writing(engine) as connection:
            found = find_person(connection, cprnr)
            lookup.log_command(connection, "udb log ung", [] if found is None else [found.id])
        if found is None:
            raise UdbRefused("Nobody in the register has or had this CPR number.")
        with reading(engine) as connection:
            rows = [output.told(asdict(one)) for one in lookup.readings(connection, ids_of(connection, found.id))]
    output.rows(tuple(lookup.Reading.__dataclass_fields__), rows, as_json=as_json)


def verificer(
    fra: Annotated[
        tuple[int, str] | None,
        typer.Option(metavar="BLOK HASH", help="A block and the hash of it that was kept elsewhere."),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Work out every hash again and say what was changed or removed (exit 1). Keep what is printed elsewhere."""
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.readlog.verify import Seal, verify

    with opened() as engine:
        verdict = verify(engine, Seal(*fra) if fra else None)
    if as_json:
        output.document(asdict(verdict))
    else:
        for fault in verdict.faults:
            typer.echo(fault, err=True)
        typer.echo(f"{verdict.blocks} blocks with {verdict.rows} rows; {verdict.waiting} rows wait to be sealed.")
        for years, count in sorted(verdict.removed.items()):
            typer.echo(f"The rows of {count} of the blocks were removed after {years} years.")
        if verdict.last is not None:
            typer.echo(f"Keep elsewhere, for --fra: {verdict.last.nummer} {verdict.last.hash}")
    if verdict.faults:
        raise typer.Exit(1)


def forsegl() -> None:
    """Seal the rows that wait, at once. The service does so every minute."""
    from udb.cli.database import opened
    from udb.readlog.sealing import seal

    with opened() as engine:
        made = seal(engine)
    typer.echo(f"{made} new blocks.")


def opbevaring() -> None:
    """Remove the rows that are older than UDB_LAESELOG_AAR years, block by block; their hashes stay. Run it daily, as
    the role that owns the tables; udb opbevaring does it too.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.retention.deletion_log import DeletionLog
    from udb.retention.read_log import remove_old

    found = settings.load()
    with opened() as engine:
        blocks, rows = remove_old(engine, DeletionLog(found.sletteloggen), found.laeselog_aar)
    typer.echo(f"{rows} rows of {blocks} blocks were removed.")
