"""Compute how long a course up to the 10th grade exempts a youth from eIndkomst (V 4.1; rules.md, Beskæftigelse)."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Final

from udb.domain.forloeb import Forloeb
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import ELEVTRIN
from udb.domain.services import EDUCATION

HIGHEST_GRADE: Final = 10


def exemptions(
    courses: Iterable[Forloeb], events: Iterable[Haendelse], up_to_10th_grade: Collection[str]
) -> dict[str, date]:
    """Return the first day on which each course no longer exempts, by the number of its first event (DatoOptag).

    The day is ``date.max`` while nothing ends the exemption. Courses that exempt on no day are left out.

    ``events``: all valid events of one person; ``up_to_10th_grade``: the numbers of the events whose code is of the
    10th grade or below.
    """
    may_exempt = [
        (course, first)
        for course in courses
        if course.key.kodesaet == ELEVTRIN and int(course.key.kode) <= HIGHEST_GRADE and (first := course.first)
    ]
    if not may_exempt:
        return {}
    others = sorted(
        event.haendelse_dato
        for event in events
        if event.optag and event.service in EDUCATION and event.nummer not in up_to_10th_grade
    )
    found: dict[str, date] = {}
    for course, first in may_exempt:
        later = next((day for day in others if day > first.haendelse_dato), date.max)
        until = min(_day_after_end(course), later)
        if until > first.haendelse_dato:
            found[first.nummer] = until
    return found


def _day_after_end(course: Forloeb) -> date:
    if course.end is None or course.end.haendelse_dato == date.max:
        return date.max
    return course.end.haendelse_dato + timedelta(days=1)
