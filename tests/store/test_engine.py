"""The errors that mean a database that cannot be reached, and those that mean a mistake of ours."""

import socket
import threading
from contextlib import suppress

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from udb.domain.errors import DatabaseUnavailable
from udb.settings import GIVEN_UP, VENTETID
from udb.store.engine import make_engine, reading, writing


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("sqlite:////findes/ikke/udb.sqlite", "OperationalError SQLITE_CANTOPEN"),
        ("postgresql+psycopg://nobody:secret@127.0.0.1:1/udb", "OperationalError"),
    ],
)
def test_out_of_reach_is_said_with_the_kind_alone(url, kind):
    engine = make_engine(url)
    with pytest.raises(DatabaseUnavailable) as caught, reading(engine):
        pass
    assert str(caught.value) == f"The database does not answer, or is busy. [{kind}]"
    engine.dispose()


def test_whatever_one_waits_the_system_takes_what_is_asked_of_a_silent_host():
    # libpq gives up a connection if the system refuses its settings.
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]

        def hang_up():
            with suppress(OSError):
                while True:
                    nobody.accept()[0].close()

        threading.Thread(target=hang_up, daemon=True).start()
        for seconds in (1, 10, 200, 100_000):
            engine = make_engine(f"postgresql+psycopg://nobody@127.0.0.1:{port}/udb", ventetid=seconds)
            with pytest.raises(psycopg.OperationalError) as caught:
                engine.raw_connection()
            assert "setsockopt" not in str(caught.value)
            engine.dispose()
        nobody.shutdown(socket.SHUT_RDWR)


def test_a_wrong_statement_is_no_database_out_of_reach(engine):
    with pytest.raises(DBAPIError), reading(engine) as connection:
        connection.execute(text("SELECT 1 FROM no_such_table"))


def test_a_lock_held_too_long_is_a_busy_database(engine, database_url):
    other = make_engine(database_url, ventetid=1)
    lock = text("UPDATE counter SET last = last" if engine.dialect.name == "sqlite" else "LOCK TABLE counter")
    with writing(engine) as holder:
        holder.execute(lock)
        with pytest.raises(DatabaseUnavailable, match=r"SQLITE_BUSY|LockNotAvailable 55P03"), writing(other) as waiting:
            waiting.execute(lock)
    other.dispose()


def test_connections_that_close_as_fast_as_they_are_made_are_a_database_out_of_reach(engine):
    def closed(*_):
        raise InvalidatePoolError

    event.listen(engine, "checkout", closed)
    with pytest.raises(DatabaseUnavailable, match="InvalidRequestError"), reading(engine):
        pass
    event.remove(engine, "checkout", closed)
    with reading(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_host_that_says_nothing_is_given_up_before_a_call_is(engine):
    if engine.dialect.name == "sqlite":
        pytest.skip("has no host")
    with reading(engine) as connection:
        given = {
            name: int(value)
            for name, value in connection.connection.dbapi_connection.info.get_parameters().items()
            if name.startswith(("keepalives_", "tcp_"))
        }
    silent = given["keepalives_idle"] + given["keepalives_interval"] * given["keepalives_count"]
    assert VENTETID <= silent < GIVEN_UP * VENTETID
    assert VENTETID <= given["tcp_user_timeout"] / 1000 < GIVEN_UP * VENTETID
