"""Deletion of data whose time is over, and the note that is made first."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, insert, select, update

from tests.imports.csvs import cpr
from tests.support.endpoint import Endpoint
from tests.support.reports import UNGDOM
from tests.support.world import GYMNASIUM, KOMMUNE, SYSTEM, World
from udb.domain.clock import add_years, system_time
from udb.domain.errors import UdbRefused
from udb.domain.services import KONTAKTPERSON, ONSKER, UNGDOMSUDDANNELSE
from udb.imports.cpr import import_cpr
from udb.retention import used_keys, youths
from udb.retention.deletion_log import DeletionLog
from udb.store.engine import reading, writing
from udb.store.tables import (
    bopael,
    call_key,
    cprnummer,
    feed_gained,
    fetch_key,
    hentet,
    kontakt_historik,
    metadata,
    modtagelse,
    onske,
    person,
)
from udb.store.tables import log as log_tables
from udb.store.tables.indkomst import indkomst

ANNA, BO = "6101961236", "6101981235"
DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.fixture
def log(tmp_path: Path) -> DeletionLog:
    return DeletionLog(tmp_path / "andetsteds" / "sletninger.jsonl")


def lines(log: DeletionLog) -> list[dict]:
    return [json.loads(line) for line in log.path.read_text().splitlines()]


def live(world: World, endpoint: Endpoint, cprnr: str) -> int:
    """Add a youth who has something in every register that the endpoint leads to; return the id."""
    who = world.person(cprnr)
    with writing(world.engine) as connection:
        connection.execute(
            update(person).where(person.c.id == who).values(navn="Navn", mail="ung@example.dk", telefon="12345678")
        )
    report = {**UNGDOM, "CPRNr": cprnr, "HaendelseDato": "2020-08-10T00:00:00"}
    assert endpoint.report(UNGDOMSUDDANNELSE, report)["Resultat"] == "Accepteret"
    contact = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "KontaktNavn": "Vejleder", "KontaktMail": "v@example.dk"}
    assert endpoint.report(KONTAKTPERSON, contact)["Resultat"] == "Accepteret"
    wish = {"CPRNr": cprnr, "InstitutionNummer": KOMMUNE, "JobOnsker": [{"JobOnsker": "Tømrer"}]}
    assert endpoint.report(ONSKER, wish)["Resultat"] == "Accepteret"
    endpoint.fetch(KOMMUNE)
    return who


def left_of(engine: Engine, who: int) -> dict[str, int]:
    """Return how many rows there are of a person, by table; without empty tables."""
    with reading(engine) as connection:
        counts = {
            table.name: connection.execute(select(func.count()).where(table.c.person_id == who)).scalar_one()
            for table in metadata.sorted_tables
            if "person_id" in table.c
        }
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def two(world: World, endpoint: Endpoint) -> tuple[int, int]:
    """Anna, born on 1 January 1996, and Bo, two years younger, when both are in their twenties."""
    world.clock("2020-08-15T08:00:00")
    return live(world, endpoint, ANNA), live(world, endpoint, BO)


def test_two_years_after_the_30th_birthday_all_is_gone_but_who_it_was(
    world: World, two: tuple[int, int], log: DeletionLog
) -> None:
    anna, bo = two
    before = left_of(world.engine, anna), left_of(world.engine, bo)
    assert {"haendelse", "kontakt", "onske"} <= before[0].keys()
    world.clock("2027-12-31T23:59:59")
    assert youths.remove_old(world.engine, log, 2) == 0
    assert not log.path.exists()
    world.clock("2028-01-01T00:00:00")
    assert youths.remove_old(world.engine, log, 2) == 1
    assert left_of(world.engine, anna).keys() <= {table.name for table in youths.KEPT}
    assert left_of(world.engine, anna)["cprnummer"] == 1
    assert left_of(world.engine, bo) == before[1]
    with reading(world.engine) as connection:
        rows = dict(connection.execute(select(person.c.cprnr, person.c.mail)).all())
        assert connection.execute(select(func.count()).select_from(hentet)).scalar_one() == 1, "Bo's alone"
    assert rows == {ANNA: None, BO: "ung@example.dk"}
    (entry,) = lines(log)
    assert (entry["art"], entry["personer"]) == ("unge", [anna])
    assert ANNA not in log.path.read_text()
    assert log.path.stat().st_mode & 0o777 == 0o600
    assert youths.remove_old(world.engine, log, 2) == 0, "there is nothing left to delete"


def test_what_was_reported_still_counts_and_no_longer_names_the_youth(
    world: World, endpoint: Endpoint, two: tuple[int, int], log: DeletionLog
) -> None:
    refused = world.person("6101965803")
    wrong = {**UNGDOM, "CPRNr": "6101965803", "HaendelseDato": "2026-08-10T00:00:00"}
    assert endpoint.report(UNGDOMSUDDANNELSE, wrong)["Resultat"] == "Afvist"
    query = select(modtagelse.c.person_id).order_by(modtagelse.c.id)
    with reading(world.engine) as connection:
        assert connection.execute(query).scalars().all() == [two[0]] * 3 + [two[1]] * 3 + [refused]
        columns = [column for column in modtagelse.c if column.name != "person_id"]
        before = connection.execute(select(*columns).order_by(modtagelse.c.id)).all()
    world.clock("2028-01-01T00:00:00")
    assert youths.remove_old(world.engine, log, 2) == 2, "also who has nothing but a refused report"
    with reading(world.engine) as connection:
        assert connection.execute(query).scalars().all() == [None] * 3 + [two[1]] * 3 + [None]
        assert connection.execute(select(*columns).order_by(modtagelse.c.id)).all() == before
        for table in (kontakt_historik, bopael):
            assert connection.execute(select(table.c.person_id).distinct()).scalars().all() == [two[1]], table.name


def test_income_goes_with_the_rest_and_by_itself(world: World, two: tuple[int, int], log: DeletionLog) -> None:
    """Whatever number the lines are under, and also for a youth who was never in the population."""
    former, abroad = "6101965801", world.person("6101965802", status="80")
    with writing(world.engine) as connection:
        connection.execute(insert(cprnummer).values(cprnr=former, person_id=two[0]))
        line = {"maaned": date(2020, 7, 31), "indberetter": "1", "indtaegtsart": "00", "oere": 1}
        connection.execute(insert(indkomst), [{**line, "cprnr": number} for number in (former, "6101965802", BO)])
    world.clock("2028-01-01T00:00:00")
    assert youths.remove_old(world.engine, log, 2) == 2
    assert lines(log)[0]["personer"] == sorted((two[0], abroad))
    with reading(world.engine) as connection:
        assert connection.execute(select(indkomst.c.cprnr)).scalars().all() == [BO]
    assert youths.remove_old(world.engine, log, 2) == 0


def test_a_death_counts_from_the_day_the_register_told_it(world: World, two: tuple[int, int], log: DeletionLog) -> None:
    def load(status: str) -> None:
        import_cpr(world.engine, cpr(f"{BO};Navn;{status};101;;ung@example.dk;"), invented_allowed=True)

    def since() -> date | None:
        with reading(world.engine) as connection:
            return connection.execute(select(person.c.doed_siden).where(person.c.id == two[1])).scalar_one()

    world.clock("2021-03-05T12:00:00")
    load("90")
    assert since() == date(2021, 3, 5)
    world.clock("2021-04-01T12:00:00")
    load("90")
    assert since() == date(2021, 3, 5), "a later file tells it again"
    load("01")
    assert since() is None
    load("90")
    world.clock("2023-03-31T12:00:00")
    assert youths.remove_old(world.engine, log, 2) == 0
    world.clock("2023-04-01T00:00:00")
    assert youths.remove_old(world.engine, log, 2) == 1
    assert "haendelse" not in left_of(world.engine, two[1])
    assert "haendelse" in left_of(world.engine, two[0])


def test_a_death_that_is_taken_back_while_it_runs_deletes_nothing(
    world: World, two: tuple[int, int], log: DeletionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(status: str) -> None:
        import_cpr(world.engine, cpr(f"{BO};Navn;{status};101;;ung@example.dk;"), invented_allowed=True)

    world.clock("2021-03-05T12:00:00")
    load("90")
    world.clock("2023-04-01T00:00:00")
    really = youths._due

    def taken_back_then(*given: Any) -> Any:
        due = really(*given)
        assert list(due) == [two[1]]
        load("01")
        return due

    monkeypatch.setattr(youths, "_due", taken_back_then)
    assert youths.remove_old(world.engine, log, 2) == 0
    assert {"haendelse", "kontakt", "onske"} <= left_of(world.engine, two[1]).keys()
    assert not log.path.exists()


def test_who_became_one_is_named_by_every_id(world: World, two: tuple[int, int], log: DeletionLog) -> None:
    world.change_number(BO, ANNA)
    world.clock("2040-01-01T00:00:00")
    assert youths.remove_old(world.engine, log, 2) == 1
    assert lines(log)[0]["personer"] == sorted(two)


def test_without_a_note_nothing_is_deleted(world: World, two: tuple[int, int], tmp_path: Path) -> None:
    blocked = tmp_path / "en fil"
    blocked.write_text("")
    world.clock("2040-01-01T00:00:00")
    before = left_of(world.engine, two[0])
    with pytest.raises(UdbRefused, match="nothing was deleted"):
        youths.remove_old(world.engine, DeletionLog(blocked / "sletninger.jsonl"), 2)
    assert left_of(world.engine, two[0]) == before


def test_every_table_about_a_person_is_deleted_from_or_kept_on_purpose() -> None:
    about = {table for table in metadata.sorted_tables if "person_id" in table.c}
    assert about == {*youths.OF_A_PERSON, *youths.KEPT, *youths.EMPTIED}
    assert {feed_gained, onske} < set(youths.OF_A_PERSON)
    assert log_tables.read_log_person in youths.KEPT
    naming = {table for table in metadata.sorted_tables if any(c.name in {"cprnr", "navn", "mail"} for c in table.c)}
    others = {table.name for table in naming - about}
    assert others == {"person", "institution", "system", "indkomst", "ansvarlig_funktion"}, "income is found by number"


@given(day=DAYS, years=st.integers(0, 6), today=DAYS)
def test_a_day_is_due_when_so_many_years_have_gone(day: date, years: int, today: date) -> None:
    assert youths._is_due(today, years, day) == (today >= add_years(day, years))
    # The query's first condition leaves no due row out.
    assert not youths._is_due(today, years, day) or day <= add_years(today, -years)


def test_keys_are_deleted_when_they_are_old(world: World, log: DeletionLog) -> None:
    engine, now = world.engine, system_time()
    ages = {"gammel": 401, "ung": 399}
    with writing(engine) as connection:
        for name, days in ages.items():
            common = {"transaction_id": name, "created": now - timedelta(days=days)}
            connection.execute(
                insert(call_key).values(
                    system_id=SYSTEM, operation="o", institution_nummer=GYMNASIUM, content_hash="", receipt={}, **common
                )
            )
    assert used_keys.remove_old(engine, log, 400) == 1
    assert used_keys.remove_old(engine, log, 400) == 0
    with reading(engine) as connection:
        assert connection.execute(select(call_key.c.transaction_id)).scalars().all() == ["ung"]
        assert connection.execute(select(fetch_key)).all() == []
    (entry,) = lines(log)
    assert entry["art"] == "noegler"


def test_a_line_that_broke_off_swallows_none_and_is_named(engine: Engine, log: DeletionLog) -> None:
    with reading(engine) as connection:
        log.note(connection, "unge", personer=[1])
        with log.path.open("ab") as file:
            file.write(b'{"art": "un')
        log.note(connection, "unge", personer=[2])
    found, broken_off = log.since(system_time())
    assert ([line.entry and line.entry["personer"] for line in found], broken_off) == ([[1], [2]], [2])
    assert all(line.follows for line in found)
    assert json.loads(log.path.read_text().splitlines()[2])["personer"] == [2]


def test_only_what_was_deleted_since_is_given(engine: Engine, log: DeletionLog) -> None:
    with reading(engine) as connection:
        log.note(connection, "unge", personer=[1])
    now = system_time()
    assert len(log.since(now)[0]) == len(log.since(now + timedelta(hours=23))[0]) == 1
    assert log.since(now + timedelta(hours=25)) == ([], [])
