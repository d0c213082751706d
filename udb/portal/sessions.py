"""Sessions of people, kept in the database, so that any worker on any host knows them.

The database has a hash of the cookie's value alone. All times are system time: a session is no event of the domain.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, or_, select, update

from udb.domain.clock import system_time
from udb.domain.formaal import Formaal
from udb.portal.roles import Role
from udb.portal.tokens import digest, new_token
from udb.store.tables import web_session

COOKIE: Final = "__Host-udb"


@dataclass(frozen=True, slots=True)
class _Lasts:
    idle: timedelta
    whole: timedelta


_EMPLOYEE: Final = _Lasts(timedelta(minutes=30), timedelta(hours=8))
_YOUTH: Final = _Lasts(timedelta(minutes=15), timedelta(hours=1))
_TO_THE_MINUTE: Final = timedelta(minutes=1)
"""How often ``sidst`` is written: a page that only reads should seldom write."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One role that the person may take on: at an institution (also a kommune's), at none for STIL."""

    rolle: Role
    institution_nummer: str | None
    rettigheder: tuple[str, ...] = ()
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A session that lasts. ``rolle``: None until one is chosen; ``csrf``: the token of its forms.

    ``formaal``: what the user looks at youths for; ``noegle``: makes the references of its addresses to youths.
    """

    udbyder: str
    subjekt: str
    choices: tuple[Choice, ...]
    rolle: Role | None
    institution_nummer: str | None
    person_id: int | None
    rettigheder: tuple[str, ...]
    csrf: str
    sid: str | None
    formaal: Formaal | None
    noegle: str

    @property
    def user(self) -> str:
        """The person, as the read log names them."""
        return f"{self.udbyder}:{self.subjekt}"


def begin(connection: Connection, *, udbyder: str, subjekt: str, sid: str | None, choices: Sequence[Choice]) -> str:
    """Begin a session and return the cookie's value. A single choice is taken at once."""
    token, now = new_token(), system_time()
    connection.execute(
        insert(web_session).values(
            id_hash=digest(token),
            udbyder=udbyder,
            subjekt=subjekt,
            tildelinger=[_stored(choice) for choice in choices],
            **_role(choices[0] if len(choices) == 1 else None),
            csrf=new_token(),
            noegle=new_token(),
            sid=sid,
            oprettet=now,
            sidst=now,
        )
    )
    return token


def find(connection: Connection, token: str) -> tuple[Session | None, bool]:
    """Return the session of a cookie's value, None when it has ended; and whether its use must be noted (``touch``)."""
    row = connection.execute(select(web_session).where(web_session.c.id_hash == digest(token))).one_or_none()
    if row is None:
        return None, False
    choices = tuple(_choice(stored) for stored in row.tildelinger)
    lasts = _YOUTH if any(choice.rolle is Role.UNG for choice in choices) else _EMPLOYEE
    now = system_time()
    if now - row.sidst >= lasts.idle or now - row.oprettet >= lasts.whole:
        return None, False
    session = Session(
        row.udbyder,
        row.subjekt,
        choices,
        Role(row.rolle) if row.rolle is not None else None,
        row.institution_nummer,
        row.person_id,
        tuple(row.rettigheder),
        row.csrf,
        row.sid,
        Formaal(row.formaal) if row.formaal is not None else None,
        row.noegle,
    )
    return session, now - row.sidst >= _TO_THE_MINUTE


def touch(connection: Connection, token: str) -> None:
    """Note that a session is used now."""
    connection.execute(update(web_session).where(web_session.c.id_hash == digest(token)).values(sidst=system_time()))


def choose(connection: Connection, token: str, choice: Choice) -> str:
    """Give a session a role, and a new cookie's value, which is returned; the old one no longer counts."""
    new = new_token()
    connection.execute(
        update(web_session)
        .where(web_session.c.id_hash == digest(token))
        .values(
            id_hash=digest(new),
            csrf=new_token(),
            noegle=new_token(),
            formaal=None,
            sidst=system_time(),
            **_role(choice),
        )
    )
    return new


def set_purpose(connection: Connection, token: str, formaal: Formaal) -> None:
    """Note what the session's user looks at youths for."""
    connection.execute(update(web_session).where(web_session.c.id_hash == digest(token)).values(formaal=formaal.value))


def end(connection: Connection, token: str) -> None:
    """End the session of a cookie's value."""
    connection.execute(delete(web_session).where(web_session.c.id_hash == digest(token)))


def end_elsewhere(connection: Connection, udbyder: str, sid: str | None, subjekt: str | None) -> None:
    """End the sessions that a provider says are over: those of its session, or all of its person."""
    which = web_session.c.sid == sid if sid is not None else web_session.c.subjekt == subjekt
    connection.execute(delete(web_session).where(web_session.c.udbyder == udbyder, which))


def remove_old(connection: Connection) -> None:
    """Delete the sessions that have ended by their age."""
    now = system_time()
    over: datetime = now - _EMPLOYEE.whole
    idle: datetime = now - _EMPLOYEE.idle
    connection.execute(delete(web_session).where(or_(web_session.c.oprettet < over, web_session.c.sidst < idle)))


def _role(choice: Choice | None) -> dict[str, Any]:
    return {
        "rolle": choice.rolle.value if choice else None,
        "institution_nummer": choice.institution_nummer if choice else None,
        "person_id": choice.person_id if choice else None,
        "rettigheder": list(choice.rettigheder) if choice else [],
    }


def _stored(choice: Choice) -> dict[str, Any]:
    return {
        "rolle": choice.rolle.value,
        "institution_nummer": choice.institution_nummer,
        "rettigheder": list(choice.rettigheder),
        "person_id": choice.person_id,
    }


def _choice(stored: dict[str, Any]) -> Choice:
    return Choice(
        Role(stored["rolle"]), stored["institution_nummer"], tuple(stored["rettigheder"]), stored["person_id"]
    )
