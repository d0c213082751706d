"""The sixteen youths of docs/spec/figures.md as rows of the database, counted by the monthly run."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from tests.support.figure_youths import deliver, set_wage, store
from tests.support.golden import DAY, GOLDEN, NOVEMBER, OCTOBER, aged
from tests.support.world import World
from udb.domain.errors import WrongUse
from udb.statistics import frozen
from udb.statistics.frozen import Status
from udb.statistics.monthly.run import due, run
from udb.store.engine import reading, writing


@pytest.fixture
def golden(world: World):
    world.clock("2026-11-15T08:00:00")
    deliver(world.engine, OCTOBER)
    store(world.engine, GOLDEN)
    return world


def counts(world, definition, day=DAY, kommune="851", which=frozen.published):
    """Return a run's totals by measure."""
    with reading(world.engine) as connection:
        found = which(connection, definition, day)
        assert found is not None
        totals = frozen.figures(connection, found, kommuner=[kommune], totals_only=True)
    return {one.maal: one.antal for one in totals}


def test_the_sixteen_are_counted_cell_by_cell(golden):
    result = run(golden.engine, golden.engine, DAY)
    assert (result.youths, result.status, result.indkomst_maaned) == (16, Status.ENDELIG, OCTOBER)
    assert counts(golden, "restgruppe") == {"P": 14, "fuldfoert": 1, "i_uddannelse": 4, "i_job": 4, "restgruppe": 5}
    assert counts(golden, "kui") == {
        "P": 14, "i_alt": 8, "forberedende": 1, "fritaget": 1, "deltid": 4, "uden": 2,
    }  # fmt: skip
    # The eleventh has just turned 25: nothing is known of employment.
    assert counts(golden, "bredere") == {
        "P": 15, "i_alt": 9, "forberedende": 1, "fritaget": 1, "deltid": 4, "uden": 2, "ukendt": 1,
    }  # fmt: skip
    assert counts(golden, "fuldfoert_25") == {"P": 1}
    # Reports are known of 1-4, 9, 10, 14, 15 and 16; the optag of 13 is dated after the day.
    assert counts(golden, "daekning") == {"P": 14, "daekning": 9}


def test_the_parts_add_up_to_the_whole(golden):
    store(golden.engine, [replace(one, kommune=kommune) for one in GOLDEN for kommune in ("101", None)], first=100)
    run(golden.engine, golden.engine, DAY)
    with reading(golden.engine) as connection:
        for definition, groups in (("kui", ("forberedende", "fritaget", "deltid", "uden")), ("restgruppe", ())):
            found = frozen.figures(connection, frozen.published(connection, definition, DAY))
            cells = Counter({(one.kommunekode, one.maal, one.alder, one.koen): one.antal for one in found})
            assert cells[None, "P", None, None] == 42
            assert {kode for kode, *_ in cells} == {None, "000", "101", "851"}
            for maal, age, sex in {key[1:] for key in cells}:
                everywhere = sum(cells[kode, maal, age, sex] for kode in ("000", "101", "851"))
                assert cells[None, maal, age, sex] == everywhere
            for kode, maal in product((None, "851"), {key[1] for key in cells}):
                ages, sexes = ("15-17", "18-24"), ("K", "M")
                assert cells[kode, maal, None, None] == sum(cells[kode, maal, one, None] for one in ages)
                assert cells[kode, maal, None, None] == sum(cells[kode, maal, None, one] for one in sexes)
                assert cells[kode, maal, None, "M"] == sum(cells[kode, maal, one, "M"] for one in ages)
                if groups:
                    assert cells[kode, "i_alt", None, None] == sum(cells[kode, one, None, None] for one in groups)


@pytest.mark.parametrize(
    ("number", "oere", "expected"),
    [(4, 1011891, {"i_job": 3, "restgruppe": 6}), (5, 1011892, {"i_job": 5, "restgruppe": 4})],
)
def test_one_oere_moves_one_youth_and_a_correction_changes_no_frozen_figure(golden, number, oere, expected):
    run(golden.engine, golden.engine, DAY)
    before = counts(golden, "restgruppe")
    with writing(golden.engine) as connection:
        set_wage(connection, number, "K", OCTOBER, oere)
    run(golden.engine, golden.engine, DAY)
    assert counts(golden, "restgruppe") == before
    assert counts(golden, "restgruppe", which=frozen.latest) == before | expected
    # Both are in the target group: 18 hours are less than 20.
    assert counts(golden, "kui", which=frozen.latest) == counts(golden, "kui")


def test_neet_is_counted_on_30_november(golden):
    deliver(golden.engine, NOVEMBER)
    november = NOVEMBER.replace(day=1)
    golden.clock("2026-11-29T08:00:00")
    run(golden.engine, golden.engine, november)
    with reading(golden.engine) as connection:
        assert frozen.published(connection, "neet", NOVEMBER) is None, "the day is not over"
    golden.clock("2026-12-12T08:00:00")
    run(golden.engine, golden.engine, november)
    # The second, fourth to eighth, tenth and fourteenth.
    assert counts(golden, "neet", NOVEMBER) == {"P": 14, "neet": 8}


def test_a_youth_who_moves_counts_where_the_youth_lived_on_the_day(world):
    world.clock("2026-10-20T08:00:00")
    moved = replace(aged(17), moves=[(date(2026, 9, 15), "01", "101")])
    store(world.engine, [moved])
    for _ in range(2):
        for month, home, other in ((8, "851", "101"), (9, "851", "101"), (10, "101", "851")):
            day = date(2026, month, 1)
            run(world.engine, world.engine, day)
            assert counts(world, "kui", day, home) == {"P": 1, "i_alt": 1, "uden": 1}
            assert counts(world, "kui", day, other) == {}
        world.clock("2026-12-24T08:00:00")


def test_a_month_is_provisional_until_its_income_is_delivered(golden):
    golden.clock("2026-12-02T08:00:00")
    november = date(2026, 11, 1)
    with pytest.raises(WrongUse, match="januar 2027"):
        run(golden.engine, golden.engine, date(2027, 1, 1))
    with reading(golden.engine) as connection:
        assert due(connection) == [date(2026, 12, 1)]
    for status, delivered in ((Status.FORELOEBIG, OCTOBER), (Status.FORELOEBIG, OCTOBER)):
        result = run(golden.engine, golden.engine, november)
        assert (result.status, result.indkomst_maaned) == (status, delivered)
    run(golden.engine, golden.engine)
    deliver(golden.engine, NOVEMBER)
    with reading(golden.engine) as connection:
        assert due(connection) == [november]
    assert run(golden.engine, golden.engine, november).status is Status.ENDELIG
    run(golden.engine, golden.engine, november)
    with reading(golden.engine) as connection:
        assert due(connection) == []
        runs = frozen.runs(connection, "kui", days=[november])
        assert [(one.koersel, one.status, one.frosset) for one in runs] == [
            (1, Status.FORELOEBIG, False), (2, Status.FORELOEBIG, False),
            (3, Status.ENDELIG, True), (4, Status.ENDELIG, False),
        ]  # fmt: skip
        assert frozen.published(connection, "kui", november) == runs[2]
        assert frozen.latest(connection, "kui", november) == runs[3]
        assert not runs[0].dagens_bopael


def test_of_two_orders_of_a_day_the_later_report_holds(world: World):
    world.clock("2026-11-15T08:00:00")
    deliver(world.engine, OCTOBER)
    ended, begun = (aged(20, orders=((DAY, first), (DAY, not first))) for first in (True, False))
    store(world.engine, [ended, begun, begun])
    run(world.engine, world.engine, DAY)
    assert counts(world, "kui") == {"P": 3, "i_alt": 3, "uden": 1, "paalaeg": 2}
