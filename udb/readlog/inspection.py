"""Who of an institution or kommune looked: its own rows of the read log, for its manager and for the operator (A16)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, func, or_, select

from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.persons import RESIDENT
from udb.readlog.entries import NO_PERSON, log_read
from udb.readlog.lookup import EVERYBODY
from udb.store.engine import writing
from udb.store.tables import person, person_merged
from udb.store.tables.log import read_log, read_log_person

CLAUSE: Final = "A16"
PAGE: Final = 50
MOST: Final = 5000
"""Rows of a file."""
NAMED: Final = 10
"""How many youths of a row are named; a fetch names many."""
_SLACK: Final = timedelta(minutes=10)
"""Rows of calls at once may have ids and times in different orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What to look for; None: no matter. ``fra``, ``til``: days, both included. ``bruger``: as the log has it.

    ``person_id``: rows that name a youth and granted access. ``foer``: only lower ids.
    """

    fra: date
    til: date
    bruger: str | None = None
    formaal: str | None = None
    person_id: int | None = None
    foer: int | None = None


@dataclass(frozen=True, slots=True)
class Look:
    """A row. ``unge``: ids of some youths of the answer; empty for a refusal, since they would say who exists.

    ``antal``: how many youths the answer had; None: all youths of the register.
    """

    id: int
    tid: datetime
    institution_nummer: str
    system_id: str
    operation: str
    bruger: str | None
    formaal: str | None
    klausul: str | None
    unge: Sequence[int]
    antal: int | None


def inspect(
    engine: Engine, call: Call, numbers: Collection[str], kommunekode: str, sought: Sought, *, most: int = PAGE
) -> tuple[list[Look], Mapping[int, str], bool]:
    """Return the newest rows that fit, the masked CPR numbers of the residents among their youths, and whether there
    are more than ``most``.

    ``numbers``: the own institutions; ``kommunekode``: whose residents are named. The inspection is a row itself,
    committed before this returns. Raises DatabaseUnavailable.
    """
    with writing(engine) as connection:
        found = looks(connection, numbers, sought, most + 1)
        shown = found[:most]
        named = _residents(connection, {number for one in shown for number in one.unge}, kommunekode)
        log_read(connection, call, named, clause=CLAUSE)
        return shown, named, len(found) > most


def looks(connection: Connection, numbers: Collection[str], sought: Sought, most: int | None = None) -> list[Look]:
    """Return the rows of some institutions that fit, the newest first; ``most``: so many, None: all."""
    row = read_log.c
    columns = (
        *(row.id, row.tid, row.institution_nummer, row.system_id),
        *(row.operation, row.bruger, row.formaal, row.klausul, row.personer),
    )
    query = select(*columns).where(row.institution_nummer.in_(numbers), *_conditions(connection, sought))
    rows = connection.execute(query.order_by(row.id.desc()).limit(most)).all()
    named = [_named(one.klausul, one.personer) for one in rows]
    now = _ids_now(connection, {number for some in named for number in some})
    found = []
    for one, some in zip(rows, named, strict=True):
        unge, antal = tuple(dict.fromkeys(now.get(number, number) for number in some)), _count(one.personer)
        found.append(Look(*one[:-1], unge, None if antal is None else antal - len(some) + len(unge)))
    return found


def _ids_now(connection: Connection, persons: Collection[int]) -> dict[int, int]:
    """Return the ids of those of the persons who are one with another since, by the ids that they had."""
    merged = select(person_merged.c.id, person_merged.c.person_id).where(person_merged.c.id.in_(persons))
    return dict(connection.execute(merged).all())


def _conditions(connection: Connection, sought: Sought) -> list[ColumnElement[bool]]:
    row = read_log.c
    first, last = midnight(sought.fra), midnight(sought.til + timedelta(days=1))
    found = [
        row.tid >= first,
        row.tid < last,
        # The log has no index by time: its ids follow it closely.
        row.id >= _first_id_at(connection, first - _SLACK),
        row.id < _first_id_at(connection, last + _SLACK),
    ]
    for column, value in ((row.bruger, sought.bruger), (row.formaal, sought.formaal)):
        if value is not None:
            found.append(column == value)
    if sought.person_id is not None:
        had = select(person_merged.c.id).where(person_merged.c.person_id == sought.person_id)
        of_youth = select(read_log_person.c.row_id).where(
            or_(read_log_person.c.person_id == sought.person_id, read_log_person.c.person_id.in_(had))
        )
        found += [row.id.in_(of_youth), row.klausul.is_not(None)]
    if sought.foer is not None:
        found.append(row.id < sought.foer)
    return found


def _first_id_at(connection: Connection, instant: datetime) -> int:
    """Return the id from which on rows are of an instant or later, by halving."""
    low, high = 1, (connection.execute(select(func.max(read_log.c.id))).scalar() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        query = select(read_log.c.id, read_log.c.tid).where(read_log.c.id >= middle).order_by(read_log.c.id).limit(1)
        found = connection.execute(query).one_or_none()
        if found is None or found.tid >= instant:
            high = middle
        else:
            low = found.id + 1
    return low


def _named(clause: str | None, persons: Sequence[int]) -> Sequence[int]:
    if clause is None:
        return ()
    return tuple(number for number in persons[:NAMED] if number not in {NO_PERSON, EVERYBODY})


def _count(persons: Sequence[int]) -> int | None:
    if EVERYBODY in persons:
        return None
    return sum(number != NO_PERSON for number in persons)


def _residents(connection: Connection, persons: Collection[int], kommunekode: str) -> dict[int, str]:
    query = select(person.c.id, person.c.cprnr).where(
        person.c.id.in_(persons), person.c.kommunekode == kommunekode, person.c.status.in_(sorted(RESIDENT))
    )
    return {row[0]: f"{row[1][:4]}xx-xxxx" for row in connection.execute(query)}
