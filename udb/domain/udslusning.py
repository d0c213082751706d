"""Udslusningstilskud: judge whether education or work followed an FGU course (V 6.1; rules.md, Udslusningstilskud)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from udb.domain.clock import add_months
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import GENNEMFOERT, Haendelse
from udb.domain.kodesaet import COSA, Kodesaet
from udb.domain.registered import ended_at
from udb.domain.tilskud import Grundlag, Judgement, education_row

SHORTEST_COURSE: Final = 1
"""Months that the FGU course must have lasted."""
WINDOW: Final = 4
"""The number of months that count, from the month after the completion."""
DAYS_OF_EDUCATION: Final = 12 * 7
MONTHS_OF_WORK: Final = 3
FGU_ART: Final = "fgu"


@dataclass(frozen=True, slots=True)
class Course:
    """A completed FGU course: its DatoOptag (None: unknown) and the day of its gennemført."""

    start: date | None
    end: date

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of the months of the window."""
        return tuple(add_months(self.end.replace(day=1), number) for number in range(1, WINDOW + 1))

    @property
    def last_day(self) -> date:
        """The last day of the window."""
        return add_months(self.months[-1], 1) - timedelta(days=1)


def fgu_formaal(codes: Kodesaet) -> frozenset[str]:
    """Return the CØSA formål of FGU."""
    return frozenset(
        kode for kode in codes.codes(COSA) if any(row.text("art") == FGU_ART for row in codes.rows(COSA, kode))
    )


def latest_course(
    events: Iterable[Haendelse], hovedinstitution: str, codes: Kodesaet, before: datetime | None = None
) -> Course | None:
    """Return the FGU course last completed at a main institution, by the gennemført's date, then number.

    None if there is none. ``events``: all events of one person. ``before``: only a gennemført registered before it
    counts (``udb.domain.registered``).
    """
    ended = ended_at(events, hovedinstitution, GENNEMFOERT, fgu_formaal(codes), before)
    found = [(end.haendelse_dato, end.nummer, course.dato_optag) for course, end in ended]
    if not found:
        return None
    end, _, start = max(found, key=lambda one: one[:2])
    return Course(start, end)


def judge(
    course: Course | None, events: Iterable[Haendelse], worked: Mapping[date, bool], codes: Kodesaet, today: date
) -> Judgement:
    """Return the judgement today, or the code of the refusal, in the order of rules.md.

    ``worked``: by the first day of a month, whether the youth worked at least 20 hours a week (unrounded degree 54 or
    more); a month that is not delivered, or in which the youth was outside the eIndkomst population, is missing.
    """
    if course is None:
        return Judgement(refused="8101")
    if course.start is None:
        return Judgement(refused="8104")
    if course.end < add_months(course.start, SHORTEST_COURSE):
        return Judgement(refused="8102")
    if _days_of_education(course, events, codes, today) >= DAYS_OF_EDUCATION:
        return Judgement(opfyldt=True, grundlag=Grundlag.UDDANNELSE)
    return _by_work([worked.get(month) for month in course.months], ended=today > course.last_day)


def _by_work(months: Sequence[bool | None], *, ended: bool) -> Judgement:
    if months.count(True) >= MONTHS_OF_WORK:
        return Judgement(opfyldt=True, grundlag=Grundlag.BESKAEFTIGELSE)
    if not ended:
        return Judgement(refused="8103")
    if months.count(True) + months.count(None) >= MONTHS_OF_WORK:
        return Judgement(refused="8104")
    return Judgement(opfyldt=False)


def _days_of_education(course: Course, events: Iterable[Haendelse], codes: Kodesaet, today: date) -> int:
    """Return the days of the window, up to today, on which some course that gives competence was open."""
    last = min(course.last_day, today)
    days: set[int] = set()
    for begun, ended in _courses(events, codes):
        days.update(range(max(begun, course.months[0]).toordinal(), min(ended or last, last).toordinal() + 1))
    return len(days)


def _courses(events: Iterable[Haendelse], codes: Kodesaet) -> Iterator[tuple[date, date | None]]:
    """Yield the first and last day of every course that gives competence and whose start is known."""
    for forloeb in all_forloeb(events):
        if forloeb.dato_optag is not None and _gives_competence(forloeb, codes):
            yield forloeb.dato_optag, forloeb.end.haendelse_dato if forloeb.end else None


def _gives_competence(forloeb: Forloeb, codes: Kodesaet) -> bool:
    row = education_row(forloeb, codes)
    return row is not None and row.flag("kompetencegivende")
