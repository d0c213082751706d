"""Where a request ends in the bytes that have arrived. Nothing is read or refused here: gunicorn's parser does that."""

import re
from typing import Final

MOST_HEAD: Final = 64 * 1024
"""How many bytes a head may have."""
_MOST_LINE: Final = 4094
"""The longest request line that gunicorn reads (``limit_request_line``)."""
_LINE: Final = re.compile(rb"(?:\r\n)?[!-~]+ [!-~]+ HTTP/[0-9]\.[0-9]\r\n")
_CRLF: Final = b"\r\n"
HEAD_END: Final = b"\r\n\r\n"
_SIZE: Final = re.compile(rb"[0-9A-Fa-f]{1,16}[ \t]*(?:;.*)?", re.DOTALL)
_MOST_SIZE_LINE: Final = 8190
_MOST_TRAILERS: Final = 64 * 1024


class Hopeless(Exception):
    """No more bytes can make a request of these: it is refused as far as it has come."""


class Head:
    """The search for the end of a head, which may arrive byte by byte."""

    __slots__ = ("_has_line", "_searched")

    def __init__(self) -> None:
        self._searched = 0
        self._has_line = False

    def end(self, data: bytes | bytearray) -> int:
        """Return the index after the head, 0 if it is not there yet. Raises Hopeless."""
        before = self._searched
        found = data.find(HEAD_END, max(before - 3, 0))
        if found >= 0:
            return found + len(HEAD_END)
        self._searched = len(data)
        if data.count(b"\n", before) != data.count(_CRLF, max(before - 1, 0)):
            # A line that ends with LF alone.
            raise Hopeless
        if not self._has_line and len(data) > len(_CRLF):
            line_end = data.find(_CRLF, len(_CRLF))
            if line_end < 0:
                if len(data) > _MOST_LINE + 2 * len(_CRLF):
                    raise Hopeless
            elif not _LINE.match(data):
                raise Hopeless
            else:
                self._has_line = True
        return 0


class Chunks:
    """The search for the end of a body that comes in chunks."""

    __slots__ = ("_at",)

    def __init__(self, start: int) -> None:
        """``start``: the index of the body's first byte."""
        self._at = start

    def end(self, data: bytes | bytearray) -> int:
        """Return the index after the last chunk and its trailers, 0 if they are not there yet. Raises Hopeless."""
        while True:
            line_end = data.find(_CRLF, self._at)
            if line_end < 0:
                if len(data) - self._at > _MOST_SIZE_LINE:
                    raise Hopeless
                return 0
            if not _SIZE.fullmatch(data, self._at, line_end):
                raise Hopeless
            size = int(bytes(data[self._at : line_end]).partition(b";")[0], 16)
            after = line_end + len(_CRLF)
            if not size:
                return _after_trailers(data, after)
            following = after + size + len(_CRLF)
            if following > len(data):
                return 0
            self._at = following


def _after_trailers(data: bytes | bytearray, start: int) -> int:
    if data.startswith(_CRLF, start):
        return start + len(_CRLF)
    found = data.find(HEAD_END, start)
    if found < 0 and len(data) - start > _MOST_TRAILERS:
        raise Hopeless
    return found + len(HEAD_END) if found >= 0 else 0
