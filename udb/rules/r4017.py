"""4017: a gennemført on hf or hf single subjects without ``GennemfoertHf``.

Only with ``GennemfoertHf`` true does the gennemført complete a youth education; a missing element counts as false.
Source: own.

Wrong: ``Status`` 3 on 3017 (hf) without ``GennemfoertHf``.
Right: ``Status`` 3 on 3017 with ``GennemfoertHf`` true for a whole hf, false for a single subject.
"""

from udb.domain.elementer import GENNEMFOERT_HF
from udb.domain.haendelse import GENNEMFOERT, Indberetning
from udb.domain.kodesaet import HF_ARTS
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import art
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when a completed hf course lacks ``GennemfoertHf``."""
    unsaid = report.status == GENNEMFOERT and report.gennemfoert_hf is None
    return Hit() if unsaid and art(report, facts) in HF_ARTS else None


RULE = Rule(
    code="4017",
    navn="GennemfoertHf mangler",
    name="GennemfoertHf missing",
    alvor=Alvor.BLOED,
    element=GENNEMFOERT_HF,
    tekst=(
        "GennemfoertHf mangler og regnes som false: den unge har gennemført fag, men ikke en hel hf. Har den unge "
        "gennemført hele hf, så indberet med GennemfoertHf true; er denne indberetning accepteret, så annullér den "
        "først."
    ),
    text=(
        "GennemfoertHf is missing and counts as false: the youth completed subjects, but not a whole hf. If the youth "
        "completed the whole hf, report with GennemfoertHf true; if this report was accepted, cancel it first."
    ),
    forklaring=(
        "Kun med GennemfoertHf true afslutter gennemførelsen en ungdomsuddannelse; et udeladt element regnes som false."
    ),
    forkert="Status 3 på 3017 (hf) uden GennemfoertHf.",
    rigtigt="Status 3 på 3017 med GennemfoertHf true for en hel hf, false for enkeltfag.",
    source="own",
    services=frozenset({UNGDOMSUDDANNELSE}),
    check=check,
    needs_youth=False,
)
