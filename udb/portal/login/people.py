"""From a verified ID token to the roles of a session: what the claims say, held against the registers."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from udb.access.own_institution import is_registered, kommune_of
from udb.access.own_person import own_person
from udb.portal.login.assignments import Tildeling, assignments
from udb.portal.login.doors import Door
from udb.portal.roles import Role
from udb.portal.sessions import Choice
from udb.store.tables import rolle_tildeling


def choices(connection: Connection, door: Door, claims: Mapping[str, Any], today: date) -> list[Choice]:
    """Return the roles of the person of an ID token; those at an institution that is in no register are left out."""
    own = _own(connection, door, str(claims["sub"]), today)
    found = (_choice(connection, one, today) for one in assignments(door, claims, own))
    return list(dict.fromkeys(choice for choice in found if choice is not None))


def _own(connection: Connection, door: Door, subject: str, today: date) -> list[Tildeling]:
    rows = connection.execute(
        select(rolle_tildeling.c.rolle, rolle_tildeling.c.institution_nummer).where(
            rolle_tildeling.c.udbyder == door.name,
            rolle_tildeling.c.subjekt == subject,
            rolle_tildeling.c.fra <= today,
            rolle_tildeling.c.til >= today,
        )
    )
    return [Tildeling(Role(row.rolle), institution_nummer=row.institution_nummer) for row in rows]


def _choice(connection: Connection, one: Tildeling, today: date) -> Choice | None:
    if one.rolle is Role.UNG:
        # A number that UDB does not know is let in too, to a page that says so.
        return Choice(one.rolle, None, person_id=own_person(connection, one.cprnr or ""))
    if one.rolle is Role.DATAMEDARBEJDER:
        return Choice(one.rolle, None, one.rettigheder)
    nummer = one.institution_nummer
    if one.kommunekode is not None:
        nummer = kommune_of(connection, one.kommunekode, today)
    if nummer is None or not is_registered(connection, nummer):
        return None
    return Choice(one.rolle, nummer, one.rettigheder)
