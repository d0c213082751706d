"""1004: the youth has no home in Denmark.

The CPR status is not 01 or 03: gone abroad, dead, missing, Greenland, without address. All have the same text, so that
it does not reveal the status. Reporting stops, without afbrud or gennemført. Source: V 1, 1.4.

Wrong: an afbrud because the youth has moved abroad.
Right: no report at all; the forløb stays as it is.
"""

from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(_report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the youth's CPR status is not a resident's."""
    return Hit() if facts.person is not None and not facts.person.resident else None


RULE = Rule(
    code="1004",
    navn="Bor ikke i Danmark",
    name="Not living in Denmark",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "Den unge har ikke bopæl i Danmark ifølge CPR og skal ikke indberettes. Stop indberetningen; send heller ikke "
        "afbrudt eller gennemført af den grund."
    ),
    text=(
        "According to CPR the youth does not live in Denmark and must not be reported. Stop reporting; do not report "
        "an afbrud or a gennemført for that reason either."
    ),
    forklaring=(
        "CPR-status er ikke 01 eller 03: den unge er udrejst, død, forsvundet, bor i Grønland eller har ingen "
        "adresse. Teksten er den samme for alle, så den ikke røber status. Indberetningen stopper uden afbrudt "
        "eller gennemført."
    ),
    forkert="Et afbrud, fordi den unge er flyttet til udlandet.",
    rigtigt="Ingen indberetning; forløbet bliver stående.",
    source="V 1, 1.4",
    services=REPORTS,
    check=check,
    silenced_by=NO_INSTITUTION | {"1003"},
)
