"""A second reading of "From afbrud to contact" (docs/spec/figures.md), slow and plain: of what is told, day by day.

It computes the holidays by itself, and asks no module of the figures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tests.support.figure_youths import LEFT, TEST, Course, Told
from tests.support.told_afbrud import Contact, Fetch

KOMMUNER: Final = {"281851": "851", "281101": "101", "281751": "751"}
"""The kommune of each number of one."""
HERE: Final = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True)
class Afbrud:
    """What was broken off on a day. ``at``: when it was registered, and again if it was repeated; ``of``: the course,
    None when it names none; ``by``: the kommune's number, of its own mark.
    """

    day: date
    at: Sequence[datetime]
    of: Course | None
    fetched: Sequence[Fetch] = ()
    contacts: Sequence[Contact] = ()
    by: str | None = None


def easter(year: int) -> date:
    """Return Easter Sunday: the first Sunday after the first full moon of spring (Gauss)."""
    century = year // 100
    moon = (19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 100 % 4) % 7
    month, day = divmod(moon + week - 7 * ((year % 19 + 11 * moon + 22 * week) // 451) + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    if (day.month, day.day) in {(1, 1), (12, 25), (12, 26)}:
        return True
    after_easter = (day - easter(day.year)).days
    return after_easter in {-3, -2, 0, 1, 39, 49, 50} or (after_easter == 26 and day.year <= 2023)


def works(day: date) -> bool:
    return day.isoweekday() <= 5 and not is_holiday(day)


def due(known: date) -> date:
    """Return the fifth working day after a day."""
    day, left = known, 5
    while left:
        day += timedelta(days=1)
        if works(day):
            left -= 1
    return day


def working_days(known: date, contact: date) -> int:
    day, found = known, 0
    while day < contact:
        day += timedelta(days=1)
        found += works(day)
    return found


def here(at: datetime) -> date:
    return at.astimezone(HERE).date()


def all_afbrud(one: Told, registered: datetime) -> Iterator[Afbrud]:
    """Yield what calls for a contact: an afbrud of an education, or one according to a kommune."""
    for course in one.courses:
        if course.noise:
            # A mark that no kommune made and that names no forloeb.
            yield Afbrud(course.fra or date(2020, 1, 1), [registered], None)
        if course.kind != "kommune" and course.ends == LEFT and course.til is not None:
            again = [course.repeated] if course.repeated else []
            yield Afbrud(course.til, [course.registered, *again], course, course.fetched, course.contacts)
        for mark in course.marks:
            if mark.stands:
                yield Afbrud(mark.day, [mark.at], course, mark.fetched, mark.contacts, mark.by)


def is_owed(one: Told, afbrud: Afbrud, last_of_month: date) -> bool:
    """Return whether no later optag of another education is open, and the youth did not work full time that month."""
    for course in one.courses:
        is_education = course.kind != "kommune" and (course.kind, course.kode) != ("formaal", TEST)
        is_optag = course.fra is not None and not course.risk
        if is_education and is_optag and course.ends is None and course is not afbrud.of:
            assert course.fra is not None
            if course.fra >= afbrud.day:
                return False
    known = [(work.day, number, work.degree) for number, work in enumerate(one.work) if not work.expired]
    until = [found for found in known if found[0] <= last_of_month]
    return not until or max(until)[2] < 54


def days_known(one: Told, afbrud: Afbrud, home: str | None) -> Iterable[date]:
    """Yield the days on which the home kommune learned of an afbrud."""
    for fetch in afbrud.fetched:
        if home is not None and KOMMUNER.get(fetch.by) == home:
            yield here(fetch.at)
    for look in one.looks:
        if home is not None and KOMMUNER.get(look.by) == home and look.had is not False and look.at >= min(afbrud.at):
            yield here(look.at)
    own = [(afbrud.by, min(afbrud.at))] if afbrud.by else []
    if afbrud.by is None and afbrud.of is not None:
        own = [(mark.by, mark.at) for mark in afbrud.of.marks if mark.stands]
    for by, at in own:
        if home is not None and KOMMUNER.get(by) == home:
            yield here(at)


def outcome(one: Told, afbrud: Afbrud, home: str | None, last_of_month: date, day: date) -> set[str]:
    """Return what an afbrud counts in as of a day."""
    if not is_owed(one, afbrud, last_of_month):
        return {"ikke_skyldig"}
    known = [found for found in days_known(one, afbrud, home) if found <= day]
    if not known:
        return {"ikke_hentet"}
    contacts = [c.day for c in afbrud.contacts if c.kind == "Kontakttid" and c.stands and c.day <= day]
    last = due(min(known))
    if contacts:
        days = f"dage_{working_days(min(known), min(contacts)):02}"
        return {"i_tide" if min(contacts) <= last else "for_sent", days}
    return {"overskredet" if day > last else "aaben"}
