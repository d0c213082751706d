"""4007: the STADS code is unknown, or not valid.

Which days count: see 4001. Source: V 1.

Wrong: an optag on an education that was closed before the event date.
Right: a gennemført on that education by a youth who was admitted while it was open.
"""

from udb.domain.elementer import STADS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import STADS
from udb.domain.services import VIDEREGAAENDE
from udb.rules.facts import Facts
from udb.rules.premises import code_unusable
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the code cannot be used on the days that count."""
    kode = report.stads_kode
    return Hit() if kode is not None and code_unusable(report, facts, STADS, kode) else None


RULE = Rule(
    code="4007",
    navn="Ukendt STADS-kode",
    name="Unknown STADS code",
    alvor=Alvor.HAARD,
    element=STADS_KODE,
    tekst=(
        "STADS-koden findes ikke i kodesættet, eller den var ikke gyldig på hændelsesdatoen. Ret STADSKode, og "
        "indberet igen."
    ),
    text=(
        "The STADS code is not in the code set, or was not valid on the event date. Correct STADSKode and report again."
    ),
    forklaring="STADS-koden findes ikke eller var ikke gyldig. Hvilke dage der tæller, står ved 4001.",
    forkert="Et optag på en uddannelse, der var lukket før hændelsesdatoen.",
    rigtigt="En gennemførelse på samme uddannelse af en ung, der blev optaget, mens den var åben.",
    source="V 1",
    services=frozenset({VIDEREGAAENDE}),
    check=check,
    needs_youth=False,
)
