"""4003: an afbrud without a cause.

Admission tests too need one: a youth who does not show up gets cause 1 (Ej mødt). Source: V 1.2.

Wrong: ``Status`` 2 without ``AfbrudsarsagsKode``.
Right: ``Status`` 2 with ``AfbrudsarsagsKode`` 9, when the cause is not known.
"""

from udb.domain.elementer import AFBRUDSARSAGS_KODE
from udb.domain.haendelse import AFBRUDT, Indberetning
from udb.domain.services import COMMON_HEAD
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when Status 2 comes without a cause."""
    return Hit() if report.status == AFBRUDT and report.afbrudsarsags_kode is None else None


RULE = Rule(
    code="4003",
    navn="Afbrud uden årsag",
    name="Afbrud without a cause",
    alvor=Alvor.HAARD,
    element=AFBRUDSARSAGS_KODE,
    tekst=(
        "Afbruddet mangler en årsag. Angiv AfbrudsarsagsKode: 1 (Ej mødt), hvis den unge aldrig er startet, og 9 "
        "(Ukendt/ikke oplyst), hvis årsagen er ukendt."
    ),
    text=(
        "The afbrud has no cause. Give AfbrudsarsagsKode: 1 (Ej mødt) if the youth never started, and 9 (Ukendt/ikke "
        "oplyst) if the cause is unknown."
    ),
    forklaring=(
        "Et afbrud skal have en årsag, også et afbrud af en optagelsesprøve: en ung, der ikke møder op, får årsag "
        "1 (Ej mødt)."
    ),
    forkert="Status 2 uden AfbrudsarsagsKode.",
    rigtigt="Status 2 med AfbrudsarsagsKode 9, når årsagen ikke er kendt.",
    source="V 1.2",
    services=COMMON_HEAD,
    check=check,
    needs_youth=False,
)
