"""4006: the cause does not fit: an ordinary cause on an admission test, or a test cause on another education.

Admission tests have causes of their own; 1 (Ej mødt) fits both. Source: V 1.1.

Wrong: an afbrud on the test 3000 with cause 9; an afbrud on stx with cause 71.
Right: an afbrud on the test 3000 with cause 71, or with cause 1.
"""

from udb.domain.elementer import AFBRUDSARSAGS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import AFBRUDSAARSAGER
from udb.domain.optagelsesproeve import OPTAGELSESPROEVE
from udb.domain.services import WITH_STATUS
from udb.rules.facts import Facts
from udb.rules.premises import education_row
from udb.rules.rule import Alvor, Hit, Rule

_MISFIT = {True: "almindelig", False: OPTAGELSESPROEVE}


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when cause and education are of different kinds; an unknown cause or formål is 4004's and 4001's."""
    if report.afbrudsarsags_kode is None:
        return None
    cause = facts.codes.describing(AFBRUDSAARSAGER, report.afbrudsarsags_kode, report.dato)
    education = education_row(report, facts)
    if cause is None or (report.cosa_formaal is not None and education is None):
        return None
    is_test = education is not None and education.text("art") == OPTAGELSESPROEVE
    return Hit() if cause.text("art") == _MISFIT[is_test] else None


RULE = Rule(
    code="4006",
    navn="Årsagen passer ikke til uddannelsen",
    name="Cause of another education",
    alvor=Alvor.HAARD,
    element=AFBRUDSARSAGS_KODE,
    tekst=(
        "Afbrudsårsagen passer ikke til uddannelsen: optagelsesprøver har deres egne årsager, som kun bruges dér. Brug "
        "optagelsesprøvernes årsager ved optagelsesprøver og de almindelige i alle andre tilfælde; 1 (Ej mødt) kan "
        "bruges begge steder."
    ),
    text=(
        "The cause does not fit the education: admission tests have causes of their own, used only there. Use those "
        "with admission tests and the ordinary causes everywhere else; 1 (Ej mødt) may be used in both places."
    ),
    forklaring=(
        "En almindelig årsag er brugt på en optagelsesprøve, eller en prøves årsag på en anden uddannelse. "
        "Optagelsesprøver har deres egne årsager; 1 (Ej mødt) kan bruges begge steder."
    ),
    forkert="Et afbrud på prøven 3000 med årsag 9; et afbrud på stx med årsag 71.",
    rigtigt="Et afbrud på prøven 3000 med årsag 71 eller 1.",
    source="V 1.1",
    services=WITH_STATUS,
    check=check,
    needs_youth=False,
)
