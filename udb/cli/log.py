"""``udb log``: the read log: who received a youth's data, and whether the log is unchanged."""

from __future__ import annotations

from typing import Annotated

import typer

from udb.cli import groups, output, values


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "log")
    for command in (youth, verify, seal, retention):
        commands.command()(command)


def youth(cpr: values.Cpr, as_json: output.Json = False) -> None:
    """List who received a youth's data, when and why. The earliest comes first. Your look-up is logged too.

    Every number the youth has or had will do. The event numbers are the first and last of the whole answer, which may
    be other youths'.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.domain.errors import UnknownName
    from udb.readlog import lookup
    from udb.store.engine import reading, writing
    from udb.store.persons import find_person, ids_of

    number = values.cpr_number(cpr)
    with opened() as engine:
        with writing(engine) as connection:
            found = find_person(connection, number)
            lookup.log_command(connection, "udb log youth", [] if found is None else [found.id])
        if found is None:
            raise UnknownName("No person in the register has or had this CPR number.")
        with reading(engine) as connection:
            rows = [asdict(one) for one in lookup.readings(connection, ids_of(connection, found.id))]
    output.rows(_COLUMNS, rows, as_json=as_json)


_COLUMNS = {
    "id": "row",
    "tid": "time",
    "operation": "operation",
    "institution_nummer": "institution",
    "system_id": "system",
    "fra_nummer": "first event",
    "til_nummer": "last event",
    "klausul": "clause",
    "correlation_id": "correlation id",
    "certifikat": "certificate",
}


def verify(
    since: Annotated[
        tuple[int, str] | None,
        typer.Option("--from", metavar="BLOCK HASH", help="A block and its hash, as you kept them elsewhere."),
    ] = None,
    as_json: output.Json = False,
) -> None:
    """Check every hash of the log. Exit code 1: something was changed or removed; the output says what.

    Keep the last line elsewhere.
    """
    from dataclasses import asdict

    from udb.cli.database import opened
    from udb.readlog import verify as log

    with opened() as engine:
        verdict = log.verify(engine, log.Seal(*since) if since else None)
    if as_json:
        output.document(asdict(verdict))
    else:
        for fault in verdict.faults:
            typer.echo(fault, err=True)
        blocks, rows = output.counted(verdict.blocks, "block"), output.counted(verdict.rows, "row")
        waiting = output.counted(verdict.waiting, "row waits", "rows wait")
        typer.echo(f"{blocks} with {rows}; {waiting} to be sealed.")
        for years, count in sorted(verdict.removed.items()):
            kept = output.counted(years, "year")
            typer.echo(f"The rows of {output.counted(count, 'block')} were removed after {kept}.")
        if verdict.last is not None:
            typer.echo(f"Keep elsewhere, for --from: {verdict.last.nummer} {verdict.last.hash}")
    if verdict.faults:
        raise typer.Exit(1)


def seal() -> None:
    """Seal the rows that wait, at once. The service does so every minute."""
    from udb.cli.database import opened
    from udb.readlog import sealing

    with opened() as engine:
        made = sealing.seal(engine)
    typer.echo(f"{output.counted(made, 'new block')}.")


def retention() -> None:
    """Remove rows older than UDB_LAESELOG_AAR years.

    Whole blocks are removed; their hashes stay. Run it daily, as the role that owns the tables; udb retention does it
    too.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.retention.deletion_log import DeletionLog
    from udb.retention.read_log import remove_old

    found = settings.load()
    with opened() as engine:
        blocks, rows = remove_old(engine, DeletionLog(found.sletteloggen), found.laeselog_aar)
    removed = output.counted(rows, "row"), output.counted(blocks, "block")
    typer.echo(f"Removed: {removed[0]} of {removed[1]}.")
