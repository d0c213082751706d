"""1005: the youth has not turned 15.

The day of registration counts, not the event date; the birthday itself counts as reached. Source: V 1.

Wrong: an optag reported the day before the 15th birthday.
Right: the same optag reported on the birthday.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit before the 15th birthday."""
    return Hit() if facts.person is not None and facts.today < facts.person.turns_15 else None


RULE = Rule(
    code="1005",
    navn="Under 15 år",
    name="Under 15",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Den unge er ikke fyldt 15 år. Vent, og indberet igen på den unges 15-års fødselsdag eller senere, med den "
        "oprindelige hændelsesdato."
    ),
    text="The youth is not yet 15. Wait, and report again on the 15th birthday or later, with the original event date.",
    forklaring=(
        "Den unge er ikke fyldt 15 år. Det er dagen for indberetningen, der tæller, ikke hændelsesdatoen, og "
        "fødselsdagen tæller med."
    ),
    forkert="Et optag indberettet dagen før 15-års fødselsdagen.",
    rigtigt="Samme optag indberettet på fødselsdagen.",
    source="V 1",
    services=REPORTS,
    check=check,
    silenced_by=NO_INSTITUTION,
)
