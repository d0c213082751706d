"""The events an accepted report makes: a pure function of the report and the facts."""

from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Final

from udb.domain.clock import danish
from udb.domain.forloeb import all_forloeb, forloeb_of
from udb.domain.haendelse import FIELDS, KONTAKTTID, UDDANNELSE, Haendelse, Indberetning, new_event_of
from udb.domain.haendelse import JOBCENTER as JOBCENTER_ART
from udb.domain.identifiers import event_number, forloeb_id
from udb.domain.services import EDUCATION, JOBCENTER, KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID
from udb.rules.facts import Facts, education_code
from udb.store.numbers import PENDING

_ARTER: Final = {
    **dict.fromkeys((*EDUCATION, KOMMUNE_AKTIVITET), UDDANNELSE),
    KONTAKT_TILBUDSTID: KONTAKTTID,
    JOBCENTER: JOBCENTER_ART,
}
_COMMON: Final = tuple(
    field.name for field in fields(Indberetning) if field.name in FIELDS and field.name != "haendelse_dato"
)
"""The fields that an event takes over from its report unchanged; the event's date is the Danish one."""
_common: Final = attrgetter(*_COMMON)


def new_event(report: Indberetning, facts: Facts, now: datetime, number: int) -> Haendelse:
    """Return the event of an accepted report under a drawn number, with the id of the forloeb it belongs to."""
    twin = facts.placement.twin
    code = education_code(report)
    art = _ARTER[report.service]
    nummer = event_number(number)
    event = new_event_of(
        **dict(zip(_COMMON, _common(report), strict=True)),
        nummer=nummer,
        plads=twin.plads if twin else nummer,
        gentager=twin.nummer if twin else None,
        art=art,
        hovedinstitution=facts.hovedinstitution or report.institution_nummer,
        haendelse_dato=report.dato,
        haendelse_tid=danish(report.haendelse_dato) if art == KONTAKTTID and report.haendelse_dato else None,
        registreringstid=now,
        kodesaet=code[0] if code else None,
        kode=code[1] if code else None,
        kode_version=report.cosa_formaal_version,
    )
    if art == KONTAKTTID:
        return event
    return event.but(forloeb_id=twin.forloeb_id if twin else _name_of_forloeb(event, facts) or forloeb_id(number))


def with_number(event: Haendelse, number: int) -> Haendelse:
    """Return an event that was made under the pending number under the number that was drawn for it."""
    changed = {"nummer": event_number(number)}
    if event.plads == event.nummer:
        changed["plads"] = changed["nummer"]
    if event.forloeb_id == forloeb_id(PENDING):
        changed["forloeb_id"] = forloeb_id(number)
    return event.but(**changed)


def _name_of_forloeb(event: Haendelse, facts: Facts) -> str | None:
    """Return the id of the event with the highest number already in the group the new event joins."""
    # A mark joins the forloeb it refers to; every other event joins those of its own code.
    mark = event.ifoelge_kommunen is not None
    near = [other for other in facts.events if mark or other.kode == event.kode or other.ifoelge_kommunen is not None]
    if not near:
        return None
    found = forloeb_of(event.nummer, all_forloeb((*near, event)))
    others = [member for member in (*found.events, *found.marks) if member is not event] if found else []
    return max(others, key=lambda member: member.nummer).forloeb_id if others else None


def cancellations(
    report: Indberetning, facts: Facts, now: datetime, draw: Callable[[int], Sequence[int]]
) -> list[Haendelse]:
    """Return the cancellations of the named report, first, and of those that are one with it after a number change (V
    1.4).

    ``draw`` returns that many numbers in ascending order.
    """
    named = facts.event(report.haendelse_nummer)
    assert named is not None, "6001 and 6002 refuse a cancellation that names no report"
    others = [event for event in facts.events if event.plads == named.plads and event is not named]
    cancelled = [named, *(event for event in others if not event.annullering)]
    numbers = [event_number(number) for number in draw(len(cancelled))]
    return [
        event.but(
            nummer=nummer,
            plads=nummer,
            annullering=True,
            annulleret=False,
            gentaget=False,
            gentager=None,
            annulleret_haendelse_nummer=event.nummer,
            registreringstid=now,
        )
        for event, nummer in zip(cancelled, numbers, strict=True)
    ]
