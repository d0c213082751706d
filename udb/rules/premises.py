"""Conditions that several rules share, about a report and its place in the youth's history."""

from collections.abc import Iterable
from datetime import date

from udb.domain.forloeb import Forloeb, belongs_to_ended
from udb.domain.haendelse import AFBRUDT, OPTAGET, PAALAEG, Haendelse, Indberetning
from udb.domain.kodesaet import COSA, Row
from udb.domain.services import CONTACTS
from udb.rules.facts import Facts, Placement

SINGLE_SUBJECTS = frozenset({"hf_enkeltfag", "avu", "fvu", "obu"})

# Silences (rules.md, Silence): codes that take away the premise of a whole group of rules.
NO_INSTITUTION = frozenset({"2001"})
NO_CODE = frozenset({"4001", "4002", "4007", "4008", "4013", "4014", "4015", "4016", "4018"})
NO_CANCELLED_REPORT = frozenset({"6001", "6002", "6005"})
NO_AFBRUD = frozenset({"7006"})

_REMOVES_JOB = frozenset({"Job", "Begge"})
_REMOVES_UDDANNELSE = frozenset({"Uddannelse", "Begge"})


def is_risk(report: Indberetning) -> bool:
    """Return whether this is a Status 1 report with the risk mark."""
    return report.status == OPTAGET and report.risk


def is_optag(report: Indberetning) -> bool:
    """Return whether this is a Status 1 report without the risk mark, and not according to the kommune."""
    return report.status == OPTAGET and not report.risk and report.ifoelge_kommunen is None


def joined_forloeb(report: Indberetning, placement: Placement) -> Forloeb | None:
    """Return the forloeb that a report joins, open or ended, or ends; None when it begins its own."""
    last = placement.last
    if last is None or last.open:
        return last
    filed = report.status == OPTAGET and belongs_to_ended(report.dato, last.events, last.end, risk=report.risk)
    return last if filed else None


def optag_date(report: Indberetning, placement: Placement) -> date | None:
    """Return the earliest date of an optag (not a risk) in the forloeb that a report joins or ends; None without.

    A second optag may move the start to an earlier day; DatoOptag stays that of the first.
    """
    forloeb = joined_forloeb(report, placement)
    return min((event.haendelse_dato for event in forloeb.events if event.optag), default=None) if forloeb else None


def education_row(report: Indberetning, facts: Facts) -> Row | None:
    """Return the row of a report's purpose (CØSA formål) on the event date; None without a known purpose."""
    if report.cosa_formaal is None:
        return None
    return facts.codes.describing(COSA, report.cosa_formaal, report.dato, str(report.cosa_formaal_version))


def art(report: Indberetning, facts: Facts) -> str:
    """Return the kind of education of a report's purpose; empty without a known purpose."""
    row = education_row(report, facts)
    return row.text("art") if row else ""


def may_be_taken_again(report: Indberetning, facts: Facts) -> bool:
    """Return whether a report's education code is exempt from the rule of no optag after a gennemført (V 1.3)."""
    key = facts.placement.key
    if key is None:
        return False
    version = str(report.cosa_formaal_version) if key.kodesaet == COSA else None
    row = facts.codes.describing(key.kodesaet, key.kode, report.dato, version)
    return row is not None and row.flag("genoptag")


def code_unusable(report: Indberetning, facts: Facts, saet: str, kode: str, variant: str | None = None) -> bool:
    """Return whether a report's education code is unknown, or was valid on none of the days that count (rules.md 4).

    Without the youth or the institution no history shows which days count; then only an unknown code is unusable.
    """
    rows = list(facts.codes.rows(saet, kode, variant))
    if not rows or facts.placement.key is None:
        return not rows
    if any(row.valid_on(report.dato) for row in rows):
        return False
    forloeb = joined_forloeb(report, facts.placement)
    if report.status == OPTAGET and forloeb is None:
        return True
    started = forloeb.dato_optag if forloeb else None
    if started is None:
        return all(row.gyldig_fra > report.dato for row in rows)
    return not any(row.valid_on(started) for row in rows)


def lives_with_caller(facts: Facts) -> bool:
    """Return whether the caller is the youth's home kommune; an unknown youth has no home kommune."""
    kommune = facts.institution.kommunekode if facts.institution else None
    person = facts.person
    return kommune is not None and person is not None and person.resident and person.kommunekode == kommune


def seen(facts: Facts) -> tuple[Haendelse, ...]:
    """Return the youth's events that the calling kommune sees in the look-up: what it is answered about no others."""
    return tuple(event for event in facts.events if event.nummer in facts.visible)


def own_report(report: Indberetning, facts: Facts) -> Haendelse | None:
    """Return the report that a cancellation names, if the caller's main institution made it over this service.

    A subscription is no report that can be cancelled.
    """
    event = facts.event(report.haendelse_nummer)
    if event is None or event.art == PAALAEG:
        return None
    own = event.service == report.service and event.hovedinstitution == facts.hovedinstitution
    return event if own else None


def afbrud_referred_to(report: Indberetning, facts: Facts) -> Haendelse | None:
    """Return the valid afbrud, or afbrud according to the kommune, that a contact or offer time refers to; None also
    when the kommune does not see it.

    A report and its repetition after a change of CPR number count as one: either number refers to the valid one.
    """
    named = facts.event(report.afbrud_haendelse_nummer)
    if named is None:
        return None
    standing = next((event for event in seen(facts) if event.plads == named.plads and event.standing), None)
    if standing is None or (standing.status != AFBRUDT and standing.ifoelge_kommunen != "Afbrud"):
        return None
    return standing


def names_contact(report: Indberetning) -> bool:
    """Return whether a message must name a contact person or does; a job centre's subscription may leave it out."""
    return report.service in CONTACTS or report.kontakt_navn is not None


def callers_own(events: Iterable[Haendelse], facts: Facts) -> str | None:
    """Return the number of the first event that the caller's main institution reported, None if there is none."""
    # The events of a job centre's forloeb may be from other job centres.
    return next((event.nummer for event in events if event.hovedinstitution == facts.hovedinstitution), None)


def wishes(report: Indberetning) -> tuple[str, ...]:
    """Return all wishes of a message."""
    return report.job_onsker + report.uddannelses_onsker


def wishes_to_register(report: Indberetning) -> tuple[str, ...]:
    """Return the wishes of the kinds that ``Slet`` does not delete."""
    jobs = () if report.slet in _REMOVES_JOB else report.job_onsker
    return jobs + (() if report.slet in _REMOVES_UDDANNELSE else report.uddannelses_onsker)
