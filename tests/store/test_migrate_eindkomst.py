"""Migration 0014 of a database that has income: lines, series, and what an import had not finished."""

from datetime import date

import pytest
from alembic import command
from sqlalchemy import Connection, Engine, delete, func, insert, select, text, update

from tests.imports.csvs import csv
from tests.support.world import World
from udb.beskaeftigelse import pending_events, run
from udb.beskaeftigelse.lookup import months_of
from udb.imports import eindkomst
from udb.imports.eindkomst import import_eindkomst
from udb.store import migrate
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, person
from udb.store.tables.indkomst import (
    indkomst,
    indkomst_nyt,
    indkomst_venter,
    indkomstmaaned,
    indkomstserie,
    indkomstserie_ny,
)

HEADER = "cprnr;maaned;indberetter;indtaegtsart;beloeb"
ADULT, YOUNG, TURNS_18, FULL, MOVED = "6101044501", "6101104501", "6105084501", "6101044502", "6101044503"
"""22 years, 16 years, and 18 years on 1 May 2026; one in full-time work; one who lived abroad in the first months."""
MONTHS = ("2026-02", "2026-03", "2026-04", "2026-05", "2026-06")
DAYS = [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31), date(2026, 6, 30)]
# 130 kroner an hour: 11,232.00 is 54, and 75 kroner for those of 15-17: 6,480.00.
WAGES = {
    ADULT: ("11231.99", "11232.00", "11232.00", "5000.00", "16847.99"),
    YOUNG: ("6479.99", "6480.00", "100.00", "6479.99", "6479.99"),
    TURNS_18: ("6479.99", "6479.99", "6479.99", "11232.00", "11231.99"),
    FULL: ("20000.00", "20000.00", "0.00", "11232.00", "20000.00"),
    MOVED: ("9000.00", "9000.00", "12000.00", "12000.00", "12000.00"),
}


def lines(month: str) -> list[str]:
    place = MONTHS.index(month)
    return [f"{cprnr};{month};1;LOEN;{wages[place]}" for cprnr, wages in WAGES.items()]


def load(engine: Engine, month: str) -> int:
    return import_eindkomst(engine, csv(HEADER, *lines(month)), maaned=month).events


@pytest.fixture
def engine_with_income(world: World) -> Engine:
    """Four months; the one who moved was abroad in the first two, as they were calculated."""
    for cprnr in WAGES:
        world.person(cprnr, status="80" if cprnr == MOVED else "01")
    for month in MONTHS[:4]:
        if month == "2026-04":
            world.person(MOVED)
        load(world.engine, month)
    return world.engine


def back_and_forth(url: str, meanwhile: str = "") -> None:
    """To the version before, as its program left it, and up again."""
    with migrate.connect(url) as connection:
        config = migrate._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0013")
        if meanwhile:
            connection.execute(text(meanwhile))
    migrate.upgrade(url)


def everybody(connection: Connection) -> dict[str, object]:
    """What the look-up for Udslusningstilskud is told of everybody."""
    ids = connection.execute(select(person.c.id, person.c.cprnr)).all()
    return {row.cprnr: months_of(connection, row.id, DAYS) for row in ids}


def stored(connection: Connection) -> dict[str, list[str]]:
    tables = (indkomst, indkomstmaaned, indkomst_venter, indkomst_nyt, haendelse)
    return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}


def test_twenty_hours_are_as_they_were_and_nothing_waits(engine_with_income, database_url):
    with reading(engine_with_income) as connection:
        before, told = stored(connection), everybody(connection)
    assert [month.twenty_hours for month in told[ADULT]] == [False, True, True, False, False]
    assert [month.twenty_hours for month in told[TURNS_18]] == [False, False, False, True, False]
    assert [month.in_population for month in told[MOVED]] == [False, False, True, True, False]
    back_and_forth(database_url)
    with reading(engine_with_income) as connection:
        assert (stored(connection), everybody(connection)) == (before, told)
    assert import_eindkomst(engine_with_income, csv(HEADER), maaned=None).events == 0
    with reading(engine_with_income) as connection:
        assert (stored(connection), everybody(connection)) == (before, told)
        rows = connection.execute(select(indkomstserie).order_by(indkomstserie.c.fra)).all()
        mine = [row for row in rows if row.person_id == 1]
    assert [(str(row.fra), str(row.til), row.grad, row.tyve_timer) for row in mine] == [
        ("2026-02-28", "2026-03-30", 53, False),
        ("2026-03-31", "2026-05-30", 54, True),
        ("2026-05-31", "9999-12-31", 24, False),
    ]


def test_a_row_of_the_version_before_is_parted_where_the_hours_change(engine_with_income, database_url):
    """It had one row as long as the status stayed."""
    with writing(engine_with_income) as connection:
        theirs = indkomstserie.c.person_id == 1
        connection.execute(delete(indkomstserie).where(theirs, indkomstserie.c.fra > DAYS[0]))
        connection.execute(update(indkomstserie).where(theirs).values(til=date.max))
        events = connection.execute(select(func.count()).select_from(haendelse)).scalar_one()
    back_and_forth(database_url)
    with reading(engine_with_income) as connection:
        mine = everybody(connection)[ADULT]
    assert [month.twenty_hours for month in mine] == [False, True, True, False, False]
    assert load(engine_with_income, "2026-05") == 0
    assert load(engine_with_income, "2026-06") == 1
    with reading(engine_with_income) as connection:
        assert connection.execute(select(func.count()).select_from(haendelse)).scalar_one() == events + 1


def test_a_queue_that_was_not_finished_is_gone_on_with(engine_with_income, database_url):
    """The program before had loaded June, and calculated nobody."""
    with writing(engine_with_income) as connection:
        connection.execute(insert(indkomstmaaned).values(maaned=DAYS[4]))
        numbers = {row.cprnr: row.id for row in connection.execute(select(person))}
        for cprnr, wages in WAGES.items():
            oere = int(wages[4].replace(".", ""))
            row = {"maaned": DAYS[4], "cprnr": cprnr, "indberetter": "1", "indtaegtsart": "LOEN", "oere": oere}
            connection.execute(insert(indkomst).values(row))
        waits = [{"fra": DAYS[4], "person_id": numbers[cprnr]} for cprnr in (ADULT, FULL, YOUNG)]
        connection.execute(insert(indkomst_venter), waits)
    back_and_forth(database_url)
    assert import_eindkomst(engine_with_income, csv(HEADER), maaned=None).events == 1
    with reading(engine_with_income) as connection:
        assert (
            connection.execute(select(haendelse.c.cprnr).order_by(haendelse.c.nummer.desc())).scalars().first() == FULL
        )
        assert all(month.leveret is not None for month in everybody(connection)[ADULT])
        before = stored(connection)
    assert load(engine_with_income, "2026-06") == 0
    with reading(engine_with_income) as connection:
        assert stored(connection) == before


def test_what_was_not_told_is_told_by_the_version_before(engine_with_income, database_url, monkeypatch):
    """And by this one, when it has come back: nothing that was calculated is lost. One has moved abroad."""
    World(engine_with_income).person(YOUNG, status="80")
    with monkeypatch.context() as stopped:
        stopped.setattr(eindkomst, "calculate", lambda *_: 0)
        load(engine_with_income, "2026-06")
    with reading(engine_with_income) as connection:
        left = connection.execute(
            select(indkomst_nyt.c.person_id).where(indkomst_nyt.c.art != pending_events.SEE)
        ).all()
        new = connection.execute(select(indkomstserie_ny)).all()
    assert left
    assert {row.status is None for row in new} == {False, True}
    back_and_forth(database_url)
    assert run.calculate(engine_with_income) == len(left)
    with reading(engine_with_income) as connection:
        for row in new:
            covers = indkomstserie.c.person_id == row.person_id, indkomstserie.c.til >= row.fra
            found = connection.execute(select(indkomstserie).where(*covers)).all()
            assert [(one.fra, one.status) for one in found] == ([] if row.status is None else [(row.fra, row.status)])
