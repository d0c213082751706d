"""7005: a contact or offer time although the youth had turned 18 on the date of the afbrud.

The date of the afbrud counts, not the day of the report; the birthday itself counts as reached. Source: V 2.4.

Wrong: a contact time for an afbrud dated on the 18th birthday.
Right: a contact time for an afbrud dated the day before, also when the youth is 18 by now.
"""

from udb.domain.elementer import AFBRUD_HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import KONTAKT_TILBUDSTID
from udb.rules.facts import Facts
from udb.rules.premises import NO_AFBRUD, NO_INSTITUTION, afbrud_referred_to
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the afbrud is dated on the 18th birthday or later."""
    afbrud = afbrud_referred_to(report, facts)
    if afbrud is None or facts.person is None:
        return None
    return Hit() if afbrud.haendelse_dato >= facts.person.turns_18 else None


RULE = Rule(
    code="7005",
    navn="Fyldt 18 år ved afbruddet",
    name="18 at the afbrud",
    alvor=Alvor.HAARD,
    element=AFBRUD_HAENDELSE_NUMMER,
    tekst=(
        "Den unge var fyldt 18 år på afbruddets dato, så kontakttid og tilbudstid skal ikke indberettes for det. "
        "Kontrollér AfbrudHaendelseNummer; er det rigtigt, så lad være med at indberette."
    ),
    text=(
        "The youth was 18 or older on the date of the afbrud, so contact and offer time must not be reported for it. "
        "Check AfbrudHaendelseNummer; if it is right, do not report."
    ),
    forklaring=(
        "Der er intet at indberette om kontakttid og tilbudstid, når den unge var fyldt 18 år på afbruddets dato. "
        "Det er afbruddets dato, der tæller, ikke dagen for indberetningen, og fødselsdagen tæller med."
    ),
    forkert="En kontakttid for et afbrud dateret på 18-års fødselsdagen.",
    rigtigt="En kontakttid for et afbrud dateret dagen før, også når den unge nu er fyldt 18 år.",
    source="V 2.4",
    services=frozenset({KONTAKT_TILBUDSTID}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_AFBRUD,
)
