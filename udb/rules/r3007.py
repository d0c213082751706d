"""3007: an afbrud or a risk reported later than its event date.

Both should be reported, as far as possible, on the day they are found. Often the event date is older because the youth
had left before anyone knew: that is accepted, and the text says so. A repetition after a change of CPR number is not
advised against, since its date is always old. Source: V 1.2, 1.4.

Wrong: a risk judged on 1 September and reported on 2 September.
Right: a risk judged and reported on 1 September.
"""

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import AFBRUDT, Indberetning
from udb.domain.services import EDUCATION
from udb.rules.facts import Facts
from udb.rules.premises import is_risk
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the event date has passed and the report does not repeat one made under an earlier number."""
    hurried = report.status == AFBRUDT or is_risk(report)
    return Hit() if hurried and report.dato < facts.today and facts.placement.twin is None else None


RULE = Rule(
    code="3007",
    navn="Indberettet efter dagen",
    name="Reported after the day",
    alvor=Alvor.BLOED,
    element=HAENDELSE_DATO,
    tekst=(
        "HaendelseDato ligger før dags dato. Har I først opdaget det i dag, er datoen i orden, og I skal ikke ændre "
        "den. Af hensyn til den kommunale ungeindsats bør afbrud og risiko for frafald så vidt muligt indberettes "
        "samme dag, som I konstaterer det."
    ),
    text=(
        "HaendelseDato is before today. If you found out only today, the date is right: do not change it. For the sake "
        "of the kommune's youth effort, report an afbrud or a risk on the day you find out whenever possible."
    ),
    forklaring=(
        "Et afbrud eller en risiko er indberettet senere end hændelsesdatoen. Begge bør så vidt muligt indberettes "
        "den dag, I konstaterer det. Ofte er hændelsesdatoen ældre, fordi den unge var gået, før nogen opdagede "
        "det: det er i orden, og datoen skal ikke ændres. En gentagelse efter skift af CPR-nummer får ikke rådet."
    ),
    forkert="En risiko vurderet 1. september og indberettet 2. september.",
    rigtigt="En risiko vurderet og indberettet 1. september.",
    source="V 1.2, 1.4",
    services=EDUCATION,
    check=check,
    needs_youth=False,
)
