"""1006: the youth has turned 30.

The day of registration counts, not the event date; the birthday itself counts as reached. Source: V 1.

Wrong: a gennemført reported on the 30th birthday, though it is dated the week before.
Right: the same gennemført reported the day before the birthday.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit from the 30th birthday on."""
    return Hit() if facts.person is not None and facts.today >= facts.person.turns_30 else None


RULE = Rule(
    code="1006",
    navn="Fyldt 30 år",
    name="Turned 30",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst="Den unge er fyldt 30 år og skal ikke længere indberettes. Stop indberetningen for den unge.",
    text="The youth is 30 or older and must no longer be reported. Stop reporting on the youth.",
    forklaring=(
        "Den unge er fyldt 30 år. Det er dagen for indberetningen, der tæller, ikke hændelsesdatoen, og "
        "fødselsdagen tæller med."
    ),
    forkert="En gennemførelse indberettet på 30-års fødselsdagen, selv om den er dateret ugen før.",
    rigtigt="Samme gennemførelse indberettet dagen før fødselsdagen.",
    source="V 1",
    services=REPORTS,
    check=check,
    silenced_by=NO_INSTITUTION,
)
