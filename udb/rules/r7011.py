"""7011: an institution's contact person for a youth without an uddannelsespålæg, or without an open forløb there.

Both have the same answer, so that it does not reveal whether the youth has an uddannelsespålæg. The forløb may be
at any number of the same main institution. Source: STIL's interface pages.

Wrong: a contact person for a youth who left the institution.
Right: a contact person for a youth who has an uddannelsespålæg and is admitted at the institution.
"""

from udb.domain.elementer import CPRNR
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import Indberetning
from udb.domain.services import INSTITUTION_KONTAKT
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit unless the youth has both."""
    here = any(forloeb.open_at == facts.hovedinstitution for forloeb in all_forloeb(facts.events))
    return None if facts.paalaeg and here else Hit()


RULE = Rule(
    code="7011",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Kontaktpersonen kan kun indberettes for en ung, der både har et uddannelsespålæg og et åbent forløb på jeres "
        "institution. Kontrollér CPRNr, InstitutionNummer og jeres indberetninger om den unge; er de rigtige, så lad "
        "være med at indberette."
    ),
    text=(
        "The contact person can be reported only for a youth who has both an uddannelsespålæg and an open forløb at "
        "your institution. Check CPRNr, InstitutionNummer and your reports on the youth; if they are right, do not "
        "report."
    ),
    source="STIL's interface pages",
    services=frozenset({INSTITUTION_KONTAKT}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
