"""4012: the risk mark with a status other than 1.

A risk of dropping out is reported as Optaget with the mark. Source: V 1.4.

Wrong: ``FrafaldstruetMarkering`` true with ``Status`` 2.
Right: ``FrafaldstruetMarkering`` true with ``Status`` 1.
"""

from udb.domain.elementer import FRAFALDSTRUET_MARKERING
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import COMMON_HEAD
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when the mark is true and the status is not 1."""
    return Hit() if report.risk and report.status != OPTAGET else None


RULE = Rule(
    code="4012",
    navn="Risiko uden Status 1",
    name="Risk without Status 1",
    alvor=Alvor.HAARD,
    element=FRAFALDSTRUET_MARKERING,
    tekst=(
        "Risiko for frafald indberettes som optaget: FrafaldstruetMarkering kan kun være true ved Status 1. Ret Status "
        "til 1, eller fjern markeringen."
    ),
    text=(
        "A risk of dropping out is reported as Optaget: FrafaldstruetMarkering can be true only with Status 1. Set "
        "Status to 1, or remove the mark."
    ),
    forklaring="En risiko for frafald indberettes som Optaget med markeringen.",
    forkert="FrafaldstruetMarkering true med Status 2.",
    rigtigt="FrafaldstruetMarkering true med Status 1.",
    source="V 1.4",
    services=COMMON_HEAD,
    check=check,
    needs_youth=False,
)
