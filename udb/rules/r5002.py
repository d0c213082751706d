"""5002: a Status 1 report that brings nothing new.

A valid Status 1 report of the open forløb agrees with it in every value it has, also when another source system sent
that one. Or no forløb is open, an ended forløb has a Status 1 report with the same date and risk mark, and the date is
before that forløb's end. A pause of up to a year and a change of student system need no new optag.
Source: V 1.1, 1.2.

Wrong: the optag of last August once more, because the school has a new student system.
Right: a Status 1 report of the same forløb with another ``Speciale``, or with the risk mark.
"""

from udb.domain.elementer import STATUS
from udb.domain.forloeb import Forloeb
from udb.domain.haendelse import OPTAGET, Haendelse, Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, callers_own
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit with the first matching report of the caller's own as the report it is about."""
    if report.status != OPTAGET or facts.placement.twin is not None:
        return None
    standing = facts.placement.open
    if standing is not None:
        known = [event for event in standing.events if _agrees(report, event)]
    else:
        known = [event for forloeb in facts.placement.forloeb for event in _told_before(report, forloeb)]
    return Hit(vedroerer=callers_own(known, facts)) if known else None


def _agrees(report: Indberetning, event: Haendelse) -> bool:
    """Return whether the event has all values of the report; an absent mark counts as false."""
    if report.dato != event.haendelse_dato or report.institution_nummer != event.institution_nummer:
        return False
    if report.risk != event.risk:
        return False
    if report.gennemfoert_hf is not None and report.gennemfoert_hf != bool(event.gennemfoert_hf):
        return False
    said = (
        (report.cosa_formaal_version, event.kode_version),
        (report.speciale, event.speciale),
        (report.skoleperiode, event.skoleperiode),
        (report.praktiksted, event.praktiksted),
        (report.elev_trin, event.elev_trin),
        (report.klasse_trin, event.klasse_trin),
        (report.klasse_type, event.klasse_type),
        (report.klasse_navn, event.klasse_navn),
    )
    return all(new is None or new == old for new, old in said)


def _told_before(report: Indberetning, forloeb: Forloeb) -> list[Haendelse]:
    """Return the Status 1 reports of an ended forløb with the same date and risk mark, dated before its end."""
    if forloeb.end is None or report.dato >= forloeb.end.haendelse_dato:
        return []
    # The end itself is dated later.
    return [event for event in forloeb.events if event.risk == report.risk and event.haendelse_dato == report.dato]


RULE = Rule(
    code="5002",
    navn="Allerede indberettet",
    name="Already reported",
    alvor=Alvor.HAARD,
    element=STATUS,
    tekst=(
        "Det samme er allerede indberettet og skal ikke indberettes igen. Optaget skal heller ikke indberettes igen "
        "efter en pause på op til et år, når I skifter studieadministrativt system, eller fra et andet system. Er den "
        "unge optaget igen efter et afbrud, så brug den nye startdato; er den tidligere indberetning forkert, så "
        "annullér den først."
    ),
    text=(
        "The same has already been reported and must not be reported again. Do not report the optag again after a "
        "pause of up to a year, when you change student system, or from another system. If the youth is admitted again "
        "after an afbrud, use the new start date; if the earlier report is wrong, cancel it first."
    ),
    forklaring=(
        "En gældende indberetning med Status 1 i det åbne forløb stemmer overens med denne i alle dens værdier, "
        "også når den kom fra et andet kildesystem. Eller intet forløb er åbent, et afsluttet forløb har en "
        "indberetning med Status 1 med samme dato og risikomarkering, og datoen ligger før forløbets afslutning. "
        "Hverken en pause på op til et år eller et nyt studieadministrativt system kræver et nyt optag."
    ),
    forkert="Optaget fra august sendt igen, fordi skolen har fået nyt studieadministrativt system.",
    rigtigt="En indberetning med Status 1 i samme forløb med et andet Speciale eller med risikomarkeringen.",
    source="V 1.1, 1.2",
    services=WITH_STATUS,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
