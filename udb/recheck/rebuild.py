"""Rebuild one person's reports from the events, each with the facts by which it was judged: a pure function.

The registers of the day are not kept. An accepted report shows that the youth was known under its number and lived in
Denmark (at a kommune's report in that kommune), that the institution was in the register, and that there was a
subscription to end or none to make; the rest is today's register. What the look-up showed a kommune is not kept: here
it sees all of the youth's events.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from udb.domain.bevis import Beviser
from udb.domain.clock import danish_date, midnight
from udb.domain.haendelse import AFMELD, KONTAKTTID, OPRET, PAALAEG, UDDANNELSE, Haendelse, Indberetning
from udb.domain.kodesaet import COSA, ELEVTRIN, Kodesaet
from udb.domain.persons import RESIDENT, Institution, Person
from udb.domain.services import KOMMUNE_REPORTS, REPORTS
from udb.rules.facts import CODE_FIELDS, Facts, placed

_COMMON: Final = {field.name for field in fields(Haendelse)} & {field.name for field in fields(Indberetning)}
_HOME: Final = min(RESIDENT)
NOT_KEPT: Final[Mapping[str, frozenset[str]]] = {
    PAALAEG: frozenset({"7015"}),
    KONTAKTTID: frozenset({"7010"}),
    UDDANNELSE: frozenset({"7009"}),
}
"""By the event's art, the codes about what is not kept: the contact person of a subscription, and what a kommune saw of
the youth's other events.
"""


def reports(
    person: Person,
    events: Iterable[Haendelse],
    institutions: Mapping[str, Institution],
    codes: Kodesaet,
    *,
    beviser: Beviser,
    invented_cpr_allowed: bool,
) -> Iterator[tuple[Haendelse, Indberetning, Facts]]:
    """Yield every event that a report made, in order of number, with its report and the facts as they were before it.

    ``events``, ``beviser``: all of the person's. Further cancellations that came with one (after a change of number)
    have no report of their own and are left out.
    """
    before: dict[str, Haendelse] = {}
    for event in sorted(events, key=lambda event: event.nummer):
        if event.service in REPORTS and not _follows(event, before):
            report = as_report(event)
            institution = institutions.get(event.institution_nummer)
            facts = Facts(
                today=danish_date(event.registreringstid),
                invented_cpr_allowed=invented_cpr_allowed,
                person=_as_it_was(person, event, institution),
                institution=_as_registered(institution),
                codes=codes,
                events=tuple(before.values()),
                beviser=beviser,
                paalaeg=event.har_uddannelsespaalaeg is False,
                visible=frozenset(before),
            )
            yield event, report, placed(facts, report)
        _happened(event, before)


def as_report(event: Haendelse) -> Indberetning:
    """Return the report that made an event."""
    values: dict[str, Any] = {name: getattr(event, name) for name in _COMMON}
    values["haendelse_dato"] = event.haendelse_tid or midnight(event.haendelse_dato)
    values["haendelse_nummer"] = event.annulleret_haendelse_nummer
    if event.art == PAALAEG:
        handling = OPRET if event.har_uddannelsespaalaeg else AFMELD
        return Indberetning(
            **values | {"startdato": values["haendelse_dato"], "haendelse_dato": None, "handling": handling}
        )
    if event.kodesaet is not None and event.kodesaet != ELEVTRIN:
        values[CODE_FIELDS[event.kodesaet]] = event.kode
    if event.kodesaet == COSA:
        values["cosa_formaal_version"] = event.kode_version
    return Indberetning(**values)


def _as_it_was(person: Person, event: Haendelse, institution: Institution | None) -> Person:
    kommune = institution.kommunekode if institution and event.service in KOMMUNE_REPORTS else person.kommunekode
    status = person.status if person.resident else _HOME
    if (person.cprnr, person.status, person.kommunekode) == (event.cprnr, status, kommune):
        return person
    return replace(person, cprnr=event.cprnr, status=status, kommunekode=kommune)


def _as_registered(institution: Institution | None) -> Institution | None:
    return institution if institution is None or institution.in_register else replace(institution, in_register=True)


def _follows(event: Haendelse, before: Mapping[str, Haendelse]) -> bool:
    """Return whether a cancellation came with another one's, because their reports are one (V 1.4)."""
    cancelled = before.get(event.annulleret_haendelse_nummer or "")
    return cancelled is not None and any(
        other.plads == cancelled.plads and other.annulleret for other in before.values()
    )


def _happened(event: Haendelse, before: dict[str, Haendelse]) -> None:
    """Add an event, and mark the earlier one that it cancels or repeats."""
    if event.annulleret_haendelse_nummer in before:
        cancelled = before[event.annulleret_haendelse_nummer]
        before[cancelled.nummer] = replace(cancelled, annulleret=True)
    if event.gentager in before:
        repeated = before[event.gentager]
        before[repeated.nummer] = replace(repeated, gentaget=True)
    # Most stand: a copy of each would be a quarter of the time that judging takes.
    stands = not (event.annulleret or event.gentaget)
    before[event.nummer] = event if stands else replace(event, annulleret=False, gentaget=False)
