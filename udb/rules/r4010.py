"""4010: FGU: a shift to the school period ``ÅP`` or ``KF`` need not be reported.

A risk of dropping out is not a shift and is reported in every school period. Source: STIL's interface pages.

Wrong: a new Status 1 report because the youth passes from ``US`` to ``ÅP``.
Right: no report for that; the shift from ``BA`` to ``US`` is reported.
"""

from udb.domain.elementer import SKOLEPERIODE
from udb.domain.haendelse import Indberetning
from udb.domain.services import FGU
from udb.rules.facts import Facts
from udb.rules.premises import is_optag
from udb.rules.rule import Alvor, Hit, Rule

NOT_NEEDED = frozenset({"ÅP", "KF"})


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when an optag names one of the two periods."""
    return Hit() if is_optag(report) and report.skoleperiode in NOT_NEEDED else None


RULE = Rule(
    code="4010",
    alvor=Alvor.BLOED,
    element=SKOLEPERIODE,
    tekst="For FGU behøver I ikke indberette skift til skoleperiode ÅP (årselevpulje) eller KF (kommuneforlængelse).",
    text="For FGU you need not report a change to the school period ÅP or KF.",
    source="STIL's interface pages",
    services=frozenset({FGU}),
    check=check,
    needs_youth=False,
)
