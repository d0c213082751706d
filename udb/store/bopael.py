"""Where each person lived on each day (docs/spec/ground.md)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, bindparam, insert, select, update

from udb.domain.bopael import Address, Change, Period, merged, moved
from udb.store.tables import bopael


@dataclass(frozen=True, slots=True)
class Statement:
    """An address of a person, as an import states it.

    ``fra``: its first day, None when the file has none. ``before``: the person's address until then; it is stored
    first, if none is.
    """

    person_id: int
    address: Address
    fra: date | None = None
    before: Address | None = None


def record(connection: Connection, statements: Sequence[Statement], now: datetime) -> set[int]:
    """Store what these statements change, at most one for each person; return the persons whose history changed.

    ``now``: the domain's.
    """
    known = _known(connection, [one.person_id for one in statements])
    changes: dict[int, Change] = {}
    for one in statements:
        periods = known.get(one.person_id, [])
        if not periods and one.before is not None:
            first = moved((), one.before, None, now).added
            change = moved(first, one.address, one.fra, now)
            ended = [_until(period, day) for period, day in change.ended]
            kept = [period for period in first if period not in change.corrected and not ended]
            changes[one.person_id] = Change(added=[*kept, *ended, *change.added])
        else:
            changes[one.person_id] = moved(periods, one.address, one.fra, now)
    _store(connection, changes, now)
    return {person_id for person_id, change in changes.items() if change != Change()}


def merge(connection: Connection, goes: int, stays: int, now: datetime) -> None:
    """Make one history of two persons' for the one who stays; ``now``: the domain's."""
    known = _known(connection, (goes, stays))
    connection.execute(update(bopael).where(bopael.c.person_id == goes).values(person_id=stays))
    if len(known) == _BOTH:
        both = [period for periods in known.values() for period in periods]
        _store(connection, {stays: Change(corrected=both, added=merged(both))}, now)


_BOTH: Final = 2


def on(day: date | ColumnElement[date]) -> ColumnElement[bool]:
    """Return the condition for the rows of ``bopael`` that hold on a day."""
    return (bopael.c.rettet.is_(None)) & (bopael.c.fra <= day) & (bopael.c.til >= day)


def address_on(connection: Connection, person_id: int, day: date) -> Address | None:
    """Return a person's address on a day; None when it is not known."""
    query = select(bopael.c.status, bopael.c.kommunekode).where(bopael.c.person_id == person_id, on(day))
    row = connection.execute(query).one_or_none()
    return Address(*row) if row else None


def _until(period: Period, day: date) -> Period:
    return Period(period.address, period.fra, day, period.registreret)


def _known(connection: Connection, persons: Collection[int]) -> dict[int, list[Period]]:
    query = select(bopael).where(bopael.c.person_id.in_(persons), bopael.c.rettet.is_(None)).order_by(bopael.c.fra)
    found: dict[int, list[Period]] = {}
    for row in connection.execute(query):
        address = Address(row.status, row.kommunekode)
        found.setdefault(row.person_id, []).append(Period(address, row.fra, row.til, row.registreret, row.id))
    return found


def _store(connection: Connection, changes: dict[int, Change], now: datetime) -> None:
    ended = [{"id_": period.id, "til_": day} for change in changes.values() for period, day in change.ended]
    corrected = [period.id for change in changes.values() for period in change.corrected]
    added = [row(person_id, period) for person_id, change in changes.items() for period in change.added]
    if ended:
        statement = update(bopael).where(bopael.c.id == bindparam("id_")).values(til=bindparam("til_"))
        connection.execute(statement, ended)
    if corrected:
        connection.execute(update(bopael).where(bopael.c.id.in_(corrected)).values(rettet=now))
    add(connection, added)


def row(person_id: int, period: Period) -> dict[str, Any]:
    """Return a period as a row."""
    return {
        "person_id": person_id,
        "status": period.address.status,
        "kommunekode": period.address.kommunekode,
        "fra": period.fra,
        "til": period.til,
        "registreret": period.registreret,
    }


def add(connection: Connection, rows: Iterable[dict[str, Any]]) -> None:
    """Add rows of persons who have none."""
    if found := list(rows):
        connection.execute(insert(bopael), found)
