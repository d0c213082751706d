"""7009: a risk or an afbrud according to the kommune is not about an optag of an open forløb that the kommune sees.

The number is missing, unknown, another youth's, not of an optag, not visible to the kommune or in an ended forløb. All
have the same answer. A forløb has ended when the kommune sees its end. Source: own, after V 2.3.

Wrong: ``IfoelgeKommunen`` Risiko on an education from which the youth has already been reported as afbrudt.
Right: ``VedroererHaendelseNummer`` is the number of the optag as the look-up shows it.
"""

from udb.domain.elementer import VEDROERER_HAENDELSE_NUMMER
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import Indberetning
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, seen
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when a mark refers to no such optag."""
    if report.ifoelge_kommunen is None:
        return None
    optag = {
        event.nummer for forloeb in all_forloeb(seen(facts)) if forloeb.open for event in forloeb.events if event.optag
    }
    return None if report.vedroerer_haendelse_nummer in optag else Hit()


RULE = Rule(
    code="7009",
    navn="Ikke et optag i et åbent forløb",
    name="Not an optag of an open forløb",
    alvor=Alvor.HAARD,
    element=VEDROERER_HAENDELSE_NUMMER,
    tekst=(
        "VedroererHaendelseNummer peger ikke på et optag i et åbent forløb, som I har adgang til. Slå den unge op, og "
        "angiv nummeret på optaget; er forløbet afsluttet, skal I ikke indberette."
    ),
    text=(
        "VedroererHaendelseNummer does not refer to an optag in an open forløb that you have access to. Look the youth "
        "up and give the number of the optag; if the forløb has ended, do not report."
    ),
    forklaring=(
        "Nummeret mangler, er ukendt, hører til en anden ung, er ikke et optag, er ikke synligt for kommunen eller "
        "er i et afsluttet forløb. Svaret er det samme for alle. Et forløb er afsluttet, når kommunen kan se, at det "
        "er det."
    ),
    forkert="IfoelgeKommunen Risiko på en uddannelse, som den unge allerede er indberettet som afbrudt fra.",
    rigtigt="VedroererHaendelseNummer er optagets nummer, som opslaget viser det.",
    source="own, V 2.3",
    services=frozenset({KOMMUNE_AKTIVITET}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
