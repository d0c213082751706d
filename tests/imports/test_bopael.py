"""The history of addresses that the CPR register's files leave: each day has the kommune that is known now."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from tests.imports.csvs import CPR, csv
from tests.support.world import World
from udb.domain.bopael import Address
from udb.imports.cpr import import_cpr
from udb.imports.result import FileRefused
from udb.store.bopael import address_on
from udb.store.engine import reading
from udb.store.tables import bopael, person

A, B = "6101054234", "6102054236"
SINCE, BOTH = f"{CPR};bopael_fra", f"{CPR};beskyttet;bopael_fra"


def load(engine: Engine, header: str, *lines: str) -> tuple[int, int, int]:
    result = import_cpr(engine, csv(header, *lines), invented_allowed=True)
    return result.added, result.changed, result.unchanged


def home(engine: Engine, day: str, cprnr: str = A) -> str | None:
    """Return a person's kommune on a day; None when it is not known."""
    with reading(engine) as connection:
        number = connection.execute(select(person.c.id).where(person.c.cprnr == cprnr)).scalar_one()
        found = address_on(connection, number, date.fromisoformat(day))
    return found.kommunekode if found else None


def line(kommune: str, *more: str, cprnr: str = A, status: str = "01", new: str = "") -> str:
    return ";".join((cprnr, "Navn", status, kommune, new, "", "", *more))


def count(engine: Engine) -> int:
    with reading(engine) as connection:
        return len(connection.execute(select(bopael)).all())


@pytest.mark.parametrize("asked", ["2026-08-15", "2026-09-01", "2030-01-01"])
def test_of_a_youth_who_moved_on_the_15th_every_day_before_has_the_old_kommune(world: World, asked: str) -> None:
    engine = world.engine
    world.clock("2026-08-15T08:00:00")
    load(engine, CPR, line("101"))
    world.clock("2026-09-15T08:00:00")
    assert load(engine, CPR, line("751")) == (0, 1, 0)
    world.clock(f"{asked}T08:00:00")
    assert [home(engine, day) for day in ("1950-01-01", "2026-09-14", "2026-09-15", "2040-01-01")] == [
        *("101", "101", "751", "751")
    ]


def test_the_files_own_day_counts_before_that_of_the_import(world: World) -> None:
    engine = world.engine
    load(engine, SINCE, line("101", "2024-02-01"))
    assert load(engine, SINCE, line("101", "2024-02-01")) == (0, 0, 1)
    assert [home(engine, day) for day in ("2024-01-31", "2024-02-01")] == [None, "101"]
    assert load(engine, SINCE, line("751", "2026-07-15")) == (0, 1, 0)
    assert [home(engine, day) for day in ("2026-07-14", "2026-07-15")] == ["101", "751"]
    assert load(engine, CPR, line("751")) == (0, 0, 1), "a file without the column"
    assert load(engine, SINCE, line("751", "")) == (0, 0, 1), "a line without the day"


def test_a_day_that_is_learnt_later_is_a_change_and_moves_nobody(world: World) -> None:
    engine = world.engine
    load(engine, CPR, line("101"))
    assert load(engine, SINCE, line("101", "2020-05-01")) == (0, 1, 0)
    assert [home(engine, day) for day in ("2020-04-30", "2020-05-01")] == [None, "101"]


def test_an_import_that_moves_back_in_time_is_believed_and_nothing_is_lost(world: World) -> None:
    engine = world.engine
    load(engine, SINCE, line("101", "2020-01-01"))
    load(engine, SINCE, line("751", "2026-05-01"))
    load(engine, SINCE, line("461", "2026-03-01"))
    assert [home(engine, day) for day in ("2026-02-28", "2026-03-01", "2026-06-01")] == ["101", "461", "461"]
    with reading(engine) as connection:
        query = select(bopael.c.kommunekode, bopael.c.fra).where(bopael.c.rettet.is_not(None)).order_by(bopael.c.fra)
        corrected = [tuple(row) for row in connection.execute(query)]
    assert corrected == [("101", date(2020, 1, 1)), ("751", date(2026, 5, 1))]


def test_of_two_files_on_one_day_the_later_holds(world: World) -> None:
    engine = world.engine
    load(engine, CPR, line("101"))
    world.clock("2026-09-15T08:00:00")
    load(engine, CPR, line("751"))
    load(engine, CPR, line("", status="80"))
    with reading(engine) as connection:
        assert address_on(connection, 1, date(2026, 9, 15)) == Address("80", None)
        assert address_on(connection, 1, date(2026, 9, 14)) == Address("01", "101")


def test_a_clock_that_is_set_back_makes_no_two_addresses_of_a_day(world: World) -> None:
    engine = world.engine
    load(engine, CPR, line("101"))
    world.clock("2026-09-15T08:00:00")
    load(engine, CPR, line("751"))
    world.clock("2026-09-01T08:00:00")
    load(engine, CPR, line("461"))
    assert [home(engine, day) for day in ("2026-08-31", "2026-09-01", "2026-09-20")] == ["101", "461", "461"]
    assert count(engine) == 4, "the two that were corrected are kept"


@pytest.mark.parametrize(
    ("since", "said"), [("2026-02-30", "calendar"), ("2026-08-11", "after today"), ("1.8.2026", "YYYY-MM-DD")]
)
def test_a_day_that_cannot_be_refuses_the_file(world: World, since: str, said: str) -> None:
    with pytest.raises(FileRefused) as refused:
        load(world.engine, SINCE, line("101", since))
    (fault,) = refused.value.result.refused
    assert (fault.number, fault.column) == (2, "bopael_fra")
    assert said in fault.reason.en


def test_protection_is_kept_until_a_file_with_the_column_takes_it_away(world: World) -> None:
    def protected() -> Any:
        with reading(world.engine) as connection:
            return connection.execute(select(person.c.beskyttet)).scalars().all()

    load(world.engine, CPR, line("101"))
    assert protected() == [False]
    assert load(world.engine, BOTH, line("101", "1", "")) == (0, 1, 0)
    assert protected() == [True]
    assert load(world.engine, CPR, line("101")) == (0, 0, 1)
    assert protected() == [True]
    load(world.engine, BOTH, line("101", "", ""))
    assert protected() == [False]
    load(world.engine, BOTH, line("101", "1", "", cprnr=B))
    assert protected() == [False, True]


def test_one_person_who_was_two_has_the_addresses_of_both_in_the_order_they_became_known(world: World) -> None:
    engine = world.engine
    world.clock("2026-01-10T08:00:00")
    load(engine, CPR, line("101"))
    world.clock("2026-04-10T08:00:00")
    load(engine, CPR, line("751", cprnr=B))
    world.clock("2026-08-10T08:00:00")
    load(engine, CPR, line("", status="60", new=B), line("751", cprnr=B))
    assert [home(engine, day, B) for day in ("2026-04-09", "2026-04-10", "2026-08-10")] == ["101", "751", "751"]
    with reading(engine) as connection:
        assert set(connection.execute(select(bopael.c.person_id)).scalars()) == {1}
