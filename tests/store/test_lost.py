"""A server that ends at once, as in a crash, says a last word and is gone: what was to be sent can't be, and what is to
be read is no error. libpq then has an error of its own, without a code, of a connection that it holds for good.
"""

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pytest
from sqlalchemy import Connection, select, text
from sqlalchemy.engine import make_url

from udb.errors import DatabaseUnavailable
from udb.store.caller_tables import system
from udb.store.engine import make_engine, reading, unavailable, writing
from udb.store.prepared import Prepared, parameter

FIND: Final = Prepared(lambda _: select(system.c.id).where(system.c.id == parameter("id_")))
_FIELDS: Final = b"SWARNING\0VWARNING\0C57P02\0Mterminating connection because of immediate shutdown command\0\0"
LAST_WORD: Final = b"N" + struct.pack("!i", 4 + len(_FIELDS)) + _FIELDS
"""A NoticeResponse, as PostgreSQL's ``quickdie`` sends it."""


class Between:
    """A server in the file system that hands everything on to another, until it is told to end."""

    def __init__(self, folder: Path, real: Path) -> None:
        self._real = real
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / real.name))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self._real))
                self._lines.append((client, server))
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=_hand_on, args=pair, daemon=True).start()

    def end_at_once(self) -> None:
        """Say the last word on every line, and hang up."""
        for client, server in self._lines:
            with suppress(OSError):
                client.sendall(LAST_WORD)
            for side in (client, server):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)
        self._lines.clear()

    def close(self) -> None:
        """Take nobody any more."""
        self.end_at_once()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def _hand_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError), source:
        while data := source.recv(65536):
            sink.sendall(data)


@pytest.fixture
def between(database_url: str) -> Iterator[tuple[Between, str]]:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        pytest.skip("has no server that ends")
    real = make_engine(database_url)
    with reading(real) as connection:
        info = connection.connection.dbapi_connection.info  # type: ignore[union-attr]  # psycopg's
        path = Path(info.host, f".s.PGSQL.{info.port}")
    real.dispose()
    # A socket's path may have no more than 107 characters.
    with TemporaryDirectory(prefix="udb-") as folder:
        server = Between(Path(folder), path)
        yield server, url.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        server.close()


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
    between: tuple[Between, str],
    *,
    bulk: bool,
) -> None:
    server, url = between
    engine = make_engine(url, bulk=bulk)
    with writing(engine) as connection:
        _prepared(connection)

    def ends() -> None:
        with writing(engine) as connection:
            first(connection)
            server.end_at_once()
            then(connection)

    if first is then is _nothing:
        # Nothing was asked of it: neither is there anything to be told.
        ends()
    else:
        with pytest.raises(DatabaseUnavailable):
            ends()
    with writing(engine) as connection:
        _prepared(connection)
    engine.dispose()


@pytest.mark.parametrize("bulk", [False, True])
def test_a_server_that_ends_at_once_under_a_statement_alone_is_a_database_out_of_reach(
    between: tuple[Between, str], monkeypatch: pytest.MonkeyPatch, *, bulk: bool
) -> None:
    server, url = between
    # It ends after the look at the connection, and before the statement.
    monkeypatch.setattr("udb.store.engine._refuse_closed", lambda *_: None)
    engine = make_engine(url, bulk=bulk)
    with unavailable():
        FIND.rows(engine, id_="nyt")
    server.end_at_once()
    with pytest.raises(DatabaseUnavailable), unavailable():
        FIND.rows(engine, id_="nyt")
    with unavailable():
        assert FIND.rows(engine, id_="nyt") == []
    engine.dispose()
