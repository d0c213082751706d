"""7006: the number in a contact or offer time is not that of a valid afbrud of this youth that the kommune sees.

It must be the number of an afbrud, or of an afbrud according to the kommune. An unknown or cancelled report, another
youth's, another kind of report and one that the look-up does not show have the same answer. After a change of CPR
number an afbrud and its repetition count as one. Source: V 2.4; own for what the look-up does not show.

Wrong: the number of the optag; the number of an afbrud that has been cancelled.
Right: the number under which the afbrud was fetched.
"""

from udb.domain.elementer import AFBRUD_HAENDELSE_NUMMER
from udb.domain.haendelse import Indberetning
from udb.domain.services import KONTAKT_TILBUDSTID
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION, afbrud_referred_to
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when there is no such afbrud."""
    return Hit() if afbrud_referred_to(report, facts) is None else None


RULE = Rule(
    code="7006",
    navn="Ikke et gældende afbrud",
    name="Not a valid afbrud",
    alvor=Alvor.HAARD,
    element=AFBRUD_HAENDELSE_NUMMER,
    tekst=(
        "AfbrudHaendelseNummer hører ikke til et gældende afbrud for denne unge, som I har adgang til. Slå den unge "
        "op, og angiv nummeret på afbruddet eller på afbruddet ifølge kommunen; vises det ikke, skal I ikke indberette."
    ),
    text=(
        "AfbrudHaendelseNummer does not belong to a valid afbrud of this youth that you have access to. Look the youth "
        "up and give the number of the afbrud, or of the afbrud according to the kommune; if it is not shown, do not "
        "report."
    ),
    forklaring=(
        "Nummeret skal høre til et afbrud eller et afbrud ifølge kommunen. En ukendt eller annulleret "
        "indberetning, en anden ungs, en anden slags og en, som opslaget ikke viser kommunen, får samme svar. Efter "
        "skift af CPR-nummer tæller et afbrud og dets gentagelse som ét."
    ),
    forkert="Optagets nummer; nummeret på et afbrud, der er annulleret.",
    rigtigt="Det nummer, afbruddet blev hentet med.",
    source="V 2.4, own",
    services=frozenset({KONTAKT_TILBUDSTID}),
    check=check,
    silenced_by=NO_INSTITUTION,
)
