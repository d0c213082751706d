"""One youth as the definitions see it, and the terms that they share (docs/spec/figures.md, Terms)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from udb.beskaeftigelse.grad import FULL_15, HOURS
from udb.domain.persons import RESIDENT
from udb.statistics.definitions.courses import Course, Slags

WEEK: Final = 37
"""Hours of a full week."""
EIGHTEEN: Final = 18


@dataclass(frozen=True, slots=True)
class Work:
    """Employment in one month. ``maaned``: its last day, None when no month is known. ``grad``: in percent, cut off,
    but at least 1 of any wage.

    ``atten``, ``tyve``: whether it is 18 and 20 hours a week, by the unrounded degree where that is known.
    """

    maaned: date | None = None
    grad: int = 0
    atten: bool = False
    tyve: bool = False


def work_of(maaned: date, oere: int, sats_oere: int) -> Work:
    """Return the employment of a month, from the wage and the wage of an hour, both in oere."""
    whole = sats_oere * HOURS
    return Work(
        maaned,
        max(oere * 100 // whole, 1) if oere > 0 else 0,
        atten=oere * WEEK >= EIGHTEEN * whole,
        tyve=oere * 100 >= FULL_15 * whole,
    )


@dataclass(frozen=True, slots=True)
class Youth:
    """What the definitions know of one youth. ``status``: of the CPR register on the day; ``fuldfoert``: the days of
    completed educations and diplomas; ``work``: of the month of the day, or the last delivered one before.
    """

    status: str
    turns_15: date
    turns_25: date
    turns_30: date
    courses: Sequence[Course] = ()
    fuldfoert: Collection[date] = ()
    work: Work = Work()
    paalaeg: bool = False

    def is_in(self, day: date, *kinds: Slags) -> bool:
        """Return whether a course of some kinds, with a valid code, is open on a day."""
        return any(one.gyldig and one.slags in kinds and one.is_open(day) for one in self.courses)


IN_EDUCATION: Final = (
    Slags.GRUNDSKOLE,
    Slags.UNGDOMSUDDANNELSE,
    Slags.VIDEREGAAENDE,
    Slags.FORBEREDENDE,
    Slags.UDDANNELSE,
)
"""What U counts as education."""


def is_resident(youth: Youth, first: date, end: date, day: date) -> bool:
    """Return whether a youth is a resident (CPR 01, 03) and of an age on a day: from ``first``, before ``end``."""
    return first <= day < end and youth.status in RESIDENT


def in_population(youth: Youth, day: date) -> bool:
    """P: resident (CPR 01, 03), 15 to 24 years old."""
    return is_resident(youth, youth.turns_15, youth.turns_25, day)


def has_completed(youth: Youth, day: date) -> bool:
    """F: a completed youth or higher education, or a diploma, dated on the day or before."""
    return any(done <= day for done in youth.fuldfoert)


def in_education(youth: Youth, day: date) -> bool:
    """U: in school, education, FGU or a preparatory activity."""
    return youth.is_in(day, *IN_EDUCATION)


def in_youth_education(youth: Youth, day: date) -> bool:
    """Uu: in a youth education or a higher one."""
    return youth.is_in(day, Slags.UNGDOMSUDDANNELSE, Slags.VIDEREGAAENDE)


def in_school(youth: Youth, day: date) -> bool:
    """G: in the 10th grade or below."""
    return youth.is_in(day, Slags.GRUNDSKOLE)


def works_18(youth: Youth, day: date) -> bool:
    """B18: 18 hours a week or more in the month, or an own business."""
    return youth.work.atten or youth.is_in(day, Slags.ERHVERV)


def works_20(youth: Youth, day: date) -> bool:
    """B20: 20 hours a week or more in the month, or an own business."""
    return youth.work.tyve or youth.is_in(day, Slags.ERHVERV)
