"""Which afbrud call for a contact, and what is said of each: pure functions over one youth's events (V 2.4)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Final

from udb.beskaeftigelse.grad import FULL_15
from udb.domain.clock import month_end
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import AFBRUDT, BESKAEFTIGELSE, KONTAKTTID, UDDANNELSE, Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.optagelsesproeve import is_test
from udb.domain.services import EDUCATION
from udb.statistics.definitions.courses import Course

ACCORDING_TO_KOMMUNE: Final = "Afbrud"
"""The kommune's mark that an education is broken off (V 2.3)."""
CONTACTED: Final = "Kontakttid"
OFFERED: Final = "Tilbudstid"


def calls_for_contact(event: Haendelse) -> bool:
    """Return whether an event calls for a contact: an afbrud of an education, or one according to the kommune."""
    if event.ifoelge_kommunen is not None:
        return event.ifoelge_kommunen == ACCORDING_TO_KOMMUNE
    return event.art == UDDANNELSE and event.status == AFBRUDT and event.service in EDUCATION


def is_of_age(event: Haendelse, turns_15: date, turns_18: date) -> bool:
    """Return whether a youth was 15 to 17 on the day of an event."""
    return turns_15 <= event.haendelse_dato < turns_18


def numbers_of(event: Haendelse, events: Iterable[Haendelse]) -> frozenset[str]:
    """Return the numbers of an event and of all that it repeats after changes of CPR number, which are one (V 1.4).

    ``events``: the youth's, also those that were repeated.
    """
    return frozenset({event.nummer, *(one.nummer for one in events if one.plads == event.plads)})


def marks_of(afbrud: Haendelse, events: Sequence[Haendelse], kommuner: Collection[str]) -> list[Haendelse]:
    """Return a kommune's own marks of an afbrud: those that are the afbrud itself, or about the same forloeb.

    ``kommuner``: the numbers of the kommune. A forloeb that no figure counts, as an admission test, has marks too.
    """
    marks = [
        one
        for one in events
        if one.standing and one.ifoelge_kommunen == ACCORDING_TO_KOMMUNE and one.institution_nummer in kommuner
    ]
    found = all_forloeb(events) if marks else []
    return [mark for mark in marks if mark.nummer == afbrud.nummer or _share_one(mark, afbrud, found)]


def _share_one(mark: Haendelse, afbrud: Haendelse, found: Iterable[Forloeb]) -> bool:
    return any(mark in one.marks and afbrud in one.events for one in found)


def contact_days(numbers: Collection[str], events: Sequence[Haendelse], kind: str = CONTACTED) -> list[date]:
    """Return the days of the Kontakttid reports about an afbrud, or of those of the other kind.

    ``numbers``: the afbrud's own, and those of what it repeats.
    """
    return [
        one.haendelse_dato
        for one in events
        if one.art == KONTAKTTID and one.type == kind and one.standing and one.afbrud_haendelse_nummer in numbers
    ]


def is_owed(afbrud: Haendelse, events: Sequence[Haendelse], courses: Sequence[Course], codes: Kodesaet) -> bool:
    """Return whether no other education has begun (7010), and the youth did not work full time that month (B20)."""
    for course in courses:
        forloeb = course.forloeb
        if forloeb is None or not forloeb.open or afbrud in (*forloeb.events, *forloeb.marks):
            continue
        if any(
            one.optag
            and one.service in EDUCATION
            and one.haendelse_dato >= afbrud.haendelse_dato
            and not is_test(one, codes)
            for one in forloeb.events
        ):
            return False
    month = month_end(afbrud.haendelse_dato)
    shown = [one for one in events if one.art == BESKAEFTIGELSE and one.haendelse_dato <= month]
    latest = max(shown, key=lambda one: (one.haendelse_dato, one.nummer), default=None)
    return latest is None or (latest.beskaeftigelsesgrad or 0) < FULL_15
