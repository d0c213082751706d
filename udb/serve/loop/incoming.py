"""What has arrived on a connection, until it is a request."""

import io
from typing import Any, Final, NamedTuple

from gunicorn.http.errors import LimitRequestHeaders

from udb.serve.loop.arrival import HEAD_END, MOST_HEAD, Chunks, Head, Hopeless
from udb.serve.loop.parsed import CutOff, Parsed
from udb.serve.loop.plain import Plain, Reader

_MOST_OF_A_LARGE_BODY: Final = 16 * 1024 * 1024
"""How much is read of a body that is too large: many callers do not look for an answer before they have sent all."""


class Request(NamedTuple):
    """A request for the application."""

    head: Plain | Parsed
    body: Any
    is_whole: bool = True
    """False: where the next request of the connection would begin is unknown."""
    unread: int = 0
    """How many bytes of it the caller may still be sending."""


class Incoming:
    """The bytes of one connection that have not been answered."""

    __slots__ = ("_body_at", "_cfg", "_chunks", "_client", "_end", "_head", "_most", "_reader", "_search", "data")

    def __init__(self, cfg: Any, reader: Reader, client: Any, most_body: int) -> None:
        """``reader``: reads plain POSTs; ``client``: the caller's address; ``most_body``: how long a body may be."""
        self._cfg, self._reader, self._client, self._most = cfg, reader, client, most_body
        self.data: bytes | bytearray = b""
        self._begin()

    def _begin(self) -> None:
        self._search: Head | None = None
        self._head: Plain | Parsed | None = None
        self._chunks: Chunks | None = None
        self._body_at = 0
        self._end = 0

    def add(self, piece: bytes) -> None:
        """Add bytes that have arrived."""
        if not self.data:
            self.data = piece
        elif isinstance(self.data, bytes):
            self.data = bytearray(self.data)
            self.data += piece
        else:
            self.data += piece

    def has_head(self) -> bool:
        """Return whether a head has arrived, so that the request is answered, whatever else comes."""
        return self._head is not None

    def take(self) -> Request | None:
        """Return the request that has arrived, None if not all of it has, and go on to the next.

        Raises gunicorn's exceptions for a head that is refused.
        """
        if self._head is None and not self._read_head():
            return None
        if self._chunks is not None:
            return self._in_chunks(self._chunks)
        if self._end - self._body_at > self._most:
            # The application refuses it by its length.
            return self._taken(io.BytesIO(), unread=self._end - len(self.data))
        if len(self.data) < self._end:
            return None
        return self._taken(self._body(self._end), end=self._end)

    def waits(self) -> bool:
        """Return whether the caller waits for a word before it sends the body, which it may (once true)."""
        found = isinstance(self._head, Parsed) and self._head.waits and len(self.data) == self._body_at
        if found:
            assert isinstance(self._head, Parsed)
            self._head.waits = False
        return found

    def cut_off(self) -> Request | None:
        """Return the request whose head is all that arrived whole; None without a head."""
        if self._head is None:
            return None
        body = self._body(len(self.data)) if self._chunks else CutOff(bytes(self.data[self._body_at :]))
        return self._taken(body)

    def _read_head(self) -> bool:
        if self._search is None and (found := self.data.find(HEAD_END)) >= 0:
            end = found + len(HEAD_END)
        elif not (end := self._searched()):
            return False
        self._body_at = end
        plain = self._reader.read(self.data, end, self._client)
        if plain is not None:
            self._head, self._end = plain, end + plain.length
            return True
        parsed = Parsed(self._cfg, bytes(self.data[:end]), self._client)
        self._head = parsed
        if parsed.is_chunked:
            self._chunks = Chunks(end)
        else:
            self._end = end + parsed.length
        return True

    def _searched(self) -> int:
        """Return the index after a head that arrives in pieces, or of what cannot become one; 0: wait for more."""
        if self._search is None:
            self._search = Head()
        try:
            end = self._search.end(self.data)
        except Hopeless:
            return len(self.data)
        if not end and len(self.data) > MOST_HEAD:
            raise LimitRequestHeaders("max buffer headers")
        return end

    def _in_chunks(self, chunks: Chunks) -> Request | None:
        try:
            end = chunks.end(self.data)
        except Hopeless:
            return self._taken(self._body(len(self.data)))
        if end:
            return self._taken(self._body(end), end=end)
        if len(self.data) - self._body_at > 2 * self._most:
            return self._taken(self._body(len(self.data)), unread=_MOST_OF_A_LARGE_BODY)
        return None

    def _body(self, end: int) -> Any:
        data = bytes(self.data[self._body_at : end])
        # One byte too many is how the application knows that a body is too large.
        return self._head.body(data, self._most + 1) if isinstance(self._head, Parsed) else io.BytesIO(data)

    def _taken(self, body: Any, end: int = 0, unread: int = 0) -> Request:
        """``end``: the index after the request, 0 if that is unknown."""
        assert self._head is not None
        is_whole = end > 0 and not isinstance(body, CutOff)
        found = Request(self._head, body, is_whole=is_whole, unread=min(unread, _MOST_OF_A_LARGE_BODY))
        self.data = bytes(self.data[end:]) if 0 < end < len(self.data) else b""
        self._begin()
        return found
