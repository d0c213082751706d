"""The operator's own table of roles, for providers that say who a person is but not what they may do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, insert, select, update

from udb.access.own_institution import is_registered
from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused, UnknownName, WrongUse
from udb.portal.login.doors import KINDS
from udb.portal.roles import Role
from udb.store.tables import rolle_tildeling

LONGEST = timedelta(days=366)
"""A role ends within a year; the operator gives it again to who still needs it."""


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role of the table. ``til``: its last day."""

    id: int
    udbyder: str
    subjekt: str
    rolle: str
    institution_nummer: str | None
    fra: date
    til: date
    tildelt_af: str


def assign(
    connection: Connection, door: str, subject: str, role: str, nummer: str | None, *, today: date, til: date, by: str
) -> None:
    """Give a person a role from today until a last day. Raises WrongUse, UdbRefused for an unknown institution."""
    kind = KINDS.get(door)
    if kind is None:
        raise WrongUse(f"There is no door {door}. There are: {', '.join(KINDS)}")
    if role not in kind.roles or role == Role.UNG:
        can = ", ".join(sorted(kind.roles - {Role.UNG})) or "no role"
        raise WrongUse(f"The door {door} can give {can}, not {role}.")
    if not today <= til <= today + LONGEST:
        raise WrongUse(f"The last day is from {today} to {today + LONGEST}: a role ends within a year.")
    if (nummer is None) != (role == Role.DATAMEDARBEJDER):
        raise WrongUse("Every role but datamedarbejder is at an institution.")
    if nummer is not None and not is_registered(connection, nummer):
        raise UdbRefused(f"There is no institution {nummer} in the register.")
    connection.execute(
        insert(rolle_tildeling).values(
            udbyder=door,
            subjekt=subject,
            rolle=role,
            institution_nummer=nummer,
            fra=today,
            til=til,
            tildelt_af=by,
            oprettet=system_time(),
        )
    )


def listed(connection: Connection) -> Sequence[OwnRole]:
    """Return every role of the table, those that have ended too, in the order they were given."""
    columns = [rolle_tildeling.c[name] for name in OwnRole.__slots__]
    return [OwnRole(*row) for row in connection.execute(select(*columns).order_by(rolle_tildeling.c.id))]


def end(connection: Connection, number: int, *, today: date) -> None:
    """End a role with yesterday, so that it no longer counts. Raises UnknownName when there is none that lasts."""
    ended = connection.execute(
        update(rolle_tildeling)
        .where(rolle_tildeling.c.id == number, rolle_tildeling.c.til >= today)
        .values(til=today - timedelta(days=1))
    )
    if not ended.rowcount:
        raise UnknownName(f"There is no role {number} that has not ended. See: udb role list")
