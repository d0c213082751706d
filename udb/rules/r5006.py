"""5006: a practice place reported after the optag, and differing from the optag's.

A practice place may come with the optag and must not be reported afterwards; if it is, it is stored but never sent on.
Source: V 1.1.

Wrong: an optag without ``Praktiksted``, then a report with one.
Right: an optag with ``Praktiksted``.
"""

from udb.domain.elementer import PRAKTIKSTED
from udb.domain.haendelse import Indberetning
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules.facts import Facts
from udb.rules.premises import NO_CODE, NO_INSTITUTION, joined_forloeb
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the forløb has an optag with another practice place, or with none."""
    forloeb = joined_forloeb(report, facts.placement)
    if forloeb is None or forloeb.optag is None or report.praktiksted is None:
        return None
    return Hit() if report.praktiksted != forloeb.optag.praktiksted else None


RULE = Rule(
    code="5006",
    navn="Praktiksted efter optaget",
    name="Practice place after the optag",
    alvor=Alvor.BLOED,
    element=PRAKTIKSTED,
    tekst=(
        "Praktiksted skal ikke indberettes efter optaget. Oplysningen sendes ikke videre til kommunen, og I behøver "
        "ikke indberette skift af praktiksted."
    ),
    text=(
        "Praktiksted must not be reported after the optag. It is not passed on to the kommune, and you need not report "
        "a change of praktiksted."
    ),
    forklaring=(
        "Et praktiksted kan angives ved optaget, men ikke senere. Kommer det alligevel, gemmes det, men sendes "
        "aldrig videre."
    ),
    forkert="Et optag uden Praktiksted, så en indberetning med et.",
    rigtigt="Et optag med Praktiksted.",
    source="V 1.1",
    services=frozenset({UNGDOMSUDDANNELSE}),
    check=check,
    silenced_by=NO_INSTITUTION | NO_CODE,
)
