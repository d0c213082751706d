"""Store the lines of an eIndkomst file.

A month's lines go directly into their table. Corrections go into a temporary table, and replace their youths' lines
from there.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Date,
    FromClause,
    String,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from udb.beskaeftigelse.temp_tables import own, renew
from udb.domain.clock import month_end
from udb.store.engine import analyze
from udb.store.tables import cprnummer, person
from udb.store.tables.indkomst import indkomst, indkomst_venter, indkomstmaaned

NUMBER: Final = "cprnr"
MONTH: Final = "maaned"
EMPLOYER: Final = "indberetter"
KIND: Final = "indtaegtsart"
AMOUNT: Final = "beloeb"
KEY: Final = (NUMBER, MONTH, EMPLOYER, KIND)
"""The columns whose values may occur together only once in a file."""

CORRECTIONS: Final = own(
    "indkomst_rettelser",
    Column("maaned", Date),
    *(Column(name, String) for name in (NUMBER, EMPLOYER, KIND)),
    Column("oere", BigInteger),
)
"""The lines of a file of corrections."""
FORMER: Final = own("indkomst_tidligere", *(Column(column.name, column.type) for column in CORRECTIONS.columns))
"""The stored lines of a month that is delivered again."""


@lru_cache
def last_day(month: str) -> date:
    """Return the last day of a month that is written as in a file, ``2026-07``."""
    return month_end(date.fromisoformat(f"{month}-01"))


def month_name(day: date) -> str:
    """Return the month of a day as a file writes it, ``2026-07``."""
    return f"{day:%Y-%m}"


def stage(connection: Connection, table: Table, rows: Sequence[Mapping[str, str]]) -> None:
    """Store lines whose fields are valid."""
    if rows:
        connection.execute(insert(table), [_stored(row) for row in rows])


def _stored(row: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: row[name] for name in (NUMBER, EMPLOYER, KIND)}
    # Two decimals, so the amount without its point is in øre.
    return {**kept, "maaned": last_day(row[MONTH]), "oere": int(row[AMOUNT].replace(".", ""))}


def stage_pieces(
    connection: Connection, table: Table, pieces: Iterable[bytes], columns: Sequence[str], delimiter: str, day: date
) -> None:
    """Store pieces of a file: whole lines of one month, with valid fields, without quotes and blanks."""
    if connection.dialect.name == "postgresql":
        names = ", ".join("oere" if name == AMOUNT else name for name in columns)
        command = f"COPY {table.name} ({names}) FROM STDIN (DELIMITER '{delimiter}')"
        month = month_name(day).encode()
        cursor: Any = connection.connection.cursor()
        with cursor.copy(command) as copy:
            for piece in pieces:
                # When the fields are valid, no other column has a point or such a month.
                copy.write(piece.replace(month, str(day).encode()).replace(b".", b""))
        return
    for piece in pieces:
        lines = (line.split(delimiter) for line in piece.decode("ascii").splitlines())
        stage(connection, table, [dict(zip(columns, line, strict=True)) for line in lines])


def repeated(connection: Connection, table: Table, most: int, who: ColumnElement[bool]) -> set[tuple[str, ...]]:
    """Return at most ``most`` keys that occur on more than one of the lines that meet ``who``."""
    key = [table.c[name] for name in (NUMBER, MONTH, EMPLOYER, KIND)]
    rows = connection.execute(select(*key).where(who).group_by(*key).having(func.count() > 1).limit(most))
    return {(number, month_name(day), *rest) for number, day, *rest in rows}


def set_aside(connection: Connection, day: date) -> None:
    """Move the stored lines of a month to ``FORMER``."""
    renew(connection, FORMER)
    names = [column.name for column in FORMER.columns]
    query = select(*(indkomst.c[name] for name in names)).where(indkomst.c.maaned == day)
    connection.execute(insert(FORMER).from_select(names, query))
    connection.execute(delete(indkomst).where(indkomst.c.maaned == day))
    analyze(connection, FORMER)


def compare(connection: Connection, new: Table, old: Table, day: date) -> tuple[int, int]:
    """Return how many of a month's new lines existed already: with another amount, and with the same."""
    numbers, others = cprnummer.alias("numbers"), cprnummer.alias("others")
    # By person: a line under a replaced number is corrected by one under the current number.
    pairs = (
        select(
            new.c.cprnr,
            new.c.indberetter,
            new.c.indtaegtsart,
            func.max(case((old.c.oere == new.c.oere, 1), else_=0)).label("same"),
        )
        .select_from(new)
        .join(numbers, numbers.c.cprnr == new.c.cprnr)
        .join(others, others.c.person_id == numbers.c.person_id)
        .join(old, _same_key(old, new, others))
        .where(new.c.maaned == day, old.c.maaned == day)
        .group_by(new.c.cprnr, new.c.indberetter, new.c.indtaegtsart)
        .subquery("pairs")
    )
    query = select(func.count(), func.coalesce(func.sum(pairs.c.same), 0))
    found, same = connection.execute(query).one()
    return found - same, same


def _same_key(old: Table, new: Table, numbers: FromClause) -> ColumnElement[bool]:
    return and_(
        old.c.cprnr == numbers.c.cprnr,
        old.c.indberetter == new.c.indberetter,
        old.c.indtaegtsart == new.c.indtaegtsart,
    )


def correct(connection: Connection, day: date) -> int:
    """Replace a month's lines by the corrections and add the others, for registered youths aged 15-24 on its last day.

    Returns how many lines are stored.
    """
    numbers, others = cprnummer.alias("numbers"), cprnummer.alias("others")
    by = (
        select(literal(1))
        .select_from(CORRECTIONS)
        .join(numbers, numbers.c.cprnr == CORRECTIONS.c.cprnr)
        .join(others, others.c.person_id == numbers.c.person_id)
        .where(CORRECTIONS.c.maaned == day, _same_key(indkomst, CORRECTIONS, others))
    )
    connection.execute(delete(indkomst).where(indkomst.c.maaned == day, exists(by.correlate(indkomst))))
    columns = [column.name for column in indkomst.columns]
    query = select(*(CORRECTIONS.c[name] for name in columns)).select_from(_youths(day))
    statement = insert(indkomst).from_select(columns, query.where(CORRECTIONS.c.maaned == day))
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def let_wait(connection: Connection, day: date) -> None:
    """Queue the youths of a month's corrections from that month on, unless they wait from an earlier one."""
    theirs = select(cprnummer.c.person_id).distinct().select_from(_youths(day)).where(CORRECTIONS.c.maaned == day)
    let_wait_from(connection, day, theirs)


def let_wait_from(connection: Connection, day: date, theirs: Any) -> None:
    """Queue the youths whose ids ``theirs`` selects from a month on, unless they wait from an earlier one."""
    youths = theirs.subquery("youths")
    waits = exists().where(indkomst_venter.c.person_id == youths.c.person_id)
    later = and_(indkomst_venter.c.fra > day, indkomst_venter.c.person_id.in_(select(youths.c.person_id)))
    connection.execute(update(indkomst_venter).where(later).values(fra=day))
    query = select(literal(day, Date), youths.c.person_id).where(~waits)
    connection.execute(insert(indkomst_venter).from_select(["fra", "person_id"], query))


def months(connection: Connection) -> list[date]:
    """Return the months that have corrections, in ascending order."""
    return sorted(connection.execute(select(CORRECTIONS.c.maaned).distinct()).scalars())


def delivered(connection: Connection) -> set[date]:
    """Return the months that were delivered whole."""
    return set(connection.execute(select(indkomstmaaned.c.maaned)).scalars())


def youths(connection: Connection, day: date) -> int:
    """Return how many youths have a stored line in a month, each of a youth's numbers counted for itself."""
    return connection.execute(
        select(func.count(indkomst.c.cprnr.distinct())).where(indkomst.c.maaned == day)
    ).scalar_one()


def note_delivered(connection: Connection, day: date) -> None:
    """Note a month's first delivery; it counts once every youth is calculated."""
    if day not in delivered(connection):
        connection.execute(insert(indkomstmaaned).values(maaned=day))


def _youths(day: date) -> FromClause:
    of_age = and_(person.c.id == cprnummer.c.person_id, person.c.turns_15 <= day, person.c.turns_25 > day)
    return CORRECTIONS.join(cprnummer, cprnummer.c.cprnr == CORRECTIONS.c.cprnr).join(person, of_age)
