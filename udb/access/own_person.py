"""A14: a youth who has logged in sees all that is stored about the person of the CPR number that the log-in proved.

No other clause binds it: neither age nor completion nor cancellation withholds anything from the person it is about.
Each condition names one person, and that person is never chosen by a request.
"""

from typing import Final

from sqlalchemy import ColumnElement, Connection, Table, select

from udb.store.persons import find_person
from udb.store.tables import haendelse, person, person_merged

CLAUSE: Final = "A14"


def own_person(connection: Connection, cprnr: str) -> int | None:
    """Return the id of the person who has or had a proven CPR number; None when UDB does not know the number.

    Whoever has a number was given it, or the one that replaced it: both are the same person's own.
    """
    found = find_person(connection, cprnr)
    return found.id if found is not None else None


def kept_whole(connection: Connection, person_id: int) -> int | None:
    """Return the id under which a person's data is now, and let no merger end before this transaction does.

    A session may name a person who was merged with another since. None: there is no such person.
    """
    while True:
        # A merger deletes the row that goes, which waits for this lock: all that is read is of before it, or after it.
        there = select(person.c.id).where(person.c.id == person_id).with_for_update(read=True, key_share=True)
        if connection.execute(there).first() is not None:
            return person_id
        into = select(person_merged.c.person_id).where(person_merged.c.id == person_id)
        followed = connection.execute(into).scalar()
        if followed is None:
            return None
        person_id = followed


def a14_own(table: Table, person_id: int) -> ColumnElement[bool]:
    """A14: the row is about the person; for a table with a ``person_id``."""
    return table.c.person_id == person_id


def a14_of_own_event(table: Table, person_id: int) -> ColumnElement[bool]:
    """A14: the row belongs to an event of the person; for a table with the event's ``nummer``."""
    return table.c.nummer.in_(select(haendelse.c.nummer).where(a14_own(haendelse, person_id)))
