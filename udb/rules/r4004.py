"""4004: the cause of the afbrud is unknown, or not valid on the event date.

Causes use the codes of the education model; an institution's own codes must be translated with care. Source: V 1.2.

Wrong: ``AfbrudsarsagsKode`` 908 (gone since 2019) for an afbrud of today.
Right: ``AfbrudsarsagsKode`` 9.
"""

from udb.domain.elementer import AFBRUDSARSAGS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import AFBRUDSAARSAGER
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when no row of the cause is valid on the event date."""
    kode = report.afbrudsarsags_kode
    return Hit() if kode is not None and facts.codes.on(AFBRUDSAARSAGER, kode, report.dato) is None else None


RULE = Rule(
    code="4004",
    navn="Ukendt afbrudsårsag",
    name="Unknown cause",
    alvor=Alvor.HAARD,
    element=AFBRUDSARSAGS_KODE,
    tekst=(
        "Afbrudsårsagen findes ikke i kodesættet, eller den var ikke gyldig på hændelsesdatoen. Brug "
        "uddannelsesmodellens koder i AfbrudsarsagsKode; egne årsager skal omsættes til disse koder."
    ),
    text=(
        "The cause is not in the code set, or was not valid on the event date. Use the education model's codes in "
        "AfbrudsarsagsKode; map causes of your own to these codes."
    ),
    forklaring=(
        "Årsagen findes ikke eller var ikke gyldig på hændelsesdatoen. Årsager har uddannelsesmodellens koder; "
        "institutionens egne skal omsættes med omtanke."
    ),
    forkert="AfbrudsarsagsKode 908 (udgået i 2019) på et afbrud af i dag.",
    rigtigt="AfbrudsarsagsKode 9.",
    source="V 1.2",
    services=WITH_STATUS,
    check=check,
    needs_youth=False,
)
