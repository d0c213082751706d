"""4005: a cause in a report that is not an afbrud.

Source: own.

Wrong: ``Status`` 3 with ``AfbrudsarsagsKode`` 910.
Right: ``Status`` 2 with ``AfbrudsarsagsKode`` 910; ``Status`` 3 without a cause.
"""

from udb.domain.elementer import AFBRUDSARSAGS_KODE
from udb.domain.haendelse import AFBRUDT, Indberetning
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when a cause comes with another status than 2."""
    return Hit() if report.afbrudsarsags_kode is not None and report.status != AFBRUDT else None


RULE = Rule(
    code="4005",
    navn="Årsag uden afbrud",
    name="Cause without an afbrud",
    alvor=Alvor.HAARD,
    element=AFBRUDSARSAGS_KODE,
    tekst=(
        "En afbrudsårsag må kun angives ved afbrud (Status 2). Fjern AfbrudsarsagsKode, eller ret Status til 2, hvis "
        "den unge har afbrudt uddannelsen."
    ),
    text=(
        "A cause may be given only with an afbrud (Status 2). Remove AfbrudsarsagsKode, or set Status to 2 if the "
        "youth dropped out."
    ),
    forklaring="En årsag står i en indberetning, der ikke er et afbrud.",
    forkert="Status 3 med AfbrudsarsagsKode 910.",
    rigtigt="Status 2 med AfbrudsarsagsKode 910; Status 3 uden årsag.",
    source="own",
    services=WITH_STATUS,
    check=check,
    needs_youth=False,
)
