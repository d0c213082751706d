"""``udb log``: the read log: who received a youth's data, and whether the log is unchanged."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from udb.cli import groups, output, values

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from udb.readlog.verdict import Verdict


def register(app: typer.Typer) -> None:
    """Add the commands."""
    commands = groups.group(app, "log")
    for command in (youth, institution, verify, seal, retention):
        commands.command()(command)


def youth(cpr: values.Cpr, as_json: output.Json = False) -> None:
    """List who received a youth's data, when and why. The earliest comes first. Your look-up is logged too.

    Every number the youth has or had will do. The event numbers are the first and last of the whole answer, which may
    be other youths'.
    """
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
            rows = [one._asdict() for one in lookup.readings(connection, ids_of(connection, found.id))]
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
    "bruger": "user",
    "formaal": "purpose",
}


def institution(
    number: Annotated[
        str, typer.Argument(metavar="INSTITUTION", help="The number of the institution or kommune that looked.")
    ],
    first: Annotated[
        date, typer.Option("--from", parser=values.day, metavar="YYYY-MM-DD", help="The first day, by system time.")
    ],
    last: Annotated[date, typer.Option("--to", parser=values.day, metavar="YYYY-MM-DD", help="The last day.")],
    as_json: output.Json = False,
) -> None:
    """List who of an institution or kommune looked, when and why. The latest comes first. Your look is logged too.

    Youths are counted and not named: udb log youth shows who looked at one.
    """
    from udb.cli.database import opened
    from udb.domain.errors import UnknownName, WrongUse
    from udb.readlog import inspection, lookup
    from udb.store import responsible
    from udb.store.engine import reading, writing

    if last < first:
        raise WrongUse("--to is before --from.")
    with opened() as engine:
        with writing(engine) as connection:
            known = responsible.is_registered(connection, number)
            lookup.log_command(connection, "udb log institution", [], number if known else "")
        if not known:
            raise UnknownName(f"There is no institution {number} in the register.")
        with reading(engine) as connection:
            found = inspection.looks(connection, [number], inspection.Sought(fra=first, til=last))
    rows = [{name: getattr(one, name) for name in _OF_INSTITUTION} for one in found]
    output.rows(_OF_INSTITUTION, rows, as_json=as_json)


_OF_INSTITUTION = {
    "id": "row",
    "tid": "time",
    "operation": "operation",
    "system_id": "system",
    "bruger": "user",
    "formaal": "purpose",
    "klausul": "clause",
    "antal": "youths",
}


def verify(
    since: Annotated[
        tuple[int, str] | None,
        typer.Option("--from", metavar="BLOCK HASH", help="A block and its hash, as you kept them elsewhere."),
    ] = None,
    anchor: Annotated[
        bool, typer.Option("--anchor", help="Compare with what was anchored outside, too (UDB_LAESELOG_ANKER).")
    ] = False,
    as_json: output.Json = False,
) -> None:
    """Check every hash of the log. Exit code 1: something was changed or removed, or waits; the output says what.

    Keep the last line elsewhere.
    """
    from dataclasses import asdict

    from udb import settings
    from udb.cli.database import opened
    from udb.domain.errors import WrongUse
    from udb.readlog.anchor import place_of
    from udb.readlog.verdict import Seal, terms
    from udb.readlog.verify import verify as verified

    found = settings.load()
    place = place_of(found) if anchor else None
    if anchor and place is None:
        raise WrongUse("No anchor is configured: set UDB_LAESELOG_ANKER (docs/laeselog.md).")
    with opened() as engine:
        by = terms(found.laeselog_aar, found.laeselog_forsegling)
        verdict = verified(engine, by, Seal(*since) if since else None, place)
    if as_json:
        output.document(asdict(verdict))
    else:
        for line in (*verdict.faults, *verdict.notices):
            typer.echo(line, err=True)
        for line in _counted(verdict):
            typer.echo(line)
    if verdict.faults:
        raise typer.Exit(1)


def _counted(verdict: Verdict) -> Iterator[str]:
    blocks, rows = output.counted(verdict.blocks, "block"), output.counted(verdict.rows, "row")
    waiting = output.counted(verdict.waiting, "row waits", "rows wait")
    yield f"{blocks} with {rows}; {waiting} to be sealed."
    for years, count in sorted(verdict.removed.items()):
        yield f"The rows of {output.counted(count, 'block')} were removed after {output.counted(years, 'year')}."
    if verdict.anchored:
        yield f"{output.counted(verdict.anchored, 'anchor')} compared."
    if verdict.last is not None:
        yield f"Keep elsewhere, for --from: {verdict.last.nummer} {verdict.last.hash}"


def seal() -> None:
    """Seal what waits, and anchor it, at once. The service does so every minute."""
    from udb import settings
    from udb.cli.database import opened
    from udb.domain.clocks import SILENT_WHILE_SERVED
    from udb.domain.errors import AnchorUnavailable
    from udb.readlog.anchor import anchor, place_of
    from udb.readlog.sealing import seal as sealed
    from udb.readlog.sealing import waits_since
    from udb.readlog.verdict import waits

    found = settings.load()
    place = place_of(found)
    with opened(SILENT_WHILE_SERVED) as engine:
        typer.echo(f"{output.counted(sealed(engine), 'new block')}.")
        if since := waits_since(engine, waits(found.laeselog_forsegling)):
            typer.echo(f"Rows wait since {since.isoformat()}: another process keeps the lock of the sealing.", err=True)
        if place is None:
            return
        try:
            typer.echo(f"Anchored: {output.counted(anchor(engine, place), 'block')}.")
        except AnchorUnavailable as error:
            typer.echo(f"Not anchored: {error} The service tries again every minute.", err=True)


def retention() -> None:
    """Remove rows older than UDB_LAESELOG_AAR years.

    Whole blocks are removed; their hashes stay. Run it daily, as the role that owns the tables; udb retention does it
    too.
    """
    from udb import settings
    from udb.cli.database import opened
    from udb.domain.clocks import SILENT_WHILE_SERVED
    from udb.retention.deletion_log import DeletionLog
    from udb.retention.read_log import remove_old

    found = settings.load()
    with opened(SILENT_WHILE_SERVED) as engine:
        removed = remove_old(engine, DeletionLog(found.sletteloggen), found.laeselog_aar)
    typer.echo(f"Removed: {output.counted(removed.rows, 'row')} of {output.counted(removed.blocks, 'block')}.")
    name_kept(removed.kept)


def name_kept(kept: Sequence[int]) -> None:
    """Name the blocks that retention did not touch. Raises Exit with code 1 when there are any."""
    if kept:
        numbers = ", ".join(map(str, kept))
        typer.echo(f"Kept, since they are not what was sealed (udb log verify): block {numbers}.", err=True)
        raise typer.Exit(1)
