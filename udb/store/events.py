"""Events: reading a person's, adding new ones."""

from collections.abc import Collection, Iterable
from dataclasses import fields
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from udb.haendelse import Haendelse
from udb.store.prepared import Prepared, parameter
from udb.store.tables import haendelse, haendelse_raad, institution

MAIN_INSTITUTION: Final = func.coalesce(institution.c.hovedinstitution, haendelse.c.institution_nummer).label(
    "hovedinstitution"
)
"""The reporter's main institution by today's register; needs ``WITH_REPORTER``."""

WITH_REPORTER: Final = haendelse.outerjoin(institution, institution.c.nummer == haendelse.c.institution_nummer)
EVENT_COLUMNS: Final[tuple[ColumnElement[Any], ...]] = tuple(
    MAIN_INSTITUTION if field.name == "hovedinstitution" else haendelse.c[field.name] for field in fields(Haendelse)
)
"""What makes a Haendelse, in the order of its fields."""


def as_event(row: Iterable[Any]) -> Haendelse:
    """A row of EVENT_COLUMNS as a value."""
    return Haendelse(**dict(zip(_FIELDS, row, strict=True)))


_FIELDS: Final = tuple(field.name for field in fields(Haendelse))


def events_by_person(connection: Connection, persons: Collection[int]) -> dict[int, list[Haendelse]]:
    """All events of some persons, cancelled ones and cancellations included, in ascending number."""
    found: dict[int, list[Haendelse]] = {person: [] for person in persons}
    query = select(haendelse.c.person_id, *EVENT_COLUMNS).select_from(WITH_REPORTER)
    for person, *row in connection.execute(
        query.where(haendelse.c.person_id.in_(persons)).order_by(haendelse.c.nummer)
    ):
        found[person].append(as_event(row))
    return found


def events_of(connection: Connection, person_id: int) -> list[Haendelse]:
    """All events of one person, as ``events_by_person`` gives them."""
    return [as_event(row) for row in _OF_ONE.rows(connection, person_id=person_id)]


_STORED: Final = tuple(name for name in _FIELDS if name != "hovedinstitution")
_INSERT: Final = Prepared(
    lambda _: insert(haendelse).values({name: parameter(name) for name in ("person_id", *_STORED)})
)
_OF_ONE: Final = Prepared(
    lambda _: (
        select(*EVENT_COLUMNS)
        .select_from(WITH_REPORTER)
        .where(haendelse.c.person_id == parameter("person_id"))
        .order_by(haendelse.c.nummer)
    )
)


def add_event(connection: Connection, person_id: int, event: Haendelse, advice: Iterable[str] = ()) -> None:
    """Store an event with the advice it was accepted with; the caller has drawn its number.

    A cancellation marks what it cancels, a repetition what it repeats: neither stands any longer.
    """
    _INSERT.run(connection, person_id=person_id, **{name: getattr(event, name) for name in _STORED})
    if event.annulleret_haendelse_nummer is not None:
        _mark(connection, event.annulleret_haendelse_nummer, annulleret=True)
    if event.gentager is not None:
        _mark(connection, event.gentager, gentaget=True)
    rows = [{"nummer": event.nummer, "fejl_kode": code} for code in advice]
    if rows:
        connection.execute(insert(haendelse_raad), rows)


def _mark(connection: Connection, nummer: str, **values: bool) -> None:
    connection.execute(update(haendelse).where(haendelse.c.nummer == nummer).values(**values))
