"""6002: the caller may not cancel the report with this number for this youth.

The number is unknown, of another person, or reported under another main institution or over another service. All have
the same answer, which reveals nothing about others' reports. A subscription cannot be cancelled: Afmeld ends it. A
kommune where the youth does not live is refused by 7001 instead. Source: own.

Wrong: the number of a report on another youth.
Right: the number of the institution's own report on this youth, also one made by another department of the same main
    institution.
"""

from udb.domain.elementer import HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_ANNULLERING
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, own_report
from udb.rules.rule import CANCELLATIONS_ALONE, Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the youth has no such report from this caller; a message without a number is 6001's."""
    return Hit() if report.haendelse_nummer is not None and own_report(report, facts) is None else None


RULE = Rule(
    code="6002",
    navn="Kan ikke annulleres her",
    name="Cannot be cancelled here",
    alvor=Alvor.HAARD,
    element=HAENDELSE_NUMMER,
    tekst=(
        "HaendelseNummer hører ikke til en indberetning, I kan annullere her. Den skal handle om denne unge og være "
        "indberettet af samme hovedinstitution gennem samme tjeneste. Kontrollér HaendelseNummer, CPRNr og "
        "InstitutionNummer."
    ),
    text=(
        "HaendelseNummer does not belong to a report that you can cancel here. The report must be about this youth, "
        "made by the same main institution through the same service. Check HaendelseNummer, CPRNr and "
        "InstitutionNummer."
    ),
    forklaring=(
        "Nummeret er ukendt, hører til en anden person eller er indberettet af en anden hovedinstitution eller "
        "gennem en anden tjeneste. Svaret er det samme for alle, så det ikke røber noget om andres indberetninger. "
        "Et abonnement kan ikke annulleres; det ophører med Afmeld. En kommune, hvor den unge ikke bor, får i stedet "
        "7001."
    ),
    forkert="Nummeret på en indberetning om en anden ung.",
    rigtigt=(
        "Nummeret på institutionens egen indberetning om den unge, også fra en anden afdeling af samme "
        "hovedinstitution."
    ),
    source="own",
    services=WITH_ANNULLERING,
    check=check,
    silenced_by=NO_INSTITUTION,
    judges=CANCELLATIONS_ALONE,
)
