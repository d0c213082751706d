"""Henvisning: judge whether a pupil who left a gymnasial education is on an EUD six months later (rules.md,
Henvisning).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from udb.domain.clock import add_months
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import AFBRUDT, EJ_MOEDT, Haendelse
from udb.domain.kodesaet import EUD_ARTS, Kodesaet
from udb.domain.optagelsesproeve import is_test
from udb.domain.registered import ended_at
from udb.domain.services import EDUCATION
from udb.domain.tilskud import Judgement, education_row

GYMNASIAL_FORMAAL: Final = frozenset({"3009", "3010", "3017", "3310"})
WAIT: Final = 6
"""Months from the afbrud to the day that counts."""
YEARS: Final = 3
"""The number of calendar years in which the status can be fetched, the first included."""
SCHOOL_YEAR_ENDS: Final = (7, 31)


@dataclass(frozen=True, slots=True)
class Afbrud:
    """A qualifying afbrud: its day, and the reports of the course it ended."""

    dato: date
    course: Forloeb

    @property
    def day(self) -> date:
        """The day that counts, and the first on which the status can be fetched."""
        return add_months(self.dato, WAIT)

    @property
    def last_day(self) -> date:
        """The last day on which the status can be fetched."""
        return date(self.day.year + YEARS - 1, 12, 31)


def latest_afbrud(events: Iterable[Haendelse], hovedinstitution: str, before: datetime | None = None) -> Afbrud | None:
    """Return the last afbrud in the first school year of a gymnasial education at a main institution, None if there is
    none.

    The last is by date, then number; Ej mødt does not count. ``events``: all events of one person. ``before``: only an
    afbrud registered before it counts (``udb.domain.registered``).
    """
    found = [
        (end, course)
        for course, end in ended_at(events, hovedinstitution, AFBRUDT, GYMNASIAL_FORMAAL, before)
        if end.afbrudsarsags_kode != EJ_MOEDT
        and course.dato_optag is not None
        and end.haendelse_dato <= end_of_school_year(course.dato_optag)
    ]
    if not found:
        return None
    end, forloeb = max(found, key=lambda one: (one[0].haendelse_dato, one[0].nummer))
    return Afbrud(end.haendelse_dato, forloeb)


def end_of_school_year(begun: date) -> date:
    """Return the first 31 July after a day."""
    this_year = date(begun.year, *SCHOOL_YEAR_ENDS)
    return this_year if begun < this_year else date(begun.year + 1, *SCHOOL_YEAR_ENDS)


def judge(afbrud: Afbrud | None, events: Iterable[Haendelse], codes: Kodesaet, today: date) -> Judgement:
    """Return the judgement today, or the code of the refusal. ``events``: all events of the person."""
    if afbrud is None:
        return Judgement(refused="8201")
    if today < afbrud.day:
        return Judgement(refused="8202")
    if today > afbrud.last_day:
        return Judgement(refused="8204")
    courses = all_forloeb(events)
    others = list(_begun_of_other_kind(courses, afbrud, codes))
    return Judgement(
        opfyldt=any(
            not any(afbrud.dato <= other < eud for other in others) for eud in _active(courses, afbrud.day, codes)
        )
    )


def _active(courses: Iterable[Forloeb], day: date, codes: Kodesaet) -> Iterator[date]:
    """Yield DatoOptag of every EUD that is active on a day."""
    for forloeb in courses:
        begun = forloeb.dato_optag
        if begun is None or begun > day or not _is_eud(forloeb, codes):
            continue
        if forloeb.end is None or forloeb.end.haendelse_dato >= day:
            yield begun


def _begun_of_other_kind(courses: Iterable[Forloeb], afbrud: Afbrud, codes: Kodesaet) -> Iterator[date]:
    """Yield the day of every optag from an education service, except on an EUD, in the course of the afbrud and to an
    admission test (V 1.1).
    """
    for forloeb in courses:
        if forloeb != afbrud.course and not _is_eud(forloeb, codes):
            begun = (one for one in forloeb.events if one.optag and one.service in EDUCATION)
            yield from (one.haendelse_dato for one in begun if not is_test(one, codes))


def _is_eud(forloeb: Forloeb, codes: Kodesaet) -> bool:
    row = education_row(forloeb, codes)
    return row is not None and row.text("art") in EUD_ARTS
