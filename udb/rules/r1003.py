"""1003: the CPR number has been replaced by another.

Reporting on the old number stops; the report is sent again on the new number with the original event date. The text
never names the new number: only CPR may give it out. Source: V 1.4.

Wrong: an afbrud on the number that the youth had until last month.
Right: the same afbrud, with the same ``HaendelseDato``, on the youth's new number.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the number is an earlier one of the youth."""
    return Hit() if facts.person is not None and report.cprnr != facts.person.cprnr else None


RULE = Rule(
    code="1003",
    navn="Udskiftet CPR-nummer",
    name="Replaced CPR number",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "CPR-nummeret er udskiftet med et andet, og der kan ikke længere indberettes på det. Hent den unges nye "
        "nummer i CPR, og indberet på det med den oprindelige hændelsesdato."
    ),
    text=(
        "The CPR number has been replaced, and nothing more can be reported on it. Get the youth's new number from CPR "
        "and report on that with the original event date."
    ),
    forklaring=(
        "Når den unge har fået et nyt CPR-nummer, slutter indberetningen på det gamle. Send indberetningen på det "
        "nye nummer med den oprindelige hændelsesdato. Teksten nævner aldrig det nye nummer, for det må kun CPR "
        "oplyse."
    ),
    forkert="Et afbrud på det nummer, den unge havde indtil sidste måned.",
    rigtigt="Samme afbrud med samme HaendelseDato på den unges nye nummer.",
    source="V 1.4",
    services=REPORTS,
    check=check,
    silenced_by=NO_INSTITUTION,
)
