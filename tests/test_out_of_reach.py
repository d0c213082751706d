"""A database that runs and cannot be used: it takes no writes, or stops answering during a call."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import psycopg
import pytest
import zeep.exceptions
from sqlalchemy import Engine, event, func, select, text

from tests.support.between import Between, between
from tests.support.endpoint import Endpoint, request
from tests.support.reports import UNGDOM
from tests.support.served_reports import YOUTHS, is_unavailable, number_of, send, send_within
from tests.support.service import get, running
from tests.support.world import KOMMUNE, World
from udb.context import Context
from udb.domain.errors import DatabaseUnavailable
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.store.engine import make_engine, reading, writing
from udb.store.sql.deadline import Deadline
from udb.store.tables import counter, haendelse
from udb.web.pages import pages
from udb.wsdl.use_cases import application

LAST: Final = select(counter.c.last)


@pytest.fixture
def server(sandbox_url: str) -> Iterator[Between]:
    with between(sandbox_url) as server:
        yield server


def test_a_standby_answers_no_call_and_says_so(world: World, context: Context, database_url: str) -> None:
    engine = context.engine
    if engine.dialect.name == "sqlite":
        pytest.skip("has no standby")
    app = application(context, pages(context))
    world.person(YOUTHS[0])
    calls: list[Callable[[], Any]] = [
        lambda: Endpoint(app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": YOUTHS[0]}, "nøgle"),
        lambda: Endpoint(app).fetch(KOMMUNE),
        lambda: Endpoint(app).fetch(KOMMUNE, CPRNr=YOUTHS[0]),
    ]
    assert (request(app, "GET", "/health/ready").status, context.ping()) == (200, True)
    name = engine.dialect.identifier_preparer.quote(str(engine.url.database))
    with writing(engine) as connection:
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = on"))
    # From the next connection on.
    engine.dispose()
    assert (request(app, "GET", "/health/ready").status, context.ping()) == (503, False)
    for made in calls:
        with pytest.raises(zeep.exceptions.Fault) as fault:
            made()
        assert fault.value.detail.findtext(".//{*}ErrorCode") == "UDB009104"
    other = make_engine(database_url)
    with writing(other) as connection:
        connection.execute(text("SET TRANSACTION READ WRITE"))
        connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = off"))
    other.dispose()
    # No connection that led to the standby is used again.
    assert (request(app, "GET", "/health/ready").status, context.ping()) == (200, True)
    for made in calls:
        made()


def test_a_call_whose_database_falls_silent_is_told_to_come_again(
    world: World, server: Between, tmp_path: Path
) -> None:
    for youth in YOUTHS[:3]:
        world.person(youth)
    with running(server.url, tmp_path, UDB_VENTETID="1") as service:
        number_of(send(service, YOUTHS[0], "first"))
        with server.silent():
            assert is_unavailable(send(service, YOUTHS[1], "second"))
            assert get(f"{service.address}/health/ready").status == 503
            assert get(f"{service.address}/health/live").status == 200
        number_of(send(service, YOUTHS[1], "second"))
        number_of(send(service, YOUTHS[2], "third"))


def test_only_who_is_beyond_the_deadline_is_hung_up_on(server: Between) -> None:
    now = 0.0

    def is_late(engine: Engine, deadline: Deadline) -> None:
        nonlocal now
        with reading(engine) as late:
            late.execute(LAST)
            now += 9
            with reading(engine) as early:
                early.execute(LAST)
                now += 2
                assert deadline.look() == 1
                assert deadline.look() == 0
                early.execute(LAST)
            late.execute(LAST)

    with server.engine() as engine:
        deadline = Deadline(engine, 10, now=lambda: now)
        with pytest.raises(DatabaseUnavailable):
            is_late(engine, deadline)
        now += 100
        assert deadline.look() == 0, "nobody has one"
        with reading(engine) as connection:
            connection.execute(LAST)


def test_a_connection_is_watched_from_its_beginning(server: Between) -> None:
    now = 0.0
    seen: list[int] = []

    def is_late(*_: object) -> None:
        nonlocal now
        now = 11
        seen.append(deadline.look())

    with server.engine() as engine:
        # Between the watch, which is the first to see a connection, and SQLAlchemy's own queries on it.
        event.listen(engine, "connect", is_late, insert=True)
        deadline = Deadline(engine, 10, now=lambda: now)
        with pytest.raises(DatabaseUnavailable), reading(engine) as connection:
            connection.execute(LAST)
        assert seen[0] == 1
        event.remove(engine, "connect", is_late)
        with reading(engine) as connection:
            connection.execute(LAST)


def test_the_watch_goes_on_whatever_goes_wrong(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    deadline = Deadline(engine, 0.01)
    looks = threading.Semaphore(0)

    def look() -> int:
        looks.release()
        raise RuntimeError

    monkeypatch.setattr(deadline, "look", look)
    deadline.watch()
    assert all(looks.acquire(timeout=30) for _ in range(3))


def test_on_sqlite_nothing_is_watched(engine: Engine) -> None:
    if engine.dialect.name != "sqlite":
        pytest.skip("its waiting has no end of its own")
    now = 0.0
    deadline = Deadline(engine, 10, now=lambda: now)
    with reading(engine) as connection:
        now = 100
        assert deadline.look() == 0
        connection.execute(LAST)


def test_without_a_second_node_a_call_is_asked_to_come_again_and_nothing_is_lost(
    world: World, context: Context, sandbox_url: str
) -> None:
    if context.engine.dialect.name == "sqlite":
        pytest.skip("has no second node")
    for youth in YOUTHS[:2]:
        world.person(youth)
    engine = make_engine(sandbox_url, ventetid=1)
    Deadline(engine, 2).watch()
    app = application(replace(context, engine=engine), {})

    def confirmed_by(standby: str) -> None:
        with psycopg.connect(sandbox_url.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{standby}'".encode())
            connection.execute("SELECT pg_reload_conf()")

    number_of(send_within(app, YOUTHS[0], "first"))
    confirmed_by("none")
    try:
        # The first holds its locks, the second waits for them.
        assert [is_unavailable(send_within(app, YOUTHS[1], "second")) for _ in range(2)] == [True, True]
    finally:
        confirmed_by("")
    second = number_of(send_within(app, YOUTHS[1], "second"))
    assert number_of(send_within(app, YOUTHS[1], "second")) == second
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(haendelse)).scalar_one() == 2
    engine.dispose()
