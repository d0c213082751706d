"""Youths that come on top of the invented ones, each with reports that are known to the day."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from udb.domain.clock import add_years
from udb.domain.haendelse import OPTAGET
from udb.domain.kodesaet import COSA
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.sandbox.draft import Course, Draft, Youth
from udb.sandbox.life import World
from udb.sandbox.past import schools
from udb.sandbox.people import Invented, Numbers, resident

STX: Final = "3009"
LUDUS: Final = "LUDUS"
FULL: Final = 20_000
"""So many youths have the whole past; fewer have their share."""


def share(count: int, youths: int) -> int:
    """Return a count in proportion to the number of invented youths; all of it from ``FULL`` on."""
    return round(count * min(youths, FULL) / FULL)


@dataclass(slots=True)
class Plants:
    """The planted youths so far. ``next_id``: the id of the next one."""

    rng: random.Random
    numbers: Numbers
    world: World
    today: date
    next_id: int
    invented: list[Invented] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    """Rows of ``modtagelse`` that no event has: refused and repeated reports."""
    contacts: list[tuple[Draft, str, date]] = field(default_factory=list)
    """Optag at schools that registered a contact person for the youth: by which system, and when."""
    fetched: list[tuple[Draft, str, date]] = field(default_factory=list)
    """Events that a kommune has fetched, with the kommune and the day."""

    def youth(self, age: float, on: date, kommune: str = schools.KOMMUNE) -> Youth:
        """Add a youth who has an age, in years, on a day."""
        born = on - timedelta(days=round(age * 365.25))
        one = resident(self.rng, self.numbers, self.next_id, born, kommune, self.today)
        self.next_id += 1
        self.invented.append(one)
        return one.youth

    def course(self, kode: str, school: str, day: date, source: str = LUDUS, **fields: Any) -> Course:
        """Return a course by its formål, in the version of a day."""
        of = {"kodesaet": COSA, "kode": kode, "kode_version": self.world.version(kode, day), **fields}
        return Course(UNGDOMSUDDANNELSE, school, source, of)

    def report(
        self,
        youth: Youth,
        course: Course,
        dato: date,
        status: int | None = OPTAGET,
        *,
        on: date | None = None,
        system: str | None = None,
        **extra: Any,
    ) -> Draft:
        """Report an event, on its day or ``on`` another. Raises ValueError when the youth's life has no room for it."""
        draft = youth.report(self.rng, course, dato, status, on, extra)
        if draft is None or draft.registered.date() != (on or dato):
            raise ValueError(f"{youth.person_id} {dato} {on}")
        draft.system = system
        return draft

    def pupils(self, count: int, school: str) -> list["Pupil"]:
        """Add pupils of a gymnasium, all registered two years and a half before today."""
        day = add_years(self.today, -2) - timedelta(days=180)
        found = []
        for _ in range(count):
            youth = self.youth(16.5, day)
            course = self.course(STX, school, day)
            found.append(Pupil(youth, self.report(youth, course, day)))
        return found

    def pulse(self, pupils: Sequence["Pupil"], days: Sequence[date]) -> list[Draft]:
        """Report once for each day, in ascending order: the risk of the next pupil in turn begins or ends."""
        reports = []
        for index, day in enumerate(days):
            pupil = pupils[index % len(pupils)]
            pupil.at_risk = not pupil.at_risk
            course = pupil.optag.course
            reports.append(self.report(pupil.youth, course, day, frafaldstruet_markering=pupil.at_risk))
        return reports


@dataclass(slots=True)
class Pupil:
    """A planted youth with an open course."""

    youth: Youth
    optag: Draft
    at_risk: bool = False


def every(days: int, first: date, last: date) -> list[date]:
    """Return the days up to ``last``, so many apart, none before ``first``."""
    count = (last - first).days // days + 1
    return [last - timedelta(days=days * back) for back in reversed(range(count))]
