"""Read the events of persons, and store new ones."""

from collections.abc import Collection, Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, select, update

from udb.domain.haendelse import FIELDS, Haendelse, event_of
from udb.store.sql.together import Kind, Row
from udb.store.tables import haendelse, haendelse_raad, institution

MAIN_INSTITUTION: Final = func.coalesce(institution.c.hovedinstitution, haendelse.c.institution_nummer).label(
    "hovedinstitution"
)
"""The reporter's main institution by today's register; needs ``WITH_REPORTER``."""

WITH_REPORTER: Final = haendelse.outerjoin(institution, institution.c.nummer == haendelse.c.institution_nummer)
EVENT_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = tuple(
    MAIN_INSTITUTION if name == "hovedinstitution" else haendelse.c[name] for name in FIELDS
)
"""The columns of a Haendelse, in the order of its fields; needs ``WITH_REPORTER``."""


def as_event(row: Iterable[Any]) -> Haendelse:
    """Return a row of EVENT_COLUMNS as a Haendelse."""
    return event_of(row)


def events_by_person(connection: Connection, persons: Collection[int]) -> dict[int, list[Haendelse]]:
    """Return all events of some persons, cancelled ones and cancellations included, in ascending number."""
    found: dict[int, list[Haendelse]] = {person: [] for person in persons}
    query = select(haendelse.c.person_id, *EVENT_COLUMNS).select_from(WITH_REPORTER)
    for person, *row in connection.execute(
        query.where(haendelse.c.person_id.in_(persons)).order_by(haendelse.c.nummer)
    ):
        found[person].append(as_event(row))
    return found


def registered_at(connection: Connection, numbers: Collection[str]) -> dict[str, datetime]:
    """Return when events were registered, by number; one that is not stored is left out."""
    query = select(haendelse.c.nummer, haendelse.c.registreringstid).where(haendelse.c.nummer.in_(numbers))
    return {row.nummer: row.registreringstid for row in connection.execute(query)}


def add_event(connection: Connection, person_id: int, event: Haendelse, advice: Iterable[str] = ()) -> None:
    """Store an event with the advice it was accepted with; the caller has drawn its number.

    A cancellation marks the event it cancels, a repetition the event it repeats; both marked events no longer count.
    """
    for kind, values in new_rows(connection, person_id, event, advice):
        kind.add(connection, values)


def new_rows(
    connection: Connection, person_id: int, event: Haendelse, advice: Iterable[str] = (), system_id: str | None = None
) -> list[Row]:
    """Do as ``add_event``, but return the rows to be added instead of adding them.

    ``system_id``: the system that sent the report; None: no system did.
    """
    if event.annulleret_haendelse_nummer is not None:
        _mark(connection, event.annulleret_haendelse_nummer, annulleret=True)
    if event.gentager is not None:
        _mark(connection, event.gentager, gentaget=True)
    return [(_EVENT, (person_id, system_id, *_stored(event))), *((_ADVICE, (event.nummer, code)) for code in advice)]


_STORED: Final = tuple(name for name in FIELDS if name != "hovedinstitution")
_stored: Final = attrgetter(*_STORED)
_EVENT: Final = Kind(haendelse, ("person_id", "system_id", *_STORED), numbered=("nummer", "plads", "forloeb_id"))
_ADVICE: Final = Kind(haendelse_raad, ("nummer", "fejl_kode"), numbered=("nummer",))


def _mark(connection: Connection, nummer: str, **values: bool) -> None:
    connection.execute(update(haendelse).where(haendelse.c.nummer == nummer).values(**values))
