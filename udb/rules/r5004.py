"""5004: an afbrud or gennemført that repeats the end of an ended forløb.

It has the same status and date as the report that ended the forløb. Source: own.

Wrong: the same afbrud sent once more with a new transaction id.
Right: nothing; a wrong date is cancelled and reported again.
"""

from udb.domain.elementer import STATUS
from udb.domain.haendelse import Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, callers_own
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit with the number of the repeated report, if that is the caller's own."""
    if facts.placement.twin is not None:
        return None
    ends = [forloeb.end for forloeb in facts.placement.forloeb if forloeb.end is not None]
    same = [end for end in ends if (end.status, end.haendelse_dato) == (report.status, report.dato)]
    return Hit(vedroerer=callers_own(same, facts)) if same else None


RULE = Rule(
    code="5004",
    navn="Afslutning allerede indberettet",
    name="End already reported",
    alvor=Alvor.HAARD,
    element=STATUS,
    tekst=(
        "Afbruddet eller gennemførelsen er allerede indberettet med samme dato og skal ikke indberettes igen. Skal "
        "noget rettes, så annullér den tidligere indberetning først."
    ),
    text=(
        "The afbrud or gennemført has already been reported with the same date and must not be reported again. If "
        "something must be corrected, cancel the earlier report first."
    ),
    forklaring="Indberetningen har samme status og dato som den, der afsluttede forløbet.",
    forkert="Samme afbrud sendt igen med et nyt SystemTransactionID.",
    rigtigt="Ingen indberetning; en forkert dato annulleres og indberettes igen.",
    source="own",
    services=WITH_STATUS,
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
