"""3004: an optag dated more than three months ahead.

An optag should be reported at the earliest three months before the start, if the system can control that.
Source: V 1.4.

Wrong: an optag dated 16 November, reported on 15 August.
Right: an optag dated 15 November, reported on 15 August.
"""

from udb.domain.clock import add_months
from udb.domain.elementer import HAENDELSE_DATO
from udb.domain.haendelse import Indberetning
from udb.domain.services import COMMON_HEAD
from udb.rules.facts import Facts
from udb.rules.premises import is_optag
from udb.rules.rule import Alvor, Hit, Rule

MONTHS_AHEAD = 3


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the optag is more than three months ahead."""
    return Hit() if is_optag(report) and report.dato > add_months(facts.today, MONTHS_AHEAD) else None


RULE = Rule(
    code="3004",
    navn="Optag langt ude i fremtiden",
    name="Optag far ahead",
    alvor=Alvor.BLOED,
    element=HAENDELSE_DATO,
    tekst=(
        "Startdatoen ligger mere end tre måneder ude i fremtiden. Optaget afvises ikke af den grund, men indberet det "
        "helst tidligst tre måneder før start, hvis jeres system kan styre det. Kontrollér, at HaendelseDato er rigtig."
    ),
    text=(
        "The start date is more than three months in the future. The optag is not refused for that, but if your system "
        "can control it, report an optag no earlier than three months before the start. Check that HaendelseDato is "
        "right."
    ),
    forklaring="Et optag bør tidligst indberettes tre måneder før start, hvis systemet kan styre det.",
    forkert="Et optag dateret 16. november, indberettet 15. august.",
    rigtigt="Et optag dateret 15. november, indberettet 15. august.",
    source="V 1.4",
    services=COMMON_HEAD,
    check=check,
    needs_youth=False,
)
