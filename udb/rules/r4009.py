"""4009: FGU: this school period is not allowed with this speciale.

Without a speciale only ``BA`` is allowed; with 1, 2 or 3 also ``US``, ``ÅP`` and ``KF``.
Source: STIL's interface pages.

Wrong: ``Skoleperiode`` US without ``Speciale``.
Right: ``Skoleperiode`` US with ``Speciale`` 1.
"""

from udb.domain.elementer import SKOLEPERIODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import FGU_SKOLEPERIODER
from udb.domain.services import FGU
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the pair has no row that is valid on the event date."""
    pair = facts.codes.on(FGU_SKOLEPERIODER, report.skoleperiode or "", report.dato, report.speciale or "")
    return Hit() if pair is None else None


RULE = Rule(
    code="4009",
    navn="Skoleperiode og speciale passer ikke",
    name="School period and speciale do not fit",
    alvor=Alvor.HAARD,
    element=SKOLEPERIODE,
    tekst=(
        "Skoleperiode og Speciale passer ikke sammen. Uden Speciale kan kun BA (basisforløb) bruges; med Speciale 1, "
        "2 eller 3 kan BA, US, ÅP og KF bruges. Ret Skoleperiode eller Speciale."
    ),
    text=(
        "Skoleperiode and Speciale do not go together. Without Speciale only BA may be used; with Speciale 1, 2 or 3, "
        "BA, US, ÅP and KF. Correct Skoleperiode or Speciale."
    ),
    forklaring="På FGU kan kun BA bruges uden speciale; med speciale 1, 2 eller 3 kan også US, ÅP og KF bruges.",
    forkert="Skoleperiode US uden Speciale.",
    rigtigt="Skoleperiode US med Speciale 1.",
    source="STIL's interface pages",
    services=frozenset({FGU}),
    check=check,
    needs_youth=False,
)
