"""NEET, as Danmarks Statistik counts it: in November neither in education nor employed."""

from datetime import date, timedelta
from typing import Final

from udb.domain.clock import add_years
from udb.statistics.definitions.courses import Course, Slags
from udb.statistics.definitions.definition import Definition
from udb.statistics.definitions.youth import IN_EDUCATION, Youth, is_resident

NEET: Final = Definition(
    kort="neet",
    navn="NEET, DST-lignende",
    version="v1",
    kilde="Danmarks Statistik; tilnærmet: hele november, ikke sidste uge",
    formel="Bosatte 16-24-årige den 30. november med beskæftigelsesgrad 0 i november, uden egen virksomhed (K54) og "
    "uden et åbent uddannelsesforløb på nogen dag fra den 3. til den 30. november. Andel = NEET / alle bosatte "
    "16-24-årige.",
    eksempel="En ung med fuldført hf, uden job og uden et nyt forløb, tælles med; en ung, der begyndte på hf den 2. "
    "oktober, gør ikke.",
)
DAYS: Final = 28
"""Days up to the status day, itself counted, on which no education may be open."""
NOVEMBER: Final = 11


def status_day(year: int) -> date:
    """Return the day that it is counted on in a year."""
    return date(year, NOVEMBER, 30)


def of_age(youth: Youth, day: date) -> bool:
    """Return whether a youth is a resident of 16 to 24."""
    return is_resident(youth, add_years(youth.turns_15, 1), youth.turns_25, day)


def neet(youth: Youth, day: date) -> bool:
    """Return whether a youth is in neither; ``youth.work``: that of the month of ``day``."""
    if not of_age(youth, day) or youth.work.grad or youth.is_in(day, Slags.ERHVERV):
        return False
    first = day - timedelta(days=DAYS - 1)
    return not any(
        one.gyldig and one.slags in IN_EDUCATION and _is_open_between(one, first, day) for one in youth.courses
    )


def _is_open_between(course: Course, first: date, last: date) -> bool:
    if not course.gyldig or course.fra is None or course.fra > last:
        return False
    # One that ends on the day it begins is open on none.
    return course.til is None or course.til > max(course.fra, first)
