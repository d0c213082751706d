"""4013: the kommune activity code is unknown, or not valid.

Which days count: see 4001; for a youth who lives elsewhere the history is not used. Source: V 2.3.

Wrong: ``KommuneAktivitetsKode`` k3 (the codes are text: K03).
Right: ``KommuneAktivitetsKode`` K03.
"""

from dataclasses import replace

from udb.domain.elementer import KOMMUNE_AKTIVITETS_KODE
from udb.domain.haendelse import Indberetning
from udb.domain.kodesaet import KOMMUNE_AKTIVITETER
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.rules.facts import UNPLACED, Facts
from udb.rules.premises import code_unusable, lives_with_caller
from udb.rules.rule import Alvor, Hit, Rule


def check(report: Indberetning, facts: Facts) -> Hit | None:
    """Hit when the code cannot be used on the days that count.

    A youth who lives elsewhere is judged like an unknown one, so that the answer does not reveal which it is (7001).
    """
    kode = report.kommune_aktivitets_kode
    judged_by = facts if lives_with_caller(facts) else replace(facts, placement=UNPLACED)
    return Hit() if kode is not None and code_unusable(report, judged_by, KOMMUNE_AKTIVITETER, kode) else None


RULE = Rule(
    code="4013",
    navn="Ukendt kommuneaktivitet",
    name="Unknown kommune activity",
    alvor=Alvor.HAARD,
    element=KOMMUNE_AKTIVITETS_KODE,
    tekst=(
        "Koden findes ikke i kodesættet Kommuneaktiviteter, eller den var ikke gyldig på hændelsesdatoen. Ret "
        "KommuneAktivitetsKode, og indberet igen."
    ),
    text=(
        "The code is not in the code set of kommune activities, or was not valid on the event date. Correct "
        "KommuneAktivitetsKode and report again."
    ),
    forklaring=(
        "Koden for kommunens aktivitet findes ikke eller var ikke gyldig. Hvilke dage der tæller, står ved 4001; "
        "for en ung, der bor et andet sted, bruges historikken ikke."
    ),
    forkert="KommuneAktivitetsKode k3: koderne er tekst, altså K03.",
    rigtigt="KommuneAktivitetsKode K03.",
    source="V 2.3",
    services=frozenset({KOMMUNE_AKTIVITET}),
    check=check,
    needs_youth=False,
)
