"""4002: the preparatory activity code is unknown, or not valid.

Which days count: see 4001. Source: V 1.

Wrong: ``ForberedendeAktivitetsKode`` 300 (the codes are text: 0300).
Right: ``ForberedendeAktivitetsKode`` 0300.
"""

from udb.domain.elementer import FORBEREDENDE_AKTIVITETS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import FORBEREDENDE
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.rules.facts import Facts
from udb.rules.premises import code_unusable
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the code cannot be used on the days that count."""
    kode = report.forberedende_aktivitets_kode
    return Hit() if kode is not None and code_unusable(report, facts, FORBEREDENDE, kode) else None


RULE = Rule(
    code="4002",
    navn="Ukendt forberedende aktivitet",
    name="Unknown preparatory activity",
    alvor=Alvor.HAARD,
    element=FORBEREDENDE_AKTIVITETS_KODE,
    tekst=(
        "Koden findes ikke i kodesættet Forberedende aktiviteter, eller den var ikke gyldig på hændelsesdatoen. Ret "
        "ForberedendeAktivitetsKode (med foranstillede nuller), og indberet igen."
    ),
    text=(
        "The code is not in the code set of preparatory activities, or was not valid on the event date. Correct "
        "ForberedendeAktivitetsKode (with leading zeros) and report again."
    ),
    forklaring=(
        "Koden for den forberedende aktivitet findes ikke eller var ikke gyldig. Hvilke dage der tæller, står ved 4001."
    ),
    forkert="ForberedendeAktivitetsKode 300: koderne er tekst, altså 0300.",
    rigtigt="ForberedendeAktivitetsKode 0300.",
    source="V 1",
    services=frozenset({FORBEREDENDE_AKTIVITET}),
    check=check,
    needs_youth=False,
)
