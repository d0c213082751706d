"""4018: not exactly one of an activity code and a school grade.

Either ``ForberedendeAktivitetsKode`` alone, or ``ElevTrin``, ``KlasseTrin`` and ``KlasseType`` together
(``KlasseNavn`` may be left out). Source: own.

Wrong: ``ForberedendeAktivitetsKode`` together with ``KlasseNavn``; ``ElevTrin`` alone.
Right: ``ElevTrin`` 10, ``KlasseTrin`` 10, ``KlasseType`` 40.
"""

from udb.domain.elementer import FORBEREDENDE_AKTIVITETS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, _facts: Facts) -> Hit | None:
    """Hit when both or neither are given, or only part of a grade."""
    grade = (report.elev_trin, report.klasse_trin, report.klasse_type)
    if report.forberedende_aktivitets_kode is None:
        return Hit() if None in grade else None
    return Hit() if any(field is not None for field in (*grade, report.klasse_navn)) else None


RULE = Rule(
    code="4018",
    navn="Enten aktivitet eller klassetrin",
    name="Either activity or school grade",
    alvor=Alvor.HAARD,
    element=FORBEREDENDE_AKTIVITETS_KODE,
    tekst=(
        "Angiv præcis én af delene: enten ForberedendeAktivitetsKode alene eller et klassetrin med ElevTrin, "
        "KlasseTrin og KlasseType (KlasseNavn kan udelades)."
    ),
    text=(
        "Give exactly one of the two: either ForberedendeAktivitetsKode alone, or a grade with ElevTrin, KlasseTrin "
        "and KlasseType (KlasseNavn may be left out)."
    ),
    forklaring=(
        "Angiv enten ForberedendeAktivitetsKode alene eller ElevTrin, KlasseTrin og KlasseType sammen (KlasseNavn "
        "kan udelades)."
    ),
    forkert="ForberedendeAktivitetsKode sammen med KlasseNavn; ElevTrin alene.",
    rigtigt="ElevTrin 10, KlasseTrin 10, KlasseType 40.",
    source="own",
    services=frozenset({FORBEREDENDE_AKTIVITET}),
    check=check,
    needs_youth=False,
)
