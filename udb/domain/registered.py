"""How long a course has been reported, which decides whether it opens a look-up (access.md A11) and for rule 7011.

The registration counts and not the dates that the report names: these are the reporter's own words.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from udb.domain.clock import midnight
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import COSA


def registered_before(today: date, days: int) -> datetime | None:
    """Return the instant before which a report was registered if that is at least ``days`` days ago.

    Whole Danish days; None when no days are demanded, so that every report counts.
    """
    return midnight(today - timedelta(days=days - 1)) if days else None


def was_registered(event: Haendelse, events: Iterable[Haendelse], before: datetime | None) -> bool:
    """Return whether a report counts; a repetition after a number change counts from the report that it repeats.

    ``events``: all events of the person. ``before``: see ``registered_before``.
    """
    if before is None:
        return True
    return any(one.nummer == event.plads and one.registreringstid < before for one in events)


def open_at(
    courses: Iterable[Forloeb], hovedinstitution: str | None, events: Iterable[Haendelse], before: datetime | None
) -> list[Forloeb]:
    """Return the courses open at a main institution of which some standing report counts (``was_registered``)."""
    events = list(events)
    return [
        course
        for course in courses
        if course.open_at is not None
        and course.open_at == hovedinstitution
        and any(was_registered(one, events, before) for one in course.events)
    ]


def ended_at(
    events: Iterable[Haendelse], hovedinstitution: str, status: int, formaal: Collection[str], before: datetime | None
) -> list[tuple[Forloeb, Haendelse]]:
    """Return the courses of some CØSA formål that ended at a main institution with a status, each with its end, if the
    end counts (``was_registered``).
    """
    events = list(events)
    return [
        (course, course.end)
        for course in all_forloeb(events)
        if course.key.kodesaet == COSA
        and course.key.kode in formaal
        and course.key.hovedinstitution == hovedinstitution
        and course.end is not None
        and course.end.status == status
        and was_registered(course.end, events, before)
    ]
