"""1001: the CPR number has no valid date part.

The first six digits must be a date, with the century by the 7th digit. Modulus 11 is not checked: numbers without it
are issued. Invented numbers (day + 60) are valid in the sandbox only. Source: STIL's interface pages.

Wrong: ``CPRNr`` 3113051234 (there is no 13th month).
Right: ``CPRNr`` 6101051234 in the sandbox (1 January 1905, invented).
"""

from udb.domain.cpr import birth_date
from udb.domain.elementer import CPRNR
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS
from udb.rules.facts import Facts
from udb.rules.rule import ALL_KINDS, Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the ten digits contain no birth date."""
    if birth_date(report.cprnr, invented_allowed=facts.invented_cpr_allowed) is None:
        return Hit()
    return None


RULE = Rule(
    code="1001",
    navn="Ugyldigt CPR-nummer",
    name="Invalid CPR number",
    alvor=Alvor.HAARD,
    element=CPRNR,
    tekst=(
        "CPR-nummeret er ikke gyldigt: de første seks cifre er ikke en dato. Ret CPRNr, og indberet igen. Et "
        "erstatningsnummer, hvor der er lagt 60 til dagen, kan ikke bruges: indberet, når den unge har et CPR-nummer. "
        "(Opdigtede testnumre af den form kan kun bruges i sandkassen.)"
    ),
    text=(
        "The CPR number is not valid: its first six digits are not a date. Correct CPRNr and report again. A "
        "replacement number with 60 added to the day cannot be used: report when the youth has a CPR number. (Invented "
        "test numbers of that form work only in the sandbox.)"
    ),
    forklaring=(
        "De første seks cifre skal være en dato, hvor det syvende ciffer giver århundredet. Modulus 11 "
        "kontrolleres ikke, for der udstedes numre, som ikke opfylder det. Opdigtede numre (60 lagt til dagen) "
        "gælder kun i sandkassen."
    ),
    forkert="CPRNr 3113051234: der er ingen 13. måned.",
    rigtigt="CPRNr 6101051234 i sandkassen: 1. januar 1905, opdigtet.",
    source="STIL's interface pages",
    services=REPORTS,
    check=check,
    needs_youth=False,
    judges=ALL_KINDS,
)
