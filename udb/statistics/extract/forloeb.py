"""The file ``forloeb``: each standing forløb of the period, as of the day."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from udb.domain.forloeb import Forloeb
from udb.domain.haendelse import Haendelse
from udb.domain.identifiers import drawn_number, forloeb_id
from udb.domain.kodesaet import COSA, Kodesaet
from udb.statistics.definitions.courses import slags_of
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found

NAME: Final = "forloeb"
COLUMNS: Final = (
    *("id", "forloeb_nr", "service", "kodesaet", "kode", "version", "art", "institution", "hovedinstitution", "type3"),
    *("dato_optag", "slutdato", "slutstatus", "aarsag", "risiko", "risiko_dato", "kilde_leverandoer"),
    "antal_haendelser",
)
RISK: Final = "Risiko"
"""The kommune's mark of a risk (V 2.3)."""


def numbered(courses: Sequence[Forloeb]) -> dict[str, Forloeb]:
    """Return the forloeb of one youth by their numbers: each the ForloebId of its first event.

    Where a cancellation has divided a forloeb, the later part gets the number that it would have opened with.
    """
    found: dict[str, Forloeb] = {}
    for course in courses:
        first = course.events[0]
        name = first.forloeb_id
        if name is None or name in found:
            name = forloeb_id(drawn_number(first.plads))
        found[name] = course
    return found


def rows(found: Found, moment: Moment, courses: Mapping[str, Forloeb]) -> list[tuple[Any, ...]]:
    """Return the rows of a youth, by number. ``courses``: those of the period, by number."""
    return [(found.id, number, *_row(courses[number], moment)) for number in sorted(courses)]


def in_period(course: Forloeb, moment: Moment) -> bool:
    """Return whether a forloeb is open on a day of the period, or has an event or a mark in it."""
    request = moment.request
    if any(request.covers(event.haendelse_dato) for event in (*course.events, *course.marks)):
        return True
    begun, end = course.dato_optag, course.end
    return begun is not None and begun <= request.day and (end is None or end.haendelse_dato > request.first)


def _row(course: Forloeb, moment: Moment) -> tuple[Any, ...]:
    day = moment.request.day
    first = course.first or course.events[0]
    events = [event for event in (*course.events, *course.marks) if event.haendelse_dato <= day]
    end = course.end if course.end is not None and course.end.haendelse_dato <= day else None
    begun = course.dato_optag if course.dato_optag is not None and course.dato_optag <= day else None
    risk = min((event.haendelse_dato for event in events if event.risk or event.ifoelge_kommunen == RISK), default=None)
    school = moment.institutions.get(first.institution_nummer)
    return (
        first.service,
        first.kodesaet,
        first.kode,
        first.kode_version,
        _art(course, first, moment.codes),
        first.institution_nummer,
        first.hovedinstitution,
        school.type3 if school is not None else None,
        begun,
        end.haendelse_dato if end is not None else None,
        end.status if end is not None else None,
        end.afbrudsarsags_kode if end is not None else None,
        risk is not None,
        risk,
        first.kilde_leverandoer,
        len(events),
    )


def _art(course: Forloeb, first: Haendelse, codes: Kodesaet) -> str | None:
    """Return what the code set says of the code, or else what it is to the figures."""
    version = str(first.kode_version) if first.kodesaet == COSA else None
    row = codes.describing(first.kodesaet or "", first.kode or "", first.haendelse_dato, version)
    art = row.text("art") if row is not None else ""
    return art or slags_of(course, codes)
