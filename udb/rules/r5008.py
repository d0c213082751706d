"""5008: single-subject courses: an optag within 100 days of the last course's end.

On hf single subjects, AVU, FVU and OBU pauses of up to 100 days between courses may go unreported, which saves
many reports of optag and ends. The end is an afbrud, or a gennemført on a code that may be taken again. Source: V 1.4.

Wrong: AVU ended 30 June, optag on AVU 8 October (day 100).
Right: AVU ended 30 June, optag on AVU 9 October (day 101).
"""

from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import AFBRUDT, Indberetning
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import (
    NO_CODE,
    NO_INSTITUTION,
    SINGLE_SUBJECTS,
    art,
    is_optag,
    joined_forloeb,
    may_be_taken_again,
)
from udb.rules.rule import Alvor, Hit, Rule

PAUSE_DAYS = range(101)


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when an optag opens a forløb so soon after the last; one that joins an ended forløb does not."""
    last = facts.placement.last
    if not is_optag(report) or last is None or last.end is None or art(report, facts) not in SINGLE_SUBJECTS:
        return None
    if joined_forloeb(report, facts.placement) is not None:
        return None
    if last.end.status != AFBRUDT and not may_be_taken_again(report, facts):
        return None
    return Hit() if (report.dato - last.end.haendelse_dato).days in PAUSE_DAYS else None


RULE = Rule(
    code="5008",
    navn="Kort pause mellem kurser",
    name="Short pause between courses",
    alvor=Alvor.BLOED,
    element=HAENDELSE_DATO,
    tekst=(
        "Pausen siden det forrige forløb er på højst 100 dage. På hf-enkeltfag, AVU, FVU og OBU behøver I ikke "
        "indberette afslutning og nyt optag ved pauser på op til 100 dage."
    ),
    text=(
        "The pause since the previous forløb is at most 100 days. On hf single subjects, AVU, FVU and OBU you need not "
        "report an end and a new optag for pauses of up to 100 days."
    ),
    forklaring=(
        "På hf-enkeltfag, AVU, FVU og OBU behøver pauser på op til 100 dage mellem kurser ikke indberettes; det "
        "sparer mange indberetninger. Afslutningen er et afbrud eller en gennemførelse på en kode, der kan tages "
        "igen."
    ),
    forkert="AVU afsluttet 30. juni, optag på AVU 8. oktober (dag 100).",
    rigtigt="AVU afsluttet 30. juni, optag på AVU 9. oktober (dag 101).",
    source="V 1.4",
    services=frozenset({UNGDOMSUDDANNELSE}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
