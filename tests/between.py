"""A PostgreSQL server in the file system that hands everything on to the real one, and breaks off where it is told."""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import psycopg
import pytest
from sqlalchemy.engine import make_url

_FIELDS: Final = b"SWARNING\0VWARNING\0C57P02\0Mterminating connection because of immediate shutdown command\0\0"
LAST_WORD: Final = b"N" + struct.pack("!i", 4 + len(_FIELDS)) + _FIELDS
"""A NoticeResponse, as PostgreSQL sends it when it is to end at once."""
_READ: Final = 0.005
"""How many seconds a client has to read what it is told, before the last word: in one piece it would read both."""

Way = Literal["asked", "told"]
"""To the server, and from it."""


class Between:
    """The server between; it is reached at ``url``."""

    def __init__(self, url: str, folder: Path, real: Path) -> None:
        """``url``: of the server between. ``folder``: where its socket is made. ``real``: the real server's socket."""
        self.url: Final = url
        self.handed_on: Final[dict[Way, bytearray]] = {"asked": bytearray(), "told": bytearray()}
        self._left: dict[Way, int] = {}
        self._last_word = b""
        self._real = real
        self._lock = threading.RLock()
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
                threading.Thread(target=self._line, args=(client, server), daemon=True).start()

    def _line(self, client: socket.socket, server: socket.socket) -> None:
        with client, server:
            back = threading.Thread(target=self._pass, args=("told", server, client), daemon=True)
            back.start()
            self._pass("asked", client, server)
            back.join()

    def _pass(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                with self._lock:
                    self._hand_on(way, source, sink, data)
            sink.shutdown(socket.SHUT_WR)

    def _hand_on(self, way: Way, source: socket.socket, sink: socket.socket, data: bytes) -> None:
        self.handed_on[way] += data
        left = self._left.get(way)
        if left is None or len(data) < left:
            sink.sendall(data)
            if left is not None:
                self._left[way] = left - len(data)
        elif way == "told":
            # Who is told the last of it finds that nothing more can be asked.
            sink.shutdown(socket.SHUT_RD)
            sink.sendall(data[:left])
            time.sleep(_READ)
            _end(sink, source, self._last_word)
            self._left = {}
        else:
            sink.sendall(data[:left])
            _end(source, sink, self._last_word)
            self._left = {}

    def break_off_after(self, way: Way, count: int, *, last_word: bool) -> None:
        """Hand on so many bytes more, that way, and end at once; with a last word, which is no error."""
        with self._lock:
            self._left, self._last_word = {way: count}, LAST_WORD if last_word else b""

    def hold(self) -> None:
        """Hand on everything, whatever it was told."""
        with self._lock:
            self._left = {}

    def end_at_once(self) -> None:
        """Hang up on everybody, with a last word."""
        with self._lock:
            for client, server in self._lines:
                with suppress(OSError):
                    _end(client, server, LAST_WORD)
            self._lines.clear()

    def close(self) -> None:
        """Take nobody any more."""
        self.end_at_once()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


def _end(client: socket.socket, server: socket.socket, last_word: bytes) -> None:
    client.shutdown(socket.SHUT_RD)
    client.sendall(last_word)
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(database_url: str) -> Iterator[Between]:
    """Such a server before the one of a database. Skips the test on a database that has none."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        pytest.skip("has no server that could break off")
    with psycopg.connect(database_url.replace("+psycopg", "")) as connection:
        real = Path(connection.info.host, f".s.PGSQL.{connection.info.port}")
    # A socket's path may have no more than 107 characters.
    with TemporaryDirectory(prefix="udb-") as folder:
        here = url.update_query_dict({"host": folder}).render_as_string(hide_password=False)
        server = Between(here, Path(folder), real)
        try:
            yield server
        finally:
            server.close()
