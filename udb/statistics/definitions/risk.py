"""Risiko uden fornyelse: a risk mark that still holds and has not been repeated for long (V 1.1, F42)."""

from datetime import date, timedelta
from typing import Final

from udb.statistics.definitions.courses import Course
from udb.statistics.definitions.definition import Definition

RISIKO: Final = Definition(
    kort="risiko_fornyelse",
    navn="Risiko uden fornyelse",
    version="v1",
    kilde="UDB-vejledningen 1.1",
    formel="Forløbet er åbent og markeret med risiko for frafald, og den seneste markering er over 90 dage gammel.",
    eksempel="Markeret den 1. maj 2026 og ikke siden: den 30. juli er det 90 dage siden, den 31. juli er det 91, uden "
    "fornyelse.",
)
DAYS: Final = timedelta(days=90)
_RISK: Final = "Risiko"


def marked(course: Course, day: date) -> date | None:
    """Return the day of the latest risk mark of a course that is open on a day, the school's or the kommune's; None
    without one.
    """
    if course.forloeb is None or not course.is_open(day):
        return None
    days = (
        event.haendelse_dato
        for event in (*course.forloeb.events, *course.forloeb.marks)
        if event.haendelse_dato <= day and (event.risk or event.ifoelge_kommunen == _RISK)
    )
    return max(days, default=None)


def is_not_renewed(course: Course, day: date) -> bool:
    """Return whether the latest risk mark of an open course is more than 90 days old."""
    latest = marked(course, day)
    return latest is not None and day - latest > DAYS
