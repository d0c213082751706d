"""Whose figures are one's own: the institutions of a kommune, and those under a main institution."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, or_, select

from udb.domain.persons import KOMMUNE_TYPE
from udb.store.tables import institution


@dataclass(frozen=True, slots=True)
class Kommune:
    """A kommune: its code, and its institution's number and name."""

    kode: str
    nummer: str
    navn: str


def belongs_to() -> ColumnElement[str]:
    """Return the kommune of an institution: that which administers it, else the one in which it lies."""
    return func.coalesce(institution.c.administrerende_kommune, institution.c.beliggenhedskommune)


def kommuner(connection: Connection) -> list[Kommune]:
    """Return the kommuner of today's register, by code."""
    query = select(institution.c.administrerende_kommune, institution.c.nummer, institution.c.navn).where(
        institution.c.type3 == KOMMUNE_TYPE,
        institution.c.in_register,
        institution.c.administrerende_kommune.is_not(None),
    )
    rows = connection.execute(query.order_by(institution.c.administrerende_kommune, institution.c.nummer.desc()))
    return list({row[0]: Kommune(*row) for row in rows}.values())


def of_kommune(connection: Connection, kode: str) -> dict[str, str]:
    """Return the names of a kommune's institutions by number, its own among them."""
    return _names(connection, belongs_to() == kode)


def of_institution(connection: Connection, nummer: str) -> dict[str, str]:
    """Return the names of the institutions under the main institution of one, by number; it is among them.

    A kommune that is the main institution of a school is not the school's.
    """
    main = select(institution.c.hovedinstitution).where(institution.c.nummer == nummer).scalar_subquery()
    no_kommune = or_(institution.c.nummer == nummer, institution.c.type3.is_distinct_from(KOMMUNE_TYPE))
    return _names(connection, institution.c.hovedinstitution == main, no_kommune) or {nummer: nummer}


def everyone(connection: Connection) -> dict[str, str]:
    """Return the names of all institutions, also of those that have left the register, by number."""
    return _names(connection)


def types(connection: Connection, numbers: Mapping[str, str]) -> set[str]:
    """Return those of some institutions that are kommuner."""
    query = select(institution.c.nummer).where(institution.c.type3 == KOMMUNE_TYPE)
    return set(connection.execute(query).scalars()) & numbers.keys()


def _names(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, str]:
    query = select(institution.c.nummer, institution.c.navn).where(*conditions)
    return {row[0]: row[1] for row in connection.execute(query.order_by(institution.c.nummer))}
