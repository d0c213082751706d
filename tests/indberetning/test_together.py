"""Reports at the same time: one key is one event, and numbers are drawn in the order of the commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import select

from tests.door import Door
from tests.indberetning.test_take import CPRNR, UNGDOM, count
from tests.world import KOMMUNE, World
from udb.services import UNGDOMSUDDANNELSE
from udb.store.tables import haendelse

WRITERS = 20


def at_once(calls: list[Any]) -> list[Any]:
    start = Barrier(len(calls))

    def run(call: Any) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_twenty_writers_resubmitting_one_key_store_one_event(world: World, door: Door) -> None:
    world.person(CPRNR)
    doors = [Door(door.app) for _ in range(WRITERS)]
    receipts = at_once([lambda door=one: door.report(UNGDOMSUDDANNELSE, UNGDOM, "the key") for one in doors])
    assert {receipt["Resultat"] for receipt in receipts} == {"Accepteret"}
    assert len({receipt["HaendelseNummer"] for receipt in receipts}) == 1
    assert count(world.engine, haendelse) == 1


def test_one_key_used_at_once_for_different_youths_is_one_event_and_9001(world: World, door: Door) -> None:
    youths = [f"710307{5100 + i}" for i in range(8)]
    for youth in youths:
        world.person(youth)
    receipts = at_once(
        [lambda y=y: Door(door.app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": y}, "the key") for y in youths]
    )
    outcomes = sorted((receipt["Resultat"], [line["FejlKode"] for line in receipt["Fejl"]]) for receipt in receipts)
    assert outcomes == [("Accepteret", [])] + [("Afvist", ["9001"])] * 7
    assert count(world.engine, haendelse) == 1


def test_reports_on_many_youths_at_once_are_all_stored_and_fetched_once_each(world: World, door: Door) -> None:
    youths = [f"710307{5100 + i}" for i in range(WRITERS)]
    for youth in youths:
        world.person(youth)
    receipts = at_once([lambda y=y: Door(door.app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": y}) for y in youths])
    told = {receipt["HaendelseNummer"] for receipt in receipts}
    assert len(told) == WRITERS
    with world.engine.connect() as connection:
        assert set(connection.execute(select(haendelse.c.nummer)).scalars()) == told
    fetched = [
        event["HaendelseNummer"]
        for youth in door.fetch(KOMMUNE)["HaendelserUng"]
        for event in youth["HaendelseUddannelsesForloeb"]
    ]
    assert sorted(fetched) == sorted(told)
