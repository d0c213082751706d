"""Reports at the same time: one key is one event, and numbers are drawn in the order of the commits."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

from sqlalchemy import event, select, update

from tests.support.endpoint import Endpoint
from tests.support.reports import CPRNR, UNGDOM
from tests.support.rows import count
from tests.support.world import DEPARTMENT, KOMMUNE, World
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import writing
from udb.store.persons import lock_person
from udb.store.tables import haendelse, institution

WRITERS = 20


def at_once(calls: list[Any]) -> list[Any]:
    start = Barrier(len(calls))

    def run(call: Any) -> Any:
        start.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_twenty_writers_resubmitting_one_key_store_one_event(world: World, endpoint: Endpoint) -> None:
    world.person(CPRNR)
    endpoints = [Endpoint(endpoint.app) for _ in range(WRITERS)]
    receipts = at_once(
        [lambda endpoint=one: endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "the key") for one in endpoints]
    )
    assert {receipt["Resultat"] for receipt in receipts} == {"Accepteret"}
    assert len({receipt["HaendelseNummer"] for receipt in receipts}) == 1
    assert count(world.engine, haendelse) == 1


def test_one_key_used_at_once_for_different_youths_is_one_event_and_9001(world: World, endpoint: Endpoint) -> None:
    youths = [f"710307{5100 + i}" for i in range(8)]
    for youth in youths:
        world.person(youth)
    receipts = at_once(
        [
            lambda y=y: Endpoint(endpoint.app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": y}, "the key")
            for y in youths
        ]
    )
    outcomes = sorted((receipt["Resultat"], [line["FejlKode"] for line in receipt["Fejl"]]) for receipt in receipts)
    assert outcomes == [("Accepteret", [])] + [("Afvist", ["9001"])] * 7
    assert count(world.engine, haendelse) == 1


def test_reports_on_many_youths_at_once_are_all_stored_and_fetched_once_each(world: World, endpoint: Endpoint) -> None:
    youths = [f"710307{5100 + i}" for i in range(WRITERS)]
    for youth in youths:
        world.person(youth)
    receipts = at_once(
        [lambda y=y: Endpoint(endpoint.app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": y}) for y in youths]
    )
    receipt_numbers = {receipt["HaendelseNummer"] for receipt in receipts}
    assert len(receipt_numbers) == WRITERS
    with world.engine.connect() as connection:
        assert set(connection.execute(select(haendelse.c.nummer)).scalars()) == receipt_numbers
    fetched = [
        event["HaendelseNummer"]
        for youth in endpoint.fetch(KOMMUNE)["HaendelserUng"]
        for event in youth["HaendelseUddannelsesForloeb"]
    ]
    assert sorted(fetched) == sorted(receipt_numbers)


def test_a_report_that_waited_for_an_import_of_institutions_is_judged_by_the_new_register(
    world: World, endpoint: Endpoint
) -> None:
    world.person(CPRNR)
    optag = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "InstitutionNummer": DEPARTMENT})
    afbrud = {**UNGDOM, "InstitutionNummer": DEPARTMENT, "Status": 2, "AfbrudsarsagsKode": "9"}
    waits = Event()

    def watch(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("BEGIN IMMEDIATE") or "FOR NO KEY UPDATE" in statement:
            waits.set()

    with ThreadPoolExecutor(1) as pool:
        with writing(world.engine) as connection:
            lock_person(connection, CPRNR)
            left = update(institution).where(institution.c.nummer == DEPARTMENT)
            connection.execute(left.values(hovedinstitution=DEPARTMENT))
            event.listen(world.engine, "before_cursor_execute", watch)
            report = pool.submit(endpoint.report, UNGDOMSUDDANNELSE, afbrud)
            assert waits.wait(10)
        receipt = report.result(20)
    assert receipt["ForloebId"] == optag["ForloebId"]
    assert "5003" not in {line["FejlKode"] for line in receipt["Fejl"]}
