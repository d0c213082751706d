"""7008: a risk or an afbrud according to the kommune with a status other than 1.

Both are reported with Status 1 (Optaget); the kommune's judgement is in ``IfoelgeKommunen``. Source: V 2.3.

Wrong: ``IfoelgeKommunen`` Afbrud with ``Status`` 2.
Right: ``IfoelgeKommunen`` Afbrud with ``Status`` 1.
"""

from udb.domain.elementer import STATUS
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.premises import NO_INSTITUTION
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when a mark comes with another status."""
    return Hit() if report.ifoelge_kommunen is not None and report.status != OPTAGET else None


RULE = Rule(
    code="7008",
    navn="Markering uden Status 1",
    name="Mark without Status 1",
    alvor=Alvor.HAARD,
    element=STATUS,
    tekst=(
        "Risiko for frafald og afbrud ifølge kommunen indberettes med Status 1 (Optaget). Ret Status til 1, og angiv i "
        "IfoelgeKommunen, om det er risiko eller afbrud."
    ),
    text=(
        "A risk of dropping out and an afbrud according to the kommune are reported with Status 1 (Optaget). Set "
        "Status to 1, and give in IfoelgeKommunen whether it is a risk or an afbrud."
    ),
    forklaring=(
        "Risiko og afbrud ifølge kommunen indberettes begge med Status 1 (Optaget); kommunens vurdering står i "
        "IfoelgeKommunen."
    ),
    forkert="IfoelgeKommunen Afbrud med Status 2.",
    rigtigt="IfoelgeKommunen Afbrud med Status 1.",
    source="V 2.3",
    services=frozenset({KOMMUNE_AKTIVITET}),
    check=check,
    needs_youth=False,
    silenced_by=NO_INSTITUTION,
)
