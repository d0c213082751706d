"""Requests that gunicorn's parser reads: all but the plain POST. It is given bytes that arrived, never a socket."""

import io
import os
from collections.abc import Iterator
from typing import Any, Final

from gunicorn.http import wsgi
from gunicorn.http.errors import NoMoreData
from gunicorn.http.parser import RequestParser

from udb.serve.loop.answer import Outbox

_PIECE: Final = 8 * 1024
"""How many bytes the parser is given at once: it copies what it has not yet read for every chunk of a body."""
_SPOKEN: Final = (1, 1)


class Source(Iterator[bytes]):
    """The bytes that the parser reads."""

    def __init__(self) -> None:
        self._rest = memoryview(b"")

    def feed(self, data: bytes) -> None:
        """Add bytes; those before have been read."""
        self._rest = memoryview(data)

    def is_empty(self) -> bool:
        """Return whether all bytes have been read."""
        return not self._rest

    def __next__(self) -> bytes:
        """Return the next bytes, at most 8 KiB."""
        if not self._rest:
            raise StopIteration
        piece, self._rest = bytes(self._rest[:_PIECE]), self._rest[_PIECE:]
        return piece


class Parsed:
    """A request whose head gunicorn's parser has read."""

    def __init__(self, cfg: Any, head: bytes, client: Any) -> None:
        """Read a head. Raises gunicorn's exceptions for one that is refused or not whole."""
        self._source = Source()
        self._source.feed(head)
        self._parser = RequestParser(cfg, self._source, client)
        self.request: Any = next(self._parser)
        # A later minor version than 1.1 is answered as 1.1, which is what this server speaks (RFC 9112, 2.3).
        self.request.version = min(self.request.version, _SPOKEN)
        fields = dict(self.request.headers)
        self.is_chunked: Final = "TRANSFER-ENCODING" in fields
        self.length: Final = 0 if self.is_chunked else int(fields.get("CONTENT-LENGTH", 0))
        self.waits = bool(self.request._expected_100_continue)  # noqa: SLF001 - gunicorn has no other name for it

    def body(self, data: bytes, most: int) -> Any:
        """Return the body as a file: ``data`` is what arrived of it, decoded up to ``most`` bytes.

        The file of a body in broken chunks raises where they break.
        """
        if not self.is_chunked:
            return io.BytesIO(data)
        self._source.feed(data)
        pieces = []
        left = most
        try:
            while left > 0 and (piece := self.request.body.read(min(left, 64 * _PIECE))):
                pieces.append(piece)
                left -= len(piece)
        except Exception:  # noqa: BLE001 - gunicorn's many; the application's reading ends there
            return CutOff(b"".join(pieces))
        return io.BytesIO(b"".join(pieces))

    def is_read(self) -> bool:
        """Return whether the parser has read all that it was given, and nothing of it is left over."""
        return self._source.is_empty() and not self._parser.unreader.buf.getvalue()

    def create(self, cfg: Any, outbox: Outbox, addresses: tuple[Any, Any]) -> tuple[Any, dict[str, Any]]:
        """Return gunicorn's response, which writes to ``outbox``, and the environ. ``addresses``: caller's and own."""
        # The loop has sent it, if it was to be sent.
        self.request._expected_100_continue = False  # noqa: SLF001
        response, environ = wsgi.create(self.request, outbox, *addresses, cfg)
        environ["wsgi.multithread"] = True
        return response, environ


class CutOff(io.RawIOBase):
    """A body that ends too early: what arrived of it, then an exception."""

    def __init__(self, data: bytes) -> None:
        """Take what arrived, ``data``."""
        super().__init__()
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        """Return True."""
        return True

    def read(self, size: int | None = -1) -> bytes:
        """Return bytes. Raises NoMoreData when there are no more."""
        found = self._data.read(size)
        if not found and size != 0:
            raise NoMoreData
        if size is None or size < 0:
            self._data.seek(0, os.SEEK_END)
            raise NoMoreData
        return found

    def readline(self, size: int | None = -1) -> bytes:
        """Return a line. Raises NoMoreData when there are no more."""
        found = self._data.readline(size)
        if not found and size != 0:
            raise NoMoreData
        return found
