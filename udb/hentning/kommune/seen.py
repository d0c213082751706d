"""What follows from the events that the look-up shows of youths: courses, situation, deadlines.

The same for one youth's page, for the rows of a list and for the job that keeps its filters. What the clauses withhold
is not read.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select

from udb.access.clauses import TABLES, Recipient, home_youths, look_up_events
from udb.access.columns import diplomas, reached, under_order
from udb.beskaeftigelse.grad import FULL_15
from udb.domain.clock import danish_date, month_end
from udb.domain.haendelse import BESKAEFTIGELSE, Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.hentning.kommune.deadlines import deadlines
from udb.hentning.level import Levels
from udb.statistics.definitions.courses import Course, courses_of
from udb.statistics.definitions.frist import Frist
from udb.statistics.definitions.situation import Situation, situation
from udb.statistics.definitions.youth import Work, Youth
from udb.store.events import EVENT_COLUMNS, as_event
from udb.store.tables import haendelse, institution, person
from udb.store.tables.indkomst import indkomstmaaned

COMPLETED: Final = date.min
"""The day of a completed education of which only the level is shown."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A youth as the home kommune sees it. ``events``: those that the look-up shows; their fields are not restricted,
    so that they are for computing and not for showing.
    """

    person_id: int
    cprnr: str
    navn: str | None
    beskyttet: bool
    turns_15: date
    turns_18: date
    turns_25: date
    events: Sequence[Haendelse]
    youth: Youth
    situation: Situation
    frister: Mapping[str, Frist]

    @property
    def courses(self) -> Sequence[Course]:
        """The youth's courses."""
        return self.youth.courses


def see(connection: Connection, caller: Recipient, persons: Collection[int], codes: Kodesaet) -> dict[int, Seen]:
    """Return what the kommune sees of its residents of 15 to 29 among the persons."""
    if not persons:
        return {}
    youths = _youths(connection, caller, persons)
    events = _events(connection, caller, list(youths))
    courses = {number: courses_of(shown, codes) for number, shown in events.items()}
    frister = deadlines(connection, caller, youths, events, courses, codes)
    month = last_month(connection, caller.today)
    levels = Levels(codes, caller.today)
    found = {}
    for number, row in youths.items():
        has_level = levels.of(row.reached, row.diplomas) != levels.lowest
        youth = Youth(
            row.status,
            row.turns_15,
            row.turns_25,
            row.turns_30,
            courses[number],
            (COMPLETED,) if has_level else (),
            _work(events[number], month),
            bool(row.under_order),
        )
        found[number] = Seen(
            number,
            row.cprnr,
            row.navn,
            row.beskyttet,
            row.turns_15,
            row.turns_18,
            row.turns_25,
            events[number],
            youth,
            situation(youth, caller.today),
            frister[number],
        )
    return found


def last_month(connection: Connection, today: date) -> date | None:
    """Return the last day of the last month of eIndkomst that is delivered; None when none is."""
    known = (indkomstmaaned.c.leveret <= today, indkomstmaaned.c.maaned <= month_end(today))
    found: date | None = connection.execute(select(func.max(indkomstmaaned.c.maaned)).where(*known)).scalar_one()
    return found


def _youths(connection: Connection, caller: Recipient, persons: Collection[int]) -> dict[int, Row[Any]]:
    more = (
        reached().label("reached"),
        diplomas().label("diplomas"),
        under_order().label("under_order"),
    )
    query = select(person, *more).where(person.c.id.in_(persons), home_youths(caller))
    return {row.id: row for row in connection.execute(query)}


def _events(connection: Connection, caller: Recipient, persons: Sequence[int]) -> dict[int, list[Haendelse]]:
    found: dict[int, list[Haendelse]] = {number: [] for number in persons}
    query = (
        select(haendelse.c.person_id, *EVENT_COLUMNS)
        .select_from(TABLES.outerjoin(institution, institution.c.nummer == haendelse.c.institution_nummer))
        .where(haendelse.c.person_id.in_(persons), look_up_events(caller))
        .order_by(haendelse.c.nummer)
    )
    for number, *row in connection.execute(query):
        found[number].append(as_event(row))
    return found


def _work(events: Sequence[Haendelse], month: date | None) -> Work:
    """Return the employment in the last delivered month, as far as changes of it are shown."""
    if month is None:
        return Work()
    shown = [one for one in events if one.art == BESKAEFTIGELSE and one.haendelse_dato <= month]
    if not shown:
        return Work(month)
    grad = max(shown, key=lambda one: (one.haendelse_dato, one.nummer)).beskaeftigelsesgrad or 0
    return Work(month, grad, tyve=grad >= FULL_15)


def registered_day(event: Haendelse) -> date:
    """Return the Danish day on which an event was registered."""
    return danish_date(event.registreringstid)
