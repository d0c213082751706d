"""7012: a new subscription although one is active.

A youth has one subscription at most, from any job centre; Ret changes its contact person. Source: V 3.2.

Wrong: ``Handling`` Opret twice.
Right: ``Handling`` Ret with the new contact person; Opret again after Afmeld.
"""

from udb.domain.elementer import HANDLING
from udb.domain.haendelse import OPRET, Indberetning
from udb.domain.services import JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the youth has an uddannelsespålæg already."""
    return Hit() if report.handling == OPRET and facts.paalaeg else None


RULE = Rule(
    code="7012",
    navn="Abonnementet findes allerede",
    name="Subscription exists already",
    alvor=Alvor.HAARD,
    element=HANDLING,
    tekst=(
        "Der er allerede et aktivt abonnement på den unge, og det skal ikke oprettes igen. Har den unge fået en anden "
        "kontaktperson, så brug Handling Ret; skal pålægget begynde på ny, så afmeld det først."
    ),
    text=(
        "There already is an active subscription to the youth; do not create another. If the youth has another contact "
        "person now, use Handling Ret; if the pålæg is to begin again, end it first."
    ),
    forklaring="En ung har højst ét abonnement, uanset jobcenter; Ret skifter kontaktpersonen.",
    forkert="Handling Opret to gange.",
    rigtigt="Handling Ret med den nye kontaktperson; Opret igen efter Afmeld.",
    source="V 3.2",
    services=frozenset({JOBCENTER}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
