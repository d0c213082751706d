"""The golden population of docs/spec/figures.md: sixteen youths on 1 October 2026, cell by cell."""

from datetime import date, datetime

import pytest

from tests.rules.memory import shipped_codes
from udb.domain.clock import DANISH
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import COSA, ELEVTRIN, KOMMUNE_AKTIVITETER, STADS
from udb.domain.services import (
    FGU,
    FORBEREDENDE_AKTIVITET,
    KOMMUNE_AKTIVITET,
    UNGDOMSUDDANNELSE,
    VIDEREGAAENDE,
)
from udb.statistics.definitions.courses import courses_of
from udb.statistics.definitions.kui import Gruppe, kui
from udb.statistics.definitions.restgruppe import in_restgruppe
from udb.statistics.definitions.situation import Situation, situation
from udb.statistics.definitions.youth import (
    Work,
    Youth,
    has_completed,
    in_education,
    in_population,
    work_of,
    works_18,
)

DAY = date(2026, 10, 1)
MONTH = date(2026, 10, 31)
RATES = {15: 7500, 18: 13000}


@pytest.fixture(scope="module")
def codes():
    return shipped_codes()


def of_art(codes, art):
    """Return a formål of an art with its version, valid on the status day."""
    found = ((code, row) for code in codes.codes(COSA) for row in codes.rows(COSA, code) if row.text("art") == art)
    return next((code, int(row.variant)) for code, row in found if row.valid_on(DAY))


def event(number, day, status, kodesaet, kode, service, version=None, **more):
    return Haendelse(
        nummer=f"UDB-{number:023}",
        plads=f"UDB-{number:023}",
        art="uddannelse",
        cprnr="7103075123",
        service=service,
        institution_nummer="461248",
        hovedinstitution="461248",
        haendelse_dato=day,
        registreringstid=datetime(2026, 9, 1, tzinfo=DANISH),
        kilde_leverandoer="LUDUS",
        status=status,
        kodesaet=kodesaet,
        kode=kode,
        kode_version=version,
        **more,
    )


def grade(day, trin="10"):
    return [event(1, day, 1, ELEVTRIN, trin, FORBEREDENDE_AKTIVITET, elev_trin=int(trin))]


def formaal(codes, art, *steps, service=UNGDOMSUDDANNELSE):
    code, version = of_art(codes, art)
    return [
        event(number, day, status, COSA, code, service, version, **more)
        for number, (status, day, more) in enumerate(steps, 1)
    ]


def activity(kode, day=date(2026, 5, 1)):
    return [event(1, day, 1, KOMMUNE_AKTIVITETER, kode, KOMMUNE_AKTIVITET)]


def youth(codes, age, events=(), oere=0, status="01", birthday=(3, 11), done=()):
    born = date(2026 - age if birthday <= (10, 1) else 2025 - age, *birthday)
    turns = {years: born.replace(year=born.year + years) for years in (15, 25, 30)}
    rate = RATES[18 if born.replace(year=born.year + 18) <= MONTH else 15]
    return Youth(status, turns[15], turns[25], turns[30], courses_of(events, codes), done, work_of(MONTH, oere, rate))


AUG = date(2026, 8, 10)
GOLDEN = {
    1: (lambda c: youth(c, 16, grade(AUG)), (1, 0, 1, 0, 0, None)),
    2: (lambda c: youth(c, 19, done=[date(2025, 6, 26)]), (1, 1, 0, 0, 0, None)),
    3: (lambda c: youth(c, 19, formaal(c, "gf2", (1, AUG, {}))), (1, 0, 1, 0, 0, None)),
    4: (lambda c: youth(c, 20, formaal(c, "eud", (1, AUG, {}), (2, date(2026, 9, 15), {})), 1011892),
        (1, 0, 0, 1, 0, Gruppe.DELTID)),
    5: (lambda c: youth(c, 20, oere=1011891), (1, 0, 0, 0, 1, Gruppe.DELTID)),
    6: (lambda c: youth(c, 17, oere=583784), (1, 0, 0, 1, 0, Gruppe.DELTID)),
    7: (lambda c: youth(c, 17, oere=648000), (1, 0, 0, 1, 0, None)),
    8: (lambda c: youth(c, 18, oere=648000, birthday=(10, 1)), (1, 0, 0, 0, 1, Gruppe.DELTID)),
    9: (lambda c: youth(c, 22, formaal(c, "fgu", (1, date(2026, 5, 1), {}), service=FGU)),
        (1, 0, 1, 0, 0, Gruppe.FORBEREDENDE)),
    10: (lambda c: youth(c, 23, activity("K56")), (1, 0, 0, 0, 1, Gruppe.FRITAGET)),
    11: (lambda c: youth(c, 25, birthday=(10, 1)), (0, 0, 0, 0, 0, None)),
    12: (lambda c: youth(c, 21, status="80"), (0, 0, 0, 0, 0, None)),
    13: (lambda c: youth(c, 20, formaal(c, "hf", (1, date(2026, 10, 2), {}))), (1, 0, 0, 0, 1, Gruppe.UDEN)),
    14: (lambda c: youth(c, 20, formaal(c, "hf", (1, AUG, {}), (2, DAY, {}))), (1, 0, 0, 0, 1, Gruppe.UDEN)),
    15: (lambda c: youth(c, 19, formaal(c, "eud", (1, date(2026, 9, 1), {"frafaldstruet_markering": True}))),
         (1, 0, 1, 0, 0, None)),
    16: (lambda c: youth(c, 20, activity("K54")), (1, 0, 0, 1, 0, None)),
}  # fmt: skip


def row(one):
    return (
        in_population(one, DAY),
        has_completed(one, DAY),
        in_education(one, DAY),
        works_18(one, DAY),
        in_restgruppe(one, DAY),
        kui(one, DAY),
    )


@pytest.mark.parametrize("number", GOLDEN)
def test_each_of_the_sixteen_has_its_row(codes, number):
    make, expected = GOLDEN[number]
    assert row(make(codes)) == expected


def test_the_figures_add_up(codes):
    rows = [row(make(codes)) for make, _ in GOLDEN.values()]
    population = [one for one in rows if one[0]]
    assert len(population) == 14
    assert sum(one[1] for one in population) == 1
    assert sum(one[2] for one in population) == 4
    assert sum(one[3] and not one[1] and not one[2] for one in population) == 4
    assert sum(one[4] for one in population) == 5
    groups = [one[5] for one in population if one[5] is not None]
    assert (len(groups), groups.count(Gruppe.DELTID), groups.count(Gruppe.UDEN)) == (8, 4, 2)


def test_a_situation_is_the_first_that_holds(codes):
    # The worked case: gf2 is left on 15 September, with and without a delivered month.
    open_course = formaal(codes, "gf2", (1, AUG, {}))
    ended = formaal(codes, "gf2", (1, AUG, {}), (2, date(2026, 9, 15), {}))
    day, part = date(2026, 9, 20), 12 * 13000 * 160 // 100
    assert situation(youth(codes, 17, open_course, part), day) is Situation.UNGDOMSUDDANNELSE
    assert situation(youth(codes, 17, ended, part), day) is Situation.DELTID
    assert youth(codes, 19, ended, part).work.grad == 12
    assert situation(youth(codes, 17, ended), day) is Situation.UDEN
    test = formaal(codes, "optagelsesproeve", (1, AUG, {}))
    assert situation(youth(codes, 17, test), day) is Situation.UDEN
    for kode, expected in (
        ("K59", Situation.GRUNDSKOLE), ("K58", Situation.UNGDOMSUDDANNELSE), ("K53", Situation.UNGDOMSUDDANNELSE),
        ("K12", Situation.FORBEREDENDE), ("K05", Situation.FORBEREDENDE), ("K54", Situation.JOB),
        ("K57", Situation.FRITAGET), ("K16", Situation.FRITAGET), ("K52", Situation.UDLAND),
        ("K55", Situation.PRAKTIK),
    ):  # fmt: skip
        assert situation(youth(codes, 20, activity(kode)), DAY) is expected, kode
    assert situation(youth(codes, 20, activity("K55"), done=[DAY]), DAY) is Situation.FULDFOERT
    assert situation(youth(codes, 17, oere=648000), DAY) is Situation.JOB


def test_a_forloeb_whose_code_was_not_valid_when_it_began_counts_for_nothing(codes):
    valid, gone = (
        next(
            (code, int(row.variant))
            for code in codes.codes(COSA)
            for row in codes.rows(COSA, code)
            if row.text("art") == "eud" and row.valid_on(AUG) is is_valid
        )
        for is_valid in (True, False)
    )
    for (code, version), expected in ((valid, True), (gone, False)):
        one = youth(codes, 20, [event(1, AUG, 1, COSA, code, UNGDOMSUDDANNELSE, version)])
        assert (in_education(one, DAY), in_restgruppe(one, DAY)) == (expected, not expected)
    unknown = youth(codes, 20, [event(1, AUG, 1, STADS, "0000", VIDEREGAAENDE)])
    assert not in_education(unknown, DAY)


def test_cancelled_reports_and_marks_count_for_nothing(codes):
    code, version = of_art(codes, "hf")
    gone = event(1, AUG, 1, COSA, code, UNGDOMSUDDANNELSE, version, annulleret=True)
    mark = event(2, AUG, 1, COSA, code, UNGDOMSUDDANNELSE, version, ifoelge_kommunen="Risiko")
    assert courses_of([gone, mark], codes) == []
    assert Work() == Work(None, 0, atten=False, tyve=False)
