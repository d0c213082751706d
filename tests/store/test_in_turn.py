"""Several statements in one message: each sees what was committed before it, and the first that fails ends them."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from tests.store.test_prepared import ADD, FIND, VALUES
from udb.errors import DatabaseUnavailable
from udb.store.engine import make_engine, writing
from udb.store.numbers import draw_under
from udb.store.prepared import Prepared, in_turn, parameter
from udb.store.state import next_edition
from udb.store.tables import system

LOCK = Prepared(lambda _: select(system.c.id).where(system.c.id == parameter("id_")).with_for_update())
COUNT = Prepared(lambda _: select(func.count()).select_from(system))
BLOCK = Prepared(lambda _: update(system).values(spaerret=True).where(system.c.id == parameter("id_")))


def names(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.execute(select(system.c.id)).scalars())


def test_each_statement_gives_its_own_rows_also_one_that_gives_none(engine: Engine) -> None:
    with writing(engine) as connection:
        found = in_turn(connection, (ADD, VALUES), (FIND, {"id_": "nyt"}), (BLOCK, {"id_": "nyt"}), (COUNT, {}))
        assert [len(rows) for rows in found] == [0, 1, 0, 1]
        assert found[1][0][0] == "nyt"
        (seen,) = in_turn(connection, (FIND, {"id_": "nyt"}))
    assert bool(seen[0][list(system.c.keys()).index("spaerret")])


@pytest.mark.parametrize("first", [True, False])
def test_after_one_that_fails_none_is_carried_out(engine: Engine, first: bool) -> None:  # noqa: FBT001 - a parameter
    """Neither in a transaction that begins with them nor in one that has begun before."""

    def twice() -> None:
        with writing(engine) as connection:
            if not first:
                COUNT.rows(connection)
            other = {**VALUES, "id": "andet"}
            in_turn(connection, (ADD, VALUES), (ADD, VALUES), (ADD, other), commits=True)

    with pytest.raises(IntegrityError):
        twice()
    assert names(engine) == []
    with writing(engine) as connection:
        assert COUNT.rows(connection) == [(0,)]


def test_what_is_committed_with_the_last_statement_stays_whatever_follows(engine: Engine) -> None:
    def failing() -> None:
        with writing(engine) as connection:
            in_turn(connection, (ADD, VALUES), commits=True)
            if engine.dialect.name == "postgresql":
                assert names(other) == ["nyt"]
                raise ZeroDivisionError

    other = make_engine(engine.url.render_as_string(hide_password=False))
    if engine.dialect.name == "postgresql":
        with pytest.raises(ZeroDivisionError):
            failing()
    else:
        failing()
    other.dispose()
    assert names(engine) == ["nyt"]
    with writing(engine) as connection:
        BLOCK.run(connection, id_="nyt")
    with writing(engine) as connection:
        assert bool(FIND.rows(connection, id_="nyt")[0][list(system.c.keys()).index("spaerret")])


def test_who_listens_hears_each_and_the_transaction_is_committed_at_its_end(engine: Engine) -> None:
    heard: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *said: heard.append(said[2]))
    with writing(engine) as connection:
        in_turn(connection, (ADD, VALUES), (FIND, {"id_": "nyt"}), commits=True)
    assert [said.split()[0] for said in heard if not said.startswith("BEGIN")] == ["INSERT", "SELECT"]
    assert names(engine) == ["nyt"]


@pytest.fixture
def held(engine: Engine) -> Iterator[Any]:
    """A row that another transaction holds, who lets it go when told."""
    if engine.dialect.name == "sqlite":
        pytest.skip("has one writer at a time")
    with writing(engine) as connection:
        connection.execute(insert(system), [VALUES])
    holds, go_on = threading.Event(), threading.Event()

    def hold() -> None:
        with writing(engine) as connection:
            LOCK.rows(connection, id_="nyt")
            holds.set()
            assert go_on.wait(20)
            connection.execute(insert(system), [{**VALUES, "id": "andet"}])

    with ThreadPoolExecutor(1) as pool:
        holding = pool.submit(hold)
        assert holds.wait(20)
        yield go_on
        go_on.set()
        holding.result(20)


def waits_for_lock(engine: Engine) -> bool:
    with engine.connect() as connection:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.execute(text(waiting)).scalar_one())


def test_what_follows_a_lock_sees_what_was_committed_while_it_waited_and_no_other_thread_waits(
    engine: Engine, held: threading.Event
) -> None:
    def asked() -> Any:
        with writing(engine) as connection:
            return in_turn(connection, (LOCK, {"id_": "nyt"}), (COUNT, {}))

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked)
        # Of this thread's own: one that slept with the interpreter's lock would let none of it happen.
        while not waits_for_lock(engine):
            assert not waiting.done()
        held.set()
        assert waiting.result(20) == [[("nyt",)], [(2,)]]


def test_a_connection_that_breaks_while_it_waits_is_a_database_out_of_reach(
    engine: Engine, held: threading.Event
) -> None:
    def asked() -> Any:
        with writing(engine) as connection:
            return in_turn(connection, (LOCK, {"id_": "nyt"}), (COUNT, {}), commits=True)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(asked)
        while not waits_for_lock(engine):
            assert not waiting.done()
        with engine.connect() as connection:
            waits = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            connection.execute(text(f"SELECT pg_terminate_backend(pid, 5000) {waits}"))
        with pytest.raises(DatabaseUnavailable):
            waiting.result(20)
    held.set()
    with writing(engine) as connection:
        assert FIND.rows(connection, id_="nyt")


def test_more_than_the_way_to_the_server_holds_gets_through(engine: Engine) -> None:
    """It sends back while it is still being sent to."""
    long = "æ" * 3_000_000
    ask = Prepared(lambda _: select(func.length(parameter("said", system.c.navn.type)), parameter("said")))
    with writing(engine) as connection:
        for found in in_turn(connection, *[(ask, {"said": long})] * 3):
            assert found == [(len(long), long)]


def test_numbers_are_drawn_under_the_edition_of_that_moment(engine: Engine) -> None:
    from udb.clock import system_time

    with writing(engine) as connection:
        numbers, edition = draw_under(connection, system_time(), 3)
        assert len(numbers) == 3
        next_edition(connection)
        later, changed = draw_under(connection, system_time())
    assert later[0] > numbers[-1]
    assert changed == edition + 1
