"""A PostgreSQL server in the file system that passes everything on to the real one, and breaks the connection at a
chosen place.
"""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Literal

import psycopg
import pytest
from sqlalchemy import Engine
from sqlalchemy.engine import make_url

from udb.store.engine import make_engine

_FIELDS: Final = b"SWARNING\0VWARNING\0C57P02\0Mterminating connection because of immediate shutdown command\0\0"
_LAST_WORD: Final = b"N" + struct.pack("!i", 4 + len(_FIELDS)) + _FIELDS
"""A NoticeResponse, as PostgreSQL sends it when it must end at once."""
_READ: Final = 0.005
"""How many seconds a client has to read the rest before the last word: together it would read both at once."""

Way = Literal["asked", "told"]
"""Messages to the server, and messages from it."""
Then = Literal["at once", "unheard", "within"]
"""When it breaks, after the last whole message: without waiting for the next; when the next has come and is not passed
on; or after the beginning of the next.
"""
_BEGINNING: Final = 3
"""Bytes of a message: too few to know its length."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place to break: the direction, how many whole messages come before, and whether the server has a last word."""

    way: Way
    messages: int
    then: Then
    last_word: bool


class Between:
    """The server in between; its address is ``url``."""

    def __init__(self, url: str, folder: Path, real: Path) -> None:
        """``url``: of the server between. ``folder``: where its socket is made. ``real``: the real server's socket."""
        self.url: Final = url
        self._real = real
        self._place: Place | None = None
        self._streams: dict[Way, bytearray] = {"asked": bytearray(), "told": bytearray()}
        self._speaks = threading.Event()
        self._speaks.set()
        self._lock = threading.RLock()
        self._lines: list[tuple[socket.socket, socket.socket]] = []
        self._listening = socket.socket(socket.AF_UNIX)
        self._listening.bind(str(folder / real.name))
        self._listening.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def places(self, call: Callable[[], object]) -> list[Place]:
        """Return the places where a call can break. It is made once, on a connection that is open and has carried one
        call.
        """
        self._clear()
        call()
        found: list[Place] = []
        for way, stream in self._streams.items():
            for number, _ in enumerate(_messages(bytes(stream))):
                found += [Place(way, number + 1, "at once", last_word) for last_word in (True, False)]
                found.append(Place(way, number, "within", last_word=False))
                if way == "told":
                    found.append(Place(way, number, "unheard", last_word=False))
        return found

    @contextmanager
    def engine(self, *, bulk: bool = False) -> Iterator[Engine]:
        """Yield an engine on it, as ``make_engine`` makes one; closed at the end."""
        engine = make_engine(self.url, bulk=bulk)
        try:
            yield engine
        finally:
            engine.dispose()

    @contextmanager
    def breaking(self, place: Place) -> Iterator[None]:
        """Break the connection there while the block runs. Raises AssertionError when the place was not reached."""
        self._clear()
        self._place = place
        yield
        with self._lock:
            assert self._place is None, f"{place} was not reached"

    def _clear(self) -> None:
        with self._lock:
            for stream in self._streams.values():
                stream.clear()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """While the block runs pass nothing on, and leave the connections open."""
        self._speaks.clear()
        try:
            yield
        finally:
            self._speaks.set()

    def end_at_once(self) -> None:
        """Close every connection, with a last word."""
        with self._lock:
            for client, server in self._lines:
                with suppress(OSError):
                    _end(client, server, _LAST_WORD)
            self._lines.clear()

    def close(self) -> None:
        """Accept no more connections."""
        self._speaks.set()
        self.end_at_once()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._line, args=(client,), daemon=True).start()

    def _line(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._real))
            with self._lock:
                self._lines.append((client, server))
            back = threading.Thread(target=self._pass, args=("told", server, client), daemon=True)
            back.start()
            self._pass("asked", client, server)
            back.join()

    def _pass(self, way: Way, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._speaks.wait()
                with self._lock:
                    self._hand_on(way, source, sink, data)
        # When one direction has ended, end the other, but not before a last word is sent.
        with self._lock:
            for side in (source, sink):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

    def _hand_on(self, way: Way, source: socket.socket, sink: socket.socket, data: bytes) -> None:
        before = len(self._streams[way])
        self._streams[way] += data
        place = self._place
        end = None if place is None or place.way != way else _end_of(place, bytes(self._streams[way]))
        if place is None or end is None:
            sink.sendall(data)
            return
        self._place = None
        last_word = _LAST_WORD if place.last_word else b""
        if way == "asked":
            sink.sendall(data[: end - before])
            _end(source, sink, last_word)
            return
        # A client that has received the rest finds that it can send nothing more.
        sink.shutdown(socket.SHUT_RD)
        sink.sendall(data[: end - before])
        time.sleep(_READ)
        _end(sink, source, last_word)


def _messages(stream: bytes) -> Iterator[int]:
    """Yield the end of each whole message: a message begins with a letter and its length."""
    end = 0
    while end + _HEAD.size <= len(stream):
        end += 1 + _HEAD.unpack_from(stream, end)[1]
        if end <= len(stream):
            yield end


_HEAD: Final = struct.Struct("!ci")


def _end_of(place: Place, stream: bytes) -> int | None:
    """Return after how many bytes of a stream it breaks; None: not yet."""
    ends = [0, *_messages(stream)]
    if len(ends) <= place.messages:
        return None
    end = ends[place.messages]
    if place.then == "within":
        end += _BEGINNING
    if place.then == "unheard":
        return end if len(stream) > end else None
    return end if len(stream) >= end else None


def _end(client: socket.socket, server: socket.socket, last_word: bytes) -> None:
    client.shutdown(socket.SHUT_RD)
    client.sendall(last_word)
    client.shutdown(socket.SHUT_WR)
    server.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(database_url: str) -> Iterator[Between]:
    """Yield such a server before the server of a database. Skips the test on SQLite."""
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
