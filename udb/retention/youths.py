"""Deletion of a youth's events, contacts, wishes and income, some years after the 30th birthday or the death.

The person stays: number and name come from the CPR register, whose importer would add them again, and the read log must
still be found by number.
"""

from collections.abc import Collection, Sequence
from datetime import date
from itertools import islice
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, Table, and_, delete, exists, or_, select, update

from udb.domain.clock import add_years
from udb.retention.deletion_log import DeletionLog
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import cprnummer, haendelse, hentet, metadata, modtagelse, person, person_merged
from udb.store.tables.indkomst import indkomst
from udb.store.tables.log import read_log_person

UNGE: Final = "unge"
KEPT: Final = (cprnummer, person_merged, read_log_person)
"""Tables with a ``person_id`` whose rows stay: the person's identity, and the read log's index of persons."""
EMPTIED: Final = (modtagelse,)
"""Tables whose rows stay and lose the person: they count what was reported in a year."""
OF_A_PERSON: Final = tuple(
    table for table in metadata.sorted_tables if "person_id" in table.c and table not in (*KEPT, *EMPTIED)
)
OF_AN_EVENT: Final = (
    # Without a foreign key. No fetch adds a row meanwhile: what is due is of nobody whose events are shown (A3).
    hentet,
    *(
        table
        for table in metadata.sorted_tables
        if any(key.column.table is haendelse for key in table.foreign_keys) and table is not haendelse
    ),
)
"""Tables whose rows name an event by its number, and go with it."""
OWN: Final = ("mail", "telefon", "kontakt_registreret")
"""The contact data that a youth has registered."""
_AT_ONCE: Final = 100


def remove_old(engine: Engine, log: DeletionLog, years: int) -> int:
    """Delete what is due by the domain's clock, a hundred youths per transaction; return how many youths had data.

    Raises UdbRefused when the deletion log cannot be written, DatabaseUnavailable.
    """
    with reading(engine) as connection:
        today = state.now(connection).date()
        due = _due(connection, today, years)
    deleted = 0
    for first in range(0, len(due), _AT_ONCE):
        with writing(engine) as connection:
            ids = _lock(connection, due[first : first + _AT_ONCE], today, years)
            if not ids:
                continue
            merged = select(person_merged.c.id).where(person_merged.c.person_id.in_(ids))
            # An earlier backup has persons that were merged with a youth since as persons of their own.
            named = sorted({*ids, *connection.execute(merged).scalars()})
            log.note(connection, UNGE, personer=named, dag=today.isoformat())
            remove(connection, ids)
            deleted += len(ids)
    return deleted


def _lock(connection: Connection, ids: Collection[int], today: date, years: int) -> list[int]:
    """Lock some persons; return those still due, since a register may have withdrawn a death meanwhile."""
    query = select(person.c.id, person.c.turns_30, person.c.doed_siden).where(person.c.id.in_(ids))
    rows = connection.execute(query.order_by(person.c.id).with_for_update()).all()
    return [row.id for row in rows if _is_due(today, years, row.turns_30, row.doed_siden)]


def not_due(connection: Connection, ids: Collection[int], today: date, years: int) -> list[int]:
    """Return those of the persons, as far as there are such persons, who are not due for deletion on a day."""
    found: list[int] = []
    asked = iter(sorted(set(ids)))
    while some := list(islice(asked, _AT_ONCE)):
        query = select(person.c.id, person.c.turns_30, person.c.doed_siden).where(person.c.id.in_(some))
        rows = connection.execute(query.order_by(person.c.id)).all()
        found += [row.id for row in rows if not _is_due(today, years, row.turns_30, row.doed_siden)]
    return found


def remove(connection: Connection, ids: Collection[int]) -> None:
    """Delete everything about these persons but their identity; what counts their reports no longer names them."""
    events = select(haendelse.c.nummer).where(haendelse.c.person_id.in_(ids))
    for table in OF_AN_EVENT:
        connection.execute(delete(table).where(table.c.nummer.in_(events)))
    for table in OF_A_PERSON:
        connection.execute(delete(table).where(table.c.person_id.in_(ids)))
    for table in EMPTIED:
        connection.execute(update(table).where(table.c.person_id.in_(ids)).values(person_id=None))
    theirs = select(cprnummer.c.cprnr).where(cprnummer.c.person_id.in_(ids))
    connection.execute(delete(indkomst).where(indkomst.c.cprnr.in_(theirs)))
    connection.execute(update(person).where(person.c.id.in_(ids)).values(dict.fromkeys(OWN)))


def _due(connection: Connection, today: date, years: int) -> Sequence[int]:
    # A day too many, since 29 February becomes 1 March in a year without one; each person is then checked.
    about = add_years(today, -years)
    has_anything = or_(
        *(exists().where(_of(table)) for table in (*OF_A_PERSON, *EMPTIED)),
        *(person.c[name].is_not(None) for name in OWN),
    )
    old = or_(person.c.turns_30 <= about, person.c.doed_siden <= about)
    # The lines have no index by youth: all are read, once.
    with_lines = select(cprnummer.c.person_id).join(indkomst, indkomst.c.cprnr == cprnummer.c.cprnr)
    rows = {
        row.id: row
        for has in (has_anything, person.c.id.in_(with_lines))
        for row in connection.execute(select(person).where(and_(old, has)))
    }
    return sorted(row.id for row in rows.values() if _is_due(today, years, row.turns_30, row.doed_siden))


def _of(table: Table) -> ColumnElement[bool]:
    return table.c.person_id == person.c.id


def _is_due(today: date, years: int, *since: date | None) -> bool:
    return any(day is not None and add_years(day, years) <= today for day in since)
