"""Requests for dataaftaler: a system requests one, the institution decides, and only then may the system call.

Requests and decisions are kept, also after the agreement has ended.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from udb.callers import agreements
from udb.callers.agreements import Dataaftale
from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused
from udb.store.tables import dataaftale_anmodning as anmodning


@dataclass(frozen=True, slots=True)
class Anmodning:
    """One request. ``godkendt``: None until it is decided. ``afgjort``, ``begrundelse``: when and why."""

    id: int
    system_id: str
    service: str
    institution_nummer: str
    fra: date | None
    til: date | None
    kommentar: str | None
    anmodet: datetime
    godkendt: bool | None
    afgjort: datetime | None
    begrundelse: str | None


_COLUMNS: Final = tuple(anmodning.c[name] for name in Anmodning.__dataclass_fields__)
_OPEN: Final = anmodning.c.godkendt.is_(None)


def request(connection: Connection, wanted: Iterable[Dataaftale], kommentar: str | None = None) -> list[int]:
    """Request agreements, all or none, and return the numbers of the requests. Raises WrongUse, UdbRefused."""
    return [_request(connection, one, kommentar) for one in wanted]


def _request(connection: Connection, wanted: Dataaftale, kommentar: str | None) -> int:
    agreements.require_possible(connection, wanted)
    same = (
        anmodning.c.system_id == wanted.system_id,
        anmodning.c.service == wanted.service,
        anmodning.c.institution_nummer == wanted.institution_nummer,
    )
    waiting = connection.execute(select(anmodning.c.id).where(*same, _OPEN)).scalar()
    if waiting is not None:
        raise UdbRefused(f"Request {waiting} asks for the same and waits to be decided.")
    values: dict[str, Any] = {name: getattr(wanted, name) for name in Dataaftale.__dataclass_fields__}
    values |= {"kommentar": kommentar, "anmodet": system_time()}
    made: int = connection.execute(insert(anmodning).values(values).returning(anmodning.c.id)).scalar_one()
    return made


def approve(connection: Connection, number: int) -> Dataaftale:
    """Add the requested agreement and return it; it counts from now on. Raises UdbRefused."""
    _decide(connection, number, godkendt=True, begrundelse=None)
    columns = (anmodning.c[name] for name in Dataaftale.__dataclass_fields__)
    agreed = Dataaftale(*connection.execute(select(*columns).where(anmodning.c.id == number)).one())
    agreements.create(connection, agreed)
    return agreed


def refuse(connection: Connection, number: int, begrundelse: str) -> None:
    """Refuse a request. An agreement in force is ended by ``agreements.close``. Raises UdbRefused."""
    _decide(connection, number, godkendt=False, begrundelse=begrundelse)


def listed(connection: Connection, *, decided: bool) -> Sequence[Anmodning]:
    """Return the requests that wait, or with ``decided`` all of them, the oldest first."""
    query = select(*_COLUMNS).order_by(anmodning.c.id)
    return [Anmodning(*row) for row in connection.execute(query if decided else query.where(_OPEN))]


def _decide(connection: Connection, number: int, *, godkendt: bool, begrundelse: str | None) -> None:
    # In one statement: of two decisions at once the second is refused.
    decision = {"godkendt": godkendt, "begrundelse": begrundelse, "afgjort": system_time()}
    if not connection.execute(update(anmodning).where(anmodning.c.id == number, _OPEN).values(decision)).rowcount:
        raise UdbRefused(f"No request {number} waits to be decided. See: udb dataaftale requests --all")
