"""Acknowledged reports are never lost and never stored twice: the whole service as its own processes, killed, cut off
from its database and called by many at once.
"""

import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
import zeep.exceptions
from sqlalchemy import Engine, event, insert, select, text

from tests.clients.callers import Zeep, call
from tests.support.endpoint import SOAP_12, Answer, Endpoint
from tests.support.reports import UNGDOM
from tests.support.rows import count
from tests.support.served_reports import REPORTS, YOUTHS, is_unavailable, number_of, send
from tests.support.service import PATIENCE, Service, running, text_of
from tests.support.world import KOMMUNE, World
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import writing
from udb.store.tables import call_key, cprnummer, haendelse, person

WRITERS = 4
KILLS = 5
BEFORE_ALL = "UDB-" + "0" * 23


def fetched(service: Service, **criterion: str) -> dict[str, list[str]]:
    """Return the numbers of each youth's events."""
    request = {"InstitutionNummer": KOMMUNE, **criterion}
    answer = call(Zeep(service.address, SOAP_12), "DataTilKommune", "HentHaendelser", request)
    assert answer["FindesFlereHaendelser"] is False
    return {
        youth["CPRNr"]: [event["HaendelseNummer"] for event in youth["HaendelseUddannelsesForloeb"]]
        for youth in answer.get("HaendelserUng", [])
    }


class Writers:
    """Threads that each report their share of the youths, and send a report again under its key until there is a
    receipt.
    """

    def __init__(self, service: Service) -> None:
        self.receipts: dict[str, str] = {}
        self.unavailable = 0
        self.broken = 0
        self._service = service
        self._futures: list[Future[None]] = []

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Report while the block runs, and have reported everything when it has ended."""
        with ThreadPoolExecutor(WRITERS) as pool:
            self._futures = [pool.submit(self._write, YOUTHS[i::WRITERS]) for i in range(WRITERS)]
            yield
        for future in self._futures:
            future.result()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until it holds, or the writers are done."""
        while self.are_busy() and not condition():
            time.sleep(0.005)

    def are_busy(self) -> bool:
        """Return whether any writer has something left to report."""
        return not all(future.done() for future in self._futures)

    def _write(self, youths: list[str]) -> None:
        for youth in youths:
            self.receipts[youth] = self._insist(youth)

    def _insist(self, youth: str) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = send(self._service, youth, f"key {youth}")
            except OSError:
                self.broken += 1
            else:
                if answer.status == 200:
                    return number_of(answer)
                assert is_unavailable(answer), answer.body
                self.unavailable += 1
            time.sleep(0.02)
        pytest.fail("no receipt in time")


@pytest.fixture
def youths(world: World) -> World:
    """The world with the youths in it."""
    world.person(YOUTHS[0])
    with writing(world.engine) as connection:
        first = dict(connection.execute(select(person).where(person.c.cprnr == YOUTHS[0])).mappings().one())
        del first["id"]
        connection.execute(insert(person), [{**first, "cprnr": youth} for youth in YOUTHS[1:]])
        added = select(person.c.cprnr, person.c.id).where(person.c.cprnr != YOUTHS[0])
        connection.execute(insert(cprnummer).from_select(["cprnr", "person_id"], added))
    return world


@pytest.fixture
def impatient(sandbox_url: str, tmp_path: Path) -> Iterator[Service]:
    """The service, which waits only one second for a busy database."""
    with running(sandbox_url, tmp_path, UDB_VENTETID="1") as service:
        yield service


def test_a_receipt_outlives_the_death_of_the_whole_service(world: World, served: Service) -> None:
    world.person(YOUTHS[0])
    number = number_of(send(served, YOUTHS[0], "the key"))
    served.kill()
    served.start()
    assert number_of(send(served, YOUTHS[0], "the key")) == number
    assert fetched(served) == {YOUTHS[0]: [number]}


def kill(pids: Iterable[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def cut_off_calls(engine: Engine, served: Service, writers: Writers) -> None:
    """Kill the workers while calls wait for the database: at a random moment there may be no call to cut off."""
    with writing(engine) as holder:
        holder.execute(text("UPDATE counter SET last = last"))
        while not writers.broken:
            kill(served.workers())
            end = time.monotonic() + 1
            writers.wait_for(lambda end=end: writers.broken > 0 or time.monotonic() > end)  # type: ignore[misc]  # mypy loses the default's type


@pytest.mark.usefixtures("youths")
def test_what_was_acknowledged_outlives_workers_that_are_killed(world: World, served: Service) -> None:
    writers = Writers(served)
    with writers.at_work():
        writers.wait_for(lambda: len(writers.receipts) > WRITERS)
        cut_off_calls(world.engine, served, writers)
        for _ in range(KILLS):
            enough = len(writers.receipts) + random.randint(5, 20)
            writers.wait_for(lambda enough=enough: len(writers.receipts) >= enough)  # type: ignore[misc]  # mypy loses the default's type
            kill([random.choice(served.workers()[-2:])])
    assert fetched(served, HaendelseNummer=BEFORE_ALL) == {y: [number] for y, number in writers.receipts.items()}
    assert len(writers.receipts) == len(set(writers.receipts.values())) == REPORTS


def test_twenty_writers_with_one_key_make_one_event(world: World, served: Service) -> None:
    world.person(YOUTHS[0])
    start = Barrier(20)

    def write(_: int) -> Answer:
        start.wait(PATIENCE)
        return send(served, YOUTHS[0], "the key")

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(write, range(20)))
    (number,) = {number_of(answer) for answer in answers}
    (registered,) = {text_of(answer, "Registreringstid") for answer in answers}
    assert registered
    assert fetched(served) == {YOUTHS[0]: [number]}
    assert count(world.engine, haendelse) == count(world.engine, call_key) == 1


def cut_off(engine: Engine) -> None:
    """Take the database away from the service for a moment."""
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
    else:
        with writing(engine):
            time.sleep(1.5)


def test_a_database_that_goes_away_under_load_loses_nothing(youths: World, impatient: Service) -> None:
    writers = Writers(impatient)
    with writers.at_work():
        writers.wait_for(lambda: len(writers.receipts) >= WRITERS)
        while writers.are_busy() and writers.unavailable < WRITERS:
            cut_off(youths.engine)
    assert writers.unavailable, "no call was cut off"
    assert not writers.broken
    assert fetched(impatient, HaendelseNummer=BEFORE_ALL) == {y: [number] for y, number in writers.receipts.items()}
    assert len(writers.receipts) == len(set(writers.receipts.values())) == REPORTS
    assert len(impatient.workers()) == 2, "no worker had to be replaced"


def test_a_busy_database_is_said_to_be_busy(world: World, impatient: Service) -> None:
    world.person(YOUTHS[0])
    with writing(world.engine) as connection:
        connection.execute(select(person.c.id).where(person.c.cprnr == YOUTHS[0]).with_for_update())
        began = time.monotonic()
        assert is_unavailable(send(impatient, YOUTHS[0], "the key"))
        assert 0.9 < time.monotonic() - began < 5
    number = number_of(send(impatient, YOUTHS[0], "the key"))
    assert fetched(impatient) == {YOUTHS[0]: [number]}


def test_a_commit_that_nobody_heard_of_is_found_again(
    monkeypatch: pytest.MonkeyPatch, world: World, endpoint: Endpoint
) -> None:
    world.person(YOUTHS[0])
    engine = world.engine
    commit, lost = engine.dialect.do_commit, engine.dialect.loaded_dbapi.OperationalError
    written = False

    def watch(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal written
        written = written or "INSERT INTO call_key" in statement

    def commit_unheard(connection: Any) -> None:
        commit(connection)
        if written:
            raise lost("the connection is gone")

    event.listen(engine, "after_cursor_execute", watch)
    with monkeypatch.context() as patch:
        patch.setattr(engine.dialect, "do_commit", commit_unheard)
        with pytest.raises(zeep.exceptions.Fault) as fault:
            endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": YOUTHS[0]}, "the key")
    assert "UDB009104" in [element.text for element in fault.value.detail.iter()]
    receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": YOUTHS[0]}, "the key")
    assert receipt["Resultat"] == "Accepteret"
    with engine.connect() as connection:
        assert list(connection.execute(select(haendelse.c.nummer)).scalars()) == [receipt["HaendelseNummer"]]
