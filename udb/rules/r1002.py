"""1002: the CPR number is not in the CPR register.

Over the services of the kommuner 7001 answers instead. Source: STIL's interface pages.

Wrong: ``CPRNr`` with two digits swapped.
Right: a number that CPR has issued, also an earlier one of the youth (then 1003 says what to do).
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import KOMMUNE_REPORTS, REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import ALL_KINDS, Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when no person has or had the number."""
    return Hit() if facts.person is None else None


RULE = Rule(
    code="1002",
    navn="Ukendt CPR-nummer",
    name="Unknown CPR number",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst="CPR-nummeret findes ikke i CPR-registret. Kontrollér CPRNr, og indberet igen med det rigtige nummer.",
    text="The CPR number is not in the CPR register. Check CPRNr and report again with the right number.",
    forklaring=(
        "CPR-nummeret findes ikke i CPR-registret. I de tjenester, som kommuner indberetter til, er svaret i stedet "
        "7001."
    ),
    forkert="CPRNr med to cifre byttet om.",
    rigtigt="Et nummer, som CPR har udstedt. Er det et af den unges tidligere numre, siger 1003, hvad I skal gøre.",
    source="STIL's interface pages",
    services=REPORTS - KOMMUNE_REPORTS,
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION | {"1001"},
    judges=ALL_KINDS,
)
