"""7002: a contact person for a youth who has turned 25.

The day of registration counts; the birthday itself counts as reached. What is registered can still be deleted.
Source: V 2.1.

Wrong: a contact person reported on the 25th birthday.
Right: a contact person reported the day before; ``Slet`` on the birthday or later.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import KONTAKTPERSON
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit from the 25th birthday on."""
    return Hit() if facts.person is not None and facts.today >= facts.person.turns_25 else None


RULE = Rule(
    code="7002",
    navn="Kontaktperson efter 25 år",
    name="Contact person after 25",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Den unge er fyldt 25 år, og der kan ikke længere indberettes en kontaktperson. Skal den registrerede "
        "kontaktperson fjernes, så brug Slet."
    ),
    text=(
        "The youth is 25 or older, and a contact person can no longer be reported. To remove the registered contact "
        "person, use Slet."
    ),
    forklaring=(
        "Der kan ikke indberettes en kontaktperson for en ung, der er fyldt 25 år. Det er dagen for "
        "indberetningen, der tæller, og fødselsdagen tæller med. Det registrerede kan stadig slettes."
    ),
    forkert="En kontaktperson indberettet på 25-års fødselsdagen.",
    rigtigt="En kontaktperson indberettet dagen før; Slet på fødselsdagen eller senere.",
    source="V 2.1",
    services=frozenset({KONTAKTPERSON}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
