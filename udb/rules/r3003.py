"""3003: a risk of dropping out, or a mark according to the kommune, dated after today.

The event date is the day on which the risk was judged, so it cannot be in the future. Source: own, after V 1.4.

Wrong: a risk dated tomorrow.
Right: a risk dated today; an optag dated tomorrow.
"""

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import Indberetning
from udb.domain.services import COMMON_HEAD, EDUCATION
from udb.rules.facts import Facts
from udb.rules.premises import is_risk
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the judgement is dated after today."""
    judged = (is_risk(report) and report.service in EDUCATION) or report.ifoelge_kommunen is not None
    return Hit() if judged and report.dato > facts.today else None


RULE = Rule(
    code="3003",
    navn="Risiko i fremtiden",
    name="Risk in the future",
    alvor=Alvor.HAARD,
    element=HAENDELSE_DATO,
    tekst=(
        "HaendelseDato ligger ude i fremtiden. Angiv den dag, risikoen blev vurderet, eller oplysningen registreret. "
        "Ret datoen, eller vent til dagen, og indberet igen."
    ),
    text=(
        "HaendelseDato is in the future. Give the day on which the risk was assessed or the information registered. "
        "Correct the date, or wait until that day and report again."
    ),
    forklaring=(
        "En risiko for frafald eller en markering ifølge kommunen er dateret efter dags dato. Hændelsesdatoen er "
        "den dag, risikoen blev vurderet, så den kan ikke ligge ude i fremtiden."
    ),
    forkert="En risiko dateret i morgen.",
    rigtigt="En risiko dateret i dag; et optag dateret i morgen.",
    source="own, V 1.4",
    services=COMMON_HEAD,
    check=check,
    needs_youth=False,
)
