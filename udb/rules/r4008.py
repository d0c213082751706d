"""4008: ElevTrin or KlasseTrin outside 1-12, or an unknown KlasseType.

The youth's own grade (``ElevTrin``) and that of the class (``KlasseTrin``) may differ. Source: V 1, 1.4.

Wrong: ``ElevTrin`` 0; ``KlasseType`` 9B.
Right: ``ElevTrin`` 10 in a class with ``KlasseTrin`` 9 and ``KlasseType`` 40.
"""

from udb.domain.elementer import ELEV_TRIN, KLASSE_TRIN, KLASSE_TYPE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import KLASSETYPER
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule

GRADES = range(1, 13)


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit on the first of the three elements that is wrong."""
    for element, grade in ((ELEV_TRIN, report.elev_trin), (KLASSE_TRIN, report.klasse_trin)):
        if grade is not None and grade not in GRADES:
            return Hit(element=element)
    klasse_type = report.klasse_type
    if klasse_type is not None and facts.codes.on(KLASSETYPER, klasse_type, report.dato) is None:
        return Hit(element=KLASSE_TYPE)
    return None


RULE = Rule(
    code="4008",
    navn="Klassetrinnet kan ikke bruges",
    name="Unusable school grade",
    alvor=Alvor.HAARD,
    element=ELEV_TRIN,
    tekst=(
        "Klassetrinnet kan ikke bruges: ElevTrin og KlasseTrin skal være tal fra 1 til 12, og KlasseType skal findes i "
        "kodesættet på hændelsesdatoen. Ret det, og indberet igen."
    ),
    text=(
        "The grade cannot be used: ElevTrin and KlasseTrin must be numbers from 1 to 12, and KlasseType must be in the "
        "code set on the event date. Correct it and report again."
    ),
    forklaring=(
        "ElevTrin eller KlasseTrin er uden for 1 til 12, eller KlasseType er ukendt. Den unges eget trin "
        "(ElevTrin) og klassens (KlasseTrin) kan være forskellige."
    ),
    forkert="ElevTrin 0; KlasseType 9B.",
    rigtigt="ElevTrin 10 i en klasse med KlasseTrin 9 og KlasseType 40.",
    source="V 1, 1.4",
    services=frozenset({FORBEREDENDE_AKTIVITET}),
    check=check,
    needs_youth=False,
)
