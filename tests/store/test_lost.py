"""A server that ends at once, as in a crash, sends a last message and is gone.

Writes to it then fail, and reads return no error. libpq has an error of its own, without a code, for a connection that
it still holds.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from sqlalchemy import Connection, Engine, select, text

from tests.support.between import Between, between
from udb.domain.errors import DatabaseUnavailable
from udb.store.engine import unavailable, writing
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables.callers import system

FIND: Final = Prepared(lambda _: select(system.c.id).where(system.c.id == parameter("id_")))


@pytest.fixture
def server(database_url: str) -> Iterator[Between]:
    with between(database_url) as server:
        yield server


def _prepared(connection: Connection) -> None:
    FIND.rows(connection, id_="nyt")


def _core(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


def _nothing(_: Connection) -> None:
    pass


@pytest.mark.parametrize("bulk", [False, True])
@pytest.mark.parametrize("then", [_prepared, _core, _nothing])
@pytest.mark.parametrize("first", [_prepared, _core, _nothing])
def test_a_server_that_ends_at_once_is_a_database_out_of_reach(
    first: Callable[[Connection], None],
    then: Callable[[Connection], None],
    server: Between,
    *,
    bulk: bool,
) -> None:
    def ends(engine: Engine) -> None:
        with writing(engine) as connection:
            first(connection)
            server.end_at_once()
            then(connection)

    with server.engine(bulk=bulk) as engine:
        with writing(engine) as connection:
            _prepared(connection)
        if first is then is _nothing:
            # Without a statement there is no error to report.
            ends(engine)
        else:
            with pytest.raises(DatabaseUnavailable):
                ends(engine)
        with writing(engine) as connection:
            _prepared(connection)


@pytest.mark.parametrize("bulk", [False, True])
def test_a_server_that_ends_at_once_under_a_statement_alone_is_a_database_out_of_reach(
    server: Between, monkeypatch: pytest.MonkeyPatch, *, bulk: bool
) -> None:
    # The server ends after the check of the connection, and before the statement.
    monkeypatch.setattr("udb.store.engine._refuse_closed", lambda *_: None)
    with server.engine(bulk=bulk) as engine:
        with unavailable():
            FIND.rows(engine, id_="nyt")
        server.end_at_once()
        with pytest.raises(DatabaseUnavailable), unavailable():
            FIND.rows(engine, id_="nyt")
        with unavailable():
            assert FIND.rows(engine, id_="nyt") == []
