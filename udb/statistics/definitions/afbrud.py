"""Which afbrud call for a contact, and what is said of each: pure functions over one youth's events (V 2.4)."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Final

from udb.beskaeftigelse.grad import FULL_15
from udb.domain.clock import month_end
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


def marks_of(afbrud: Haendelse, events: Sequence[Haendelse], courses: Sequence[Course]) -> list[Haendelse]:
    """Return the kommune's own marks of an afbrud: those that are the afbrud itself, or about the same forloeb."""
    marks = (one for one in events if one.ifoelge_kommunen == ACCORDING_TO_KOMMUNE)
    return [mark for mark in marks if _same(mark, afbrud, courses)]


def _same(mark: Haendelse, afbrud: Haendelse, courses: Sequence[Course]) -> bool:
    if mark.nummer == afbrud.nummer:
        return True
    members = (one.forloeb for one in courses if one.forloeb is not None)
    return any(mark in one.marks and afbrud in one.events for one in members)


def contact_days(numbers: Collection[str], events: Sequence[Haendelse], kind: str = CONTACTED) -> list[date]:
    """Return the days of the Kontakttid reports about an afbrud, or of those of the other kind.

    ``numbers``: the afbrud's own, and those of the reports that it repeats after a change of CPR number (V 1.4).
    """
    return [
        one.haendelse_dato
        for one in events
        if one.art == KONTAKTTID and one.type == kind and one.afbrud_haendelse_nummer in numbers
    ]


def reports_of(event: Haendelse, events: Sequence[Haendelse]) -> list[Haendelse]:
    """Return an event with the reports that it repeats after a change of CPR number: together they are one (V 1.4).

    ``events``: all of the youth, repeated ones too.
    """
    return [one for one in events if one.plads == event.plads]


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
