"""Finding and locking persons and institutions."""

from typing import Final

from sqlalchemy import Connection, select

from udb.rules.facts import Institution, Person
from udb.store.prepared import Prepared, parameter
from udb.store.tables import cprnummer, haendelse, institution, person, person_merged

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
INSTITUTION_COLUMNS = (
    institution.c.nummer,
    institution.c.hovedinstitution,
    institution.c.type3,
    institution.c.beliggenhedskommune,
    institution.c.administrerende_kommune,
    institution.c.lukket,
    institution.c.in_register,
)


def find_person(connection: Connection, cprnr: str) -> Person | None:
    """The person who has or had a number, without a lock."""
    row = connection.execute(select(*_PERSON).join(cprnummer).where(cprnummer.c.cprnr == cprnr)).one_or_none()
    return Person(*row) if row else None


def lock_person(connection: Connection, cprnr: str) -> Person | None:
    """The person who has or had a number, locked until the transaction ends: the first lock of every report and
    change.
    """
    while holder := _HOLDER.rows(connection, cprnr=cprnr):
        rows = _LOCK.rows(connection, person_id=holder[0][0])
        # While this waited for the lock a number change may have moved the number to another person.
        if rows and _HOLDER.rows(connection, cprnr=cprnr) == holder:
            return Person(*rows[0])
    return None


_HOLDER: Final = Prepared(lambda _: select(cprnummer.c.person_id).where(cprnummer.c.cprnr == parameter("cprnr")))
_LOCK: Final = Prepared(lambda _: select(*_PERSON).where(person.c.id == parameter("person_id")).with_for_update())


def ids_of(connection: Connection, person_id: int) -> list[int]:
    """Every id a person has had: its own, and those of persons that became one with it."""
    merged = connection.execute(select(person_merged.c.id).where(person_merged.c.person_id == person_id))
    return sorted({person_id, *merged.scalars()})


def find_institution(connection: Connection, nummer: str) -> Institution | None:
    """An institution, also one that has left the register."""
    rows = _INSTITUTION.rows(connection, nummer=nummer)
    return Institution(*rows[0]) if rows else None


_INSTITUTION: Final = Prepared(
    lambda _: select(*INSTITUTION_COLUMNS).where(institution.c.nummer == parameter("nummer"))
)


def institutions(connection: Connection) -> dict[str, Institution]:
    """Every institution by number, also those that have left the register."""
    return {row.nummer: Institution(*row) for row in connection.execute(select(*INSTITUTION_COLUMNS))}


def persons_with_events(connection: Connection, *, after: int, limit: int) -> list[Person]:
    """The next persons who have events, in ascending id."""
    has_events = select(haendelse.c.nummer).where(haendelse.c.person_id == person.c.id).exists()
    query = select(*_PERSON).where(person.c.id > after, has_events).order_by(person.c.id).limit(limit)
    return [Person(*row) for row in connection.execute(query)]
