"""The mark of a change on a picture of an institution's figures: "systemskifte 3. aug" (portal 3.31)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, select

from udb.domain.persons import KOMMUNE_TYPE
from udb.statistics.system_change.announced import main_of
from udb.store.tables import institution, systemskifte

_MONTHS: Final = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")


@dataclass(frozen=True, slots=True)
class Mark:
    """A day on which an institution changed its system, and the words for it."""

    dag: date
    tekst: str


def marks(connection: Connection, institution_nummer: str, first: date, last: date) -> list[Mark]:
    """Return the changes of an institution, or of its main institution, from one day to another, both included."""
    query = (
        select(systemskifte.c.dag)
        .where(
            systemskifte.c.institution_nummer == (main_of(connection, institution_nummer) or institution_nummer),
            systemskifte.c.skifte.is_(None),
            systemskifte.c.dag >= first,
            systemskifte.c.dag <= last,
        )
        .distinct()
        .order_by(systemskifte.c.dag)
    )
    return [Mark(day, words(day)) for day in connection.execute(query).scalars()]


def marks_of_kommune(connection: Connection, kommunekode: str, first: date, last: date) -> list[Mark]:
    """Return the changes of a kommune by its code, as ``marks`` does by its number."""
    its = select(institution.c.nummer).where(
        institution.c.administrerende_kommune == kommunekode, institution.c.type3 == KOMMUNE_TYPE
    )
    numbers = connection.execute(its.order_by(institution.c.nummer)).scalars().all()
    return [mark for nummer in numbers for mark in marks(connection, nummer, first, last)]


def words(day: date) -> str:
    """Return the words of a mark: systemskifte 3. aug."""
    return f"systemskifte {day.day}. {_MONTHS[day.month - 1]}"
