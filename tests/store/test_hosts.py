"""Several hosts of one database: the one that takes writes is used, and one that falls silent is given up whole."""

import time
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from tests.support import hosts
from tests.support.hosts import Host
from udb.domain.errors import DatabaseUnavailable
from udb.settings import Settings
from udb.store.engine import make_engine, reading, unavailable, writing
from udb.store.sql.deadline import Deadline
from udb.store.sql.hosts import CONNECT_SECONDS, host_of

ONE = text("SELECT 1")


@pytest.fixture
def pair(database_url: str) -> Iterator[tuple[Host, Host]]:
    with hosts.before(database_url, 2) as (first, second):
        yield first, second


@pytest.fixture
def engine(database_url: str, pair: tuple[Host, Host]) -> Iterator[Engine]:
    """An engine on both, as an operator names them."""
    engine = make_engine(Settings(database_url=hosts.url_of(database_url, *pair)).url, ventetid=1)
    yield engine
    engine.dispose()


def _port(engine: Engine) -> int:
    with reading(engine) as connection:
        connection.execute(ONE)
        return int(host_of(connection.connection.dbapi_connection).port)


def test_the_first_host_that_takes_writes_is_used_and_stays_the_first(engine: Engine, pair: tuple[Host, Host]) -> None:
    first, second = pair
    assert _port(engine) == first.port
    with first.gone():
        assert _port(engine) == second.port
    engine.dispose()
    assert _port(engine) == second.port, "the one that was last used"
    with second.gone():
        assert _port(engine) == first.port
        with first.gone(), pytest.raises(DatabaseUnavailable):
            _port(engine)
    assert _port(engine) == first.port


def test_a_standby_among_the_hosts_is_passed_over(database_url: str, pair: tuple[Host, Host]) -> None:
    with hosts.copied(database_url, follows=True) as socket, hosts.host(socket) as standby:
        engine = make_engine(Settings(database_url=hosts.url_of(database_url, standby, pair[0])).url)
        with writing(engine) as connection:
            connection.execute(text("UPDATE counter SET last = last"))
        assert _port(engine) == pair[0].port
        engine.dispose()


def test_when_a_host_falls_silent_all_its_connections_go_at_once(engine: Engine, pair: tuple[Host, Host]) -> None:
    first, second = pair
    now = 0.0
    deadline = Deadline(engine, 80, now=lambda: now)
    slow, young, idle = (engine.connect() for _ in range(3))
    slow.execute(ONE)
    idle.close()
    now += 11
    young.close()
    young = engine.connect()
    young.execute(ONE)
    with first.silent():
        # One has waited for more than an eighth of the time, so its host is asked.
        assert deadline.look() == 2
        for lost in (slow, young):
            with pytest.raises(DatabaseUnavailable), unavailable():
                lost.execute(ONE)
            lost.close()
        began = time.monotonic()
        assert _port(engine) == second.port
        assert time.monotonic() - began < CONNECT_SECONDS, "the silent one is asked last"
        assert deadline.look() == 0
    assert _port(engine) == second.port


def test_where_there_is_another_host_one_late_call_gives_up_its_own(engine: Engine, pair: tuple[Host, Host]) -> None:
    # A host may take connections while its disk hangs.
    now = 0.0
    deadline = Deadline(engine, 80, now=lambda: now)
    late = engine.connect()
    late.execute(ONE)
    now += 81
    assert deadline.look() == 1
    with pytest.raises(DatabaseUnavailable), unavailable():
        late.execute(ONE)
    late.close()
    assert _port(engine) == pair[1].port


def test_a_slow_call_on_a_host_that_answers_loses_nothing(engine: Engine) -> None:
    now = 0.0
    deadline = Deadline(engine, 80, now=lambda: now)
    with reading(engine) as slow:
        slow.execute(ONE)
        now += 11
        assert deadline.look() == 0
        slow.execute(ONE)
