"""6004: the cancellation leaves a forløb without its optag although it still has valid events.

The forløb are grouped again without the report and without every report in the same place. A risk is not an optag here.
Source: own.

Wrong: to cancel an optag and leave the afbrud that ended its forløb.
Right: to cancel the afbrud first and then the optag, or to report the right optag afterwards.
"""

from collections.abc import Iterable

from udb.domain.elementer import HAENDELSE_NUMMER
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import Haendelse, Indberetning
from udb.domain.services import WITH_ANNULLERING
from udb.rules.facts import Facts
from udb.rules.premises import NO_CANCELLED_REPORT, NO_INSTITUTION
from udb.rules.rule import CANCELLATIONS_ALONE, Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when some event had an optag in its forløb and will have none."""
    cancelled = facts.event(report.haendelse_nummer)
    if cancelled is None:
        return None
    remaining = [event for event in facts.events if event.plads != cancelled.plads]
    return Hit() if _with_optag(facts.events) & _without_optag(remaining) else None


def _with_optag(events: Iterable[Haendelse]) -> set[str]:
    """Return the numbers of the events whose forløb has an optag."""
    return {event.nummer for forloeb in all_forloeb(events) if forloeb.optag for event in forloeb.events}


def _without_optag(events: Iterable[Haendelse]) -> set[str]:
    """Return the numbers of the events whose forløb has none."""
    return {event.nummer for forloeb in all_forloeb(events) if not forloeb.optag for event in forloeb.events}


RULE = Rule(
    code="6004",
    navn="Forløb uden optag",
    name="Forløb without an optag",
    alvor=Alvor.BLOED,
    element=HAENDELSE_NUMMER,
    tekst=(
        "Efter annulleringen har de øvrige indberetninger i forløbet intet optag. Skal de heller ikke gælde, så "
        "annullér også dem. Indberet ellers det rigtige optag."
    ),
    text=(
        "After the cancellation the other reports in the forløb have no optag. If they should not count either, cancel "
        "them too. Otherwise report the right optag."
    ),
    forklaring=(
        "Annulleringen fjerner optaget fra et forløb, der stadig har gældende indberetninger. Forløbene dannes "
        "igen uden indberetningen og uden dens gentagelser. En risiko er ikke et optag her."
    ),
    forkert="At annullere et optag og lade det afbrud stå, der afsluttede forløbet.",
    rigtigt="At annullere først afbruddet og så optaget, eller at indberette det rigtige optag bagefter.",
    source="own",
    services=WITH_ANNULLERING,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CANCELLED_REPORT,
    judges=CANCELLATIONS_ALONE,
)
