"""Connections that stay open between transactions: what may be used again, and what may not."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text, update
from sqlalchemy.exc import DBAPIError, ResourceClosedError

from udb.store.engine import reading, writing
from udb.store.sql.line import KEPT, Line, laid_aside
from udb.store.sql.prepared import Prepared
from udb.store.tables import counter

PID = Prepared(lambda _: select(func.pg_backend_pid()))
LAST = Prepared(lambda _: select(counter.c.last))
MANY = 20
"""More threads than the pool has connections."""


@pytest.fixture(autouse=True)
def _postgresql(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        pytest.skip("has no connections to keep")


def pid(database: Connection | Engine) -> int:
    return int(PID.rows(database)[0][0])


def test_the_next_transaction_and_the_next_look_up_use_the_same_connection(engine: Engine) -> None:
    with writing(engine) as connection:
        assert isinstance(connection, Line)
        first = pid(connection)
    with reading(engine) as connection:
        assert pid(connection) == first
    assert pid(engine) == first
    assert laid_aside(engine) == 1


def test_what_core_and_prepared_statements_do_is_one_transaction(engine: Engine) -> None:
    with writing(engine) as connection:
        before = LAST.rows(connection)
        connection.execute(update(counter).values(last="1"))
        assert LAST.rows(connection) == [("1",)]
    assert LAST.rows(engine) == [("1",)]
    assert before != [("1",)]

    def fails() -> None:
        with writing(engine) as connection:
            LAST.rows(connection)
            connection.execute(update(counter).values(last="2"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert LAST.rows(engine) == [("1",)]


def test_a_connection_that_the_server_has_closed_is_not_used_again(engine: Engine) -> None:
    closed = pid(engine)
    with engine.connect() as other:
        other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": closed})
    assert pid(engine) != closed


def test_a_transaction_whose_connection_is_lost_is_not_continued_on_another(engine: Engine) -> None:

    def goes_on() -> None:
        with writing(engine) as connection:
            lost = pid(connection)
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": lost})
            with pytest.raises(DBAPIError):
                LAST.rows(connection)
            connection.execute(update(counter).values(last="3"))

    with pytest.raises(ResourceClosedError):
        goes_on()
    assert LAST.rows(engine) != [("3",)]


def test_more_threads_than_connections_are_all_served(engine: Engine) -> None:
    together = Barrier(MANY)

    def work(_: int) -> int:
        together.wait()
        found = 0
        for _ in range(5):
            with writing(engine) as connection:
                found = pid(connection)
        return found

    with ThreadPoolExecutor(MANY) as threads:
        assert all(threads.map(work, range(MANY)))
    assert laid_aside(engine) <= KEPT


def test_an_engine_that_is_disposed_of_keeps_none(engine: Engine) -> None:
    first = pid(engine)
    engine.dispose()
    assert laid_aside(engine) == 0
    with engine.connect() as other:
        there = other.execute(text("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid"), {"pid": first})
        assert there.scalar_one() == 0


def test_what_listens_to_statements_hears_all_of_them(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    with writing(engine) as connection:
        LAST.rows(connection)
    LAST.rows(engine)
    assert len(heard) == 2
