"""2003: this kind of institution may not use this service.

The code set ``institutionstyper`` has the services that each kind (institutionstype 3) may use today. Source: own.

Wrong: a folkeskole that reports over ``IndberetningUngdomsuddannelse``.
Right: the folkeskole reports over ``IndberetningForberedendeAktivitet``.
"""

from udb.domain.elementer import INSTITUTION_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import SERVICES
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import ALL_KINDS, Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the kind's row of today does not name the service."""
    if facts.institution is None:
        return None
    return None if facts.institution.may_use(report.service, facts.codes, facts.today) else Hit()


RULE = Rule(
    code="2003",
    navn="Forkert tjeneste for institutionen",
    name="Wrong service for the institution",
    alvor=Alvor.HAARD,
    element=INSTITUTION_NUMMER,
    tekst=(
        "Institutioner af denne type (institutionstype 3) må ikke bruge tjenesten. Brug den tjeneste, der hører til "
        "institutionens type, eller kontrollér InstitutionNummer og typen i Institutionsregisteret."
    ),
    text=(
        "Institutions of this type (institutionstype 3) may not use this service. Use the service for the "
        "institution's type, or check InstitutionNummer and the type in Institutionsregisteret."
    ),
    forklaring=(
        "Kodesættet institutionstyper fortæller, hvilke tjenester en type institution (institutionstype 3) må "
        "bruge i dag."
    ),
    forkert="En folkeskole, der indberetter gennem IndberetningUngdomsuddannelse.",
    rigtigt="Folkeskolen indberetter gennem IndberetningForberedendeAktivitet.",
    source="own",
    services=frozenset(SERVICES),
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
    judges=ALL_KINDS,
)
