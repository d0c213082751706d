"""A14: a youth who has logged in is the person of the CPR number that the log-in proved."""

from sqlalchemy import Connection

from udb.store.persons import find_person


def own_person(connection: Connection, cprnr: str) -> int | None:
    """Return the id of the person who has or had a proven CPR number; None when UDB does not know the number.

    Whoever has a number was given it, or the one that replaced it: both are the same person's own.
    """
    person = find_person(connection, cprnr)
    return person.id if person is not None else None
