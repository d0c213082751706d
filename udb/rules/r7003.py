"""7003: wishes for a youth who has turned 30.

The day of registration counts; the birthday itself counts as reached. What is registered can still be deleted, but not
together with new wishes. Source: V 2.2.

Wrong: job wishes reported on the 30th birthday.
Right: job wishes reported the day before; ``Slet`` on the birthday or later.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning, Kind
from udb.domain.services import ONSKER
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, wishes_to_register
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit from the 30th birthday on, unless the message only deletes."""
    if report.kind is Kind.SLET and not wishes_to_register(report):
        return None
    return Hit() if facts.person is not None and facts.today >= facts.person.turns_30 else None


RULE = Rule(
    code="7003",
    navn="Ønsker efter 30 år",
    name="Wishes after 30",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Den unge er fyldt 30 år, og der kan ikke længere indberettes ønsker. Skal de registrerede ønsker fjernes, så "
        "brug Slet uden ønsker."
    ),
    text=(
        "The youth is 30 or older, and wishes can no longer be reported. To remove the registered wishes, use Slet "
        "without wishes."
    ),
    forklaring=(
        "Der kan ikke indberettes ønsker for en ung, der er fyldt 30 år. Det er dagen for indberetningen, der "
        "tæller, og fødselsdagen tæller med. Det registrerede kan stadig slettes, men ikke sammen med nye ønsker."
    ),
    forkert="Jobønsker indberettet på 30-års fødselsdagen.",
    rigtigt="Jobønsker indberettet dagen før; Slet på fødselsdagen eller senere.",
    source="V 2.2",
    services=frozenset({ONSKER}),
    check=check,
    silenced_by=NO_INSTITUTION,
    judges=frozenset({Kind.REPORT, Kind.SLET}),
)
