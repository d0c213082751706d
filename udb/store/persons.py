"""Find and lock persons and institutions."""

from collections.abc import Callable, Collection
from dataclasses import fields
from typing import Any, Final, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, select

from udb.domain.persons import Institution, Person
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import cprnummer, haendelse, institution, person, person_merged

Read = TypeVar("Read")

_PERSON = (
    person.c.id,
    person.c.cprnr,
    person.c.status,
    person.c.kommunekode,
    person.c.turns_15,
    person.c.turns_18,
    person.c.turns_25,
    person.c.turns_30,
)


def institution_columns(of: FromClause) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of an Institution, in the order of its fields; ``of``: the table, or an alias of it."""
    return tuple(of.c[field.name] for field in fields(Institution))


INSTITUTION_COLUMNS: Final = institution_columns(institution)


def find_person(connection: Connection, cprnr: str) -> Person | None:
    """Return the person who has or had a CPR number, without a lock; None when the number is unknown."""
    row = connection.execute(select(*_PERSON).join(cprnummer).where(cprnummer.c.cprnr == cprnr)).one_or_none()
    return Person(*row) if row else None


def lock_person(connection: Connection, cprnr: str) -> Person | None:
    """Return the person who has or had a CPR number, locked until the transaction ends; None when it is unknown.

    This is the first lock of every report and change.
    """
    return retry_until_same_person(connection, cprnr, lambda _: (_holder(connection, cprnr), None))[0]


def retry_until_same_person(
    connection: Connection, cprnr: str, read: Callable[[int | None], tuple[int | None, Read]]
) -> tuple[Person | None, Read]:
    """Lock as ``lock_person`` does, and read with the lock held; retry if the CPR number's person changed between lock
    and read.

    ``read`` takes the locked person's id (None: the number is unknown) and returns the id of the person who has the
    number now (``HOLDER``), with what it read.
    """
    while True:
        # While this waits for a lock, a change of number may move the number to another person.
        rows = _LOCK.rows(connection, cprnr=cprnr)
        person = Person(*rows[0]) if rows else None
        holder, found = read(person.id if person else None)
        if holder == (person.id if person else None):
            return person, found
        # Lock the other person too; the first stays locked until the transaction ends.


def _holder(connection: Connection, cprnr: str) -> int | None:
    rows = _HOLDER.rows(connection, cprnr=cprnr)
    return rows[0][0] if rows else None


HOLDER: Final = select(cprnummer.c.person_id).where(cprnummer.c.cprnr == parameter("cprnr"))
"""The id of the person who has or had the number ``cprnr``."""
_HOLDER: Final = Prepared(lambda _: HOLDER)
# With key_share: an import writes access changes while it holds the counter, also for youths that it has not locked.
# Its foreign key check must not wait for a report that waits for the counter.
_LOCK: Final = Prepared(
    lambda _: (
        select(*_PERSON)
        .join(cprnummer, cprnummer.c.person_id == person.c.id)
        .where(cprnummer.c.cprnr == parameter("cprnr"))
        .with_for_update(of=person, key_share=True)
    )
)


def ids_of(connection: Connection, person_id: int) -> list[int]:
    """Return every id of a person, ascending: its own, and those of persons merged with it."""
    merged = connection.execute(select(person_merged.c.id).where(person_merged.c.person_id == person_id))
    return sorted({person_id, *merged.scalars()})


def institutions(connection: Connection) -> dict[str, Institution]:
    """Return every institution by number, also those that have left the register."""
    return {row.nummer: Institution(*row) for row in connection.execute(select(*INSTITUTION_COLUMNS))}


def persons_with_events(connection: Connection, *, after: int, limit: int) -> list[Person]:
    """Return the next persons who have events, in ascending id."""
    has_events = select(haendelse.c.nummer).where(haendelse.c.person_id == person.c.id).exists()
    query = select(*_PERSON).where(person.c.id > after, has_events).order_by(person.c.id).limit(limit)
    return [Person(*row) for row in connection.execute(query)]


def persons_of(connection: Connection, ids: Collection[int]) -> list[Person]:
    """Return the persons of some ids, in ascending id."""
    query = select(*_PERSON).where(person.c.id.in_(ids)).order_by(person.c.id)
    return [Person(*row) for row in connection.execute(query)]
