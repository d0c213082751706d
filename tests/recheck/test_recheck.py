"""Stored reports judged by the rules of another day: on both databases, through reports made at the endpoint."""

import json
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from typer.testing import CliRunner

from tests.support.endpoint import Endpoint, codes
from tests.support.world import GYMNASIUM, KOMMUNE, World
from udb.cli import build
from udb.domain.errors import WrongUse
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.recheck import recheck as module
from udb.recheck.recheck import Change, Summary, count, recheck
from udb.rules import runner
from udb.rules.catalogue import BY_CODE, RULES
from udb.rules.facts import Facts
from udb.rules.rule import Alvor, Hit
from udb.statistics.quality.coming_rules import rule_check
from udb.store.engine import reading, writing
from udb.store.tables import haendelse, haendelse_raad, kodesaet, person

YOUNG = "6503084001"
NEW_NUMBER = "6503084002"
OTHER = "6603084003"
FIRST_DAY = date(2027, 1, 1)


@pytest.fixture
def reported(world: World, endpoint: Endpoint) -> Endpoint:
    """A youth with an optag, an afbrud reported late (3007) and a cancelled risk; another one with an optag."""
    for cprnr in (YOUNG, OTHER):
        world.person(cprnr)
        assert report(endpoint, cprnr) == set()
    assert report(endpoint, YOUNG, FrafaldstruetMarkering=True) == set()
    assert report(endpoint, YOUNG, Annullering=True, HaendelseNummer=last(world), FrafaldstruetMarkering=True) == set()
    world.clock("2026-08-12T09:00:00")
    assert report(endpoint, YOUNG, Status=2, AfbrudsarsagsKode="904", dato="2026-08-11") == {"3007"}
    return endpoint


def report(endpoint: Endpoint, cprnr: str, dato: str = "2026-08-10", **changes: Any) -> set[str]:
    payload = {
        "CPRNr": cprnr,
        "InstitutionNummer": GYMNASIUM,
        "HaendelseDato": f"{dato}T00:00:00+02:00",
        "Status": OPTAGET,
        "KildeLeverandoer": "Skolesystem",
        "Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2},
        "Annullering": False,
        **changes,
    }
    receipt = endpoint.report(UNGDOMSUDDANNELSE, payload)
    return codes(receipt)


def last(world: World) -> str:
    with world.engine.connect() as connection:
        return max(connection.execute(select(haendelse.c.nummer)).scalars())


def changes(engine: Engine, day: date = FIRST_DAY, summary: Summary | None = None) -> list[Change]:
    return list(recheck(engine, day, summary or Summary(), invented_cpr_allowed=True))


@pytest.fixture
def future_rule(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let an optag be refused with 4999 from FIRST_DAY on, and 3007 be no longer in force."""

    def check(report: Indberetning, _facts: Facts) -> Hit | None:
        return Hit() if report.status == OPTAGET and not report.risk else None

    new = replace(BY_CODE["4003"], code="4999", check=check, alvor=Alvor.HAARD, in_force_from=FIRST_DAY)
    old = replace(BY_CODE["3007"], in_force_to=date(2026, 12, 31))
    rules = (*(old if rule.code == "3007" else rule for rule in RULES), new)
    monkeypatch.setattr(runner, "_IN_ORDER", runner.in_order(rules))
    runner._asked.cache_clear()
    yield
    monkeypatch.undo()
    runner._asked.cache_clear()


@pytest.mark.usefixtures("reported")
def test_by_the_same_rules_nothing_changes(engine: Engine) -> None:
    summary = Summary()
    assert changes(engine, summary=summary) == []
    assert (summary.events, summary.changed, summary.by_code()) == (5, 0, [])


@pytest.mark.usefixtures("reported", "future_rule")
def test_a_future_rule_shows_from_its_first_day(engine: Engine) -> None:
    assert changes(engine, date(2026, 12, 31)) == []
    summary = Summary()
    found = changes(engine, FIRST_DAY, summary)
    assert [(change.before, change.now, change.refused) for change in found] == [
        ((), ("4999",), True),
        (("3007",), (), False),
        ((), ("4999",), True),
    ]
    assert (summary.events, summary.changed) == (5, 3)
    assert summary.by_code() == [{"code": "3007", "came": 0, "went": 1}, {"code": "4999", "came": 2, "went": 0}]


@pytest.mark.usefixtures("reported", "future_rule")
def test_a_cancellation_is_judged_as_one(engine: Engine) -> None:
    found = {change.nummer for change in changes(engine)}
    with engine.connect() as connection:
        cancellations = set(connection.execute(select(haendelse.c.nummer).where(haendelse.c.annullering)).scalars())
    assert cancellations
    assert not cancellations & found


def test_a_future_code_row_shows_on_events_dated_after_it(world: World, endpoint: Endpoint, engine: Engine) -> None:
    world.person(YOUNG)
    world.person(OTHER)
    assert report(endpoint, YOUNG) == set()
    assert report(endpoint, OTHER, dato="2026-10-01") == set()
    assert changes(engine) == []
    with writing(engine) as connection:
        row = (kodesaet.c.saet == "cosa_formaal") & (kodesaet.c.kode == "3009") & (kodesaet.c.variant == "2")
        connection.execute(update(kodesaet).where(row).values(gyldig_til=date(2026, 9, 30)))
    (change,) = changes(engine)
    assert (change.before, change.now, change.refused) == ((), ("4001",), True)


def test_what_came_later_counts_for_nothing(world: World, endpoint: Endpoint, engine: Engine) -> None:
    world.person(YOUNG)
    assert report(endpoint, YOUNG) == set()
    assert report(endpoint, YOUNG, Status=3) == set()
    assert report(endpoint, YOUNG, Annullering=True, HaendelseNummer=last(world), Status=3) == set()
    assert report(endpoint, YOUNG, Status=2, AfbrudsarsagsKode="904") == set()
    assert (
        report(endpoint, YOUNG, Annullering=True, HaendelseNummer=last(world), Status=2, AfbrudsarsagsKode="904")
        == set()
    )
    assert changes(engine) == []


def test_a_change_of_number_and_what_repeats_and_cancels_after_it(
    world: World, endpoint: Endpoint, engine: Engine
) -> None:
    world.person(YOUNG)
    assert report(endpoint, YOUNG) == set()
    world.change_number(YOUNG, NEW_NUMBER)
    world.clock("2026-08-20T09:00:00")
    assert report(endpoint, NEW_NUMBER) == set()
    assert report(endpoint, NEW_NUMBER, Annullering=True, HaendelseNummer=last(world)) == set()
    summary = Summary()
    assert changes(engine, summary=summary) == []
    assert (summary.events, count(engine)) == (3, 4)


@pytest.mark.usefixtures("reported")
def test_what_the_registers_say_since_changes_nothing(world: World, engine: Engine) -> None:
    world.person(YOUNG, status="80", kommune=None)
    world.institution(GYMNASIUM, in_register=False)
    assert changes(engine) == []


@pytest.mark.usefixtures("reported", "future_rule")
def test_persons_come_in_batches(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = changes(engine)
    monkeypatch.setattr(module, "BATCH", 1)
    assert changes(engine) == whole
    assert len(whole) == 3


@pytest.mark.usefixtures("reported")
def test_progress_tells_every_event(engine: Engine) -> None:
    counts: list[int] = []
    list(recheck(engine, FIRST_DAY, Summary(), invented_cpr_allowed=True, done=counts.append))
    assert sum(counts) == count(engine) == 5


@pytest.mark.usefixtures("reported")
def test_advice_that_was_stored_and_no_longer_given_shows(engine: Engine) -> None:
    with writing(engine) as connection:
        nummer = connection.execute(select(haendelse.c.nummer).order_by(haendelse.c.nummer).limit(1)).scalar_one()
        connection.execute(haendelse_raad.insert().values(nummer=nummer, fejl_kode="5003"))
    (change,) = changes(engine)
    assert (change.nummer, change.before, change.now) == (nummer, ("5003",), ())


def run(*arguments: str) -> str:
    result = CliRunner().invoke(build(), ["recheck", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.fixture
def here(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the command use the test's database."""
    monkeypatch.setenv("UDB_DATABASE_URL", database_url)
    monkeypatch.setenv("UDB_SANDBOX", "true")


@pytest.mark.usefixtures("reported", "here", "future_rule")
def test_the_command_lists_and_sums_up_without_naming_anybody() -> None:
    printed = run("--date", "2027-01-01")
    assert "3 of 5 reports would be answered otherwise on 2027-01-01." in printed
    assert "3007 -> none" in printed
    assert "none -> 4999  refused" in printed
    assert not any(cprnr in printed for cprnr in (YOUNG, OTHER))
    assert KOMMUNE not in printed


@pytest.mark.usefixtures("reported", "here", "future_rule")
def test_the_command_s_json() -> None:
    found = json.loads(run("--date", "2027-01-01", "--json"))
    assert found["dato"] == "2027-01-01"
    assert (found["reports"], found["changed"]) == (5, 3)
    assert found["codes"] == [{"code": "3007", "came": 0, "went": 1}, {"code": "4999", "came": 2, "went": 0}]
    assert found["changes"][0].keys() == {"nummer", "service", "registreret", "before", "now", "refused"}
    assert not any(cprnr in json.dumps(found) for cprnr in (YOUNG, OTHER))


@pytest.mark.usefixtures("reported", "here", "future_rule")
def test_what_would_be_refused_is_kept_by_sender_when_that_is_asked_for(engine: Engine) -> None:
    run("--date", "2027-01-01")
    with reading(engine) as connection:
        assert rule_check(connection, None) is None
    run("--date", "2027-01-01", "--keep")
    with reading(engine) as connection:
        kept, others = rule_check(connection, None), rule_check(connection, {KOMMUNE})
    assert kept is not None
    assert others is not None
    assert [(one.institution_nummer, one.service, one.kode, one.antal) for one in kept.rows] == [
        (GYMNASIUM, UNGDOMSUDDANNELSE, "4999", 2)
    ]
    assert (kept.dag, kept.bedoemt, others.rows) == (FIRST_DAY, 5, [])


@pytest.mark.usefixtures("reported", "here")
def test_the_command_s_json_of_nothing() -> None:
    found = json.loads(run("--date", "2027-01-01", "--json"))
    assert (found["changes"], found["changed"]) == ([], 0)


@pytest.mark.usefixtures("reported", "here")
def test_a_day_gone_by_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="today"):
        run("--date", "2020-01-01")


def test_memory_does_not_grow_with_the_events(world: World, endpoint: Endpoint, engine: Engine) -> None:
    def peak() -> int:
        tracemalloc.start()
        for _ in recheck(engine, FIRST_DAY, Summary(), invented_cpr_allowed=True):
            pass
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    like = world.person(YOUNG)
    assert report(endpoint, YOUNG) == set()
    copy_events(engine, like, range(module.BATCH))
    few = peak()
    copy_events(engine, like, range(module.BATCH, 5 * module.BATCH))
    assert count(engine) > 5 * module.BATCH
    assert peak() < 1.5 * few


def copy_events(engine: Engine, like: int, numbers: range) -> None:
    """Give as many further persons a copy of the events of one."""
    with writing(engine) as connection:
        youth = dict(connection.execute(select(person).where(person.c.id == like)).mappings().one())
        event = dict(connection.execute(select(haendelse).where(haendelse.c.person_id == like)).mappings().one())
        youths = [{**youth, "id": 10_000 + n, "cprnr": f"65{n:08}"} for n in numbers]
        connection.execute(person.insert(), youths)
        events = [
            {**event, "person_id": 10_000 + n, "nummer": f"{event['nummer'][:-5]}{n + 10:05}", "plads": f"p{n}"}
            for n in numbers
        ]
        connection.execute(haendelse.insert(), events)
