"""7013: a change or an end of a subscription although none is active.

A subscription ends by Afmeld, and by itself at the 30th birthday, at death and at emigration. Source: V 3.2.

Wrong: ``Handling`` Afmeld twice; Afmeld on the 30th birthday.
Right: ``Handling`` Afmeld on the day before the 30th birthday.
"""

from udb.domain.elementer import HANDLING
from udb.domain.haendelse import AFMELD, RET, Indberetning, Kind
from udb.domain.services import JOBCENTER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the youth has no uddannelsespålæg."""
    return Hit() if report.handling in {RET, AFMELD} and not facts.paalaeg else None


RULE = Rule(
    code="7013",
    navn="Intet abonnement",
    name="No subscription",
    alvor=Alvor.HAARD,
    element=HANDLING,
    tekst=(
        "Der er intet aktivt abonnement på den unge at rette eller afmelde: det er aldrig oprettet, allerede afmeldt "
        "eller ophørt automatisk, fordi den unge er fyldt 30 år, udrejst eller død. Skal den unge have et pålæg, så "
        "brug Handling Opret. Ellers skal I ikke foretage jer mere."
    ),
    text=(
        "There is no active subscription to the youth to change or end: it was never created, has already been ended, "
        "or ended automatically because the youth turned 30, left Denmark or died. If the youth is to have a pålæg, "
        "use Handling Opret. Otherwise there is nothing more to do."
    ),
    forklaring="Et abonnement ophører med Afmeld og af sig selv på 30-års fødselsdagen, ved død og ved udrejse.",
    forkert="Handling Afmeld to gange; Afmeld på 30-års fødselsdagen.",
    rigtigt="Handling Afmeld dagen før 30-års fødselsdagen.",
    source="V 3.2",
    services=frozenset({JOBCENTER}),
    check=check,
    silenced_by=NO_INSTITUTION,
    judges=frozenset({Kind.REPORT, Kind.AFMELD}),
)
