"""The answer to a plain POST, as bytes: the same that gunicorn's Response writes, in fewer pieces."""

import re
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any, Final

from gunicorn import SERVER
from gunicorn.util import hop_headers

_FIELDS: Final = re.compile(r"(?:[!#$%&'*+\-.^_`|~0-9A-Za-z]+: [ \t\x21-\x7e\x80-\xff]*\r\n)*")
_STATUS: Final = re.compile(r"[1-5][0-9]{2}(?: [ \t\x21-\x7e\x80-\xff]*)?")
_WITHOUT_BODY: Final = ("1", "204", "304")


class Outbox(list[bytes]):
    """The bytes of an answer that are to be sent. gunicorn writes to it as to a socket."""

    def sendall(self, data: bytes) -> None:
        """Take bytes."""
        self.append(data)

    send = sendall

    def gettimeout(self) -> float:
        """Return gunicorn's sign of a socket that never blocks."""
        return 0.0


class _Clock:
    """The Date header's value, made once a second."""

    def __init__(self) -> None:
        self._made = (0, "")

    def __call__(self) -> str:
        now = int(time.time())
        second, text = self._made
        if second != now:
            text = formatdate(now, usegmt=True)
            self._made = (now, text)
        return text


_date: Final = _Clock()


class Answer:
    """An answer that is being written to an outbox."""

    __slots__ = ("_chunked", "_head", "_is_bare", "_left", "_must_close", "_outbox", "headers_sent")

    def __init__(self, outbox: Outbox, *, must_close: bool) -> None:
        """``must_close``: the connection ends with this answer."""
        self._outbox = outbox
        self._must_close = must_close
        self._head = ""
        self._left: int | None = None
        self._chunked = False
        self._is_bare = False
        self.headers_sent = False

    def start_response(
        self, status: str, headers: list[tuple[str, str]], exc_info: Any = None
    ) -> Callable[[bytes], None]:
        """Begin the answer (PEP 3333). Raises ValueError for a status or header that would be a forgery."""
        if self._head and (exc_info is None or self.headers_sent):
            raise exc_info[1] if exc_info else AssertionError("the answer has begun")
        if not _STATUS.fullmatch(status):
            raise ValueError(status)
        self._is_bare, self._left = status.startswith(_WITHOUT_BODY), None
        lines = []
        for name, value in headers:
            lower = name.lower()
            if lower in hop_headers:
                continue
            if lower == "content-length":
                if self._is_bare and not status.startswith("304"):
                    continue
                self._left = int(value)
            text = value.strip(" \t")
            lines.append(f"{name}: {text}\r\n")
        fields = "".join(lines)
        if not _FIELDS.fullmatch(fields) or fields.count("\n") != len(lines):
            raise ValueError("a header with a character that it cannot have")
        self._chunked = self._left is None and not self._is_bare
        connection = "close" if self._must_close else "keep-alive"
        coding = "Transfer-Encoding: chunked\r\n" if self._chunked else ""
        self._head = (
            f"HTTP/1.1 {status}\r\nServer: {SERVER}\r\nDate: {_date()}\r\nConnection: {connection}\r\n{coding}"
            f"{fields}\r\n"
        )
        return self.write

    def write(self, piece: bytes) -> None:
        """Write a piece of the body."""
        head = self._begun()
        if self._is_bare or not piece:
            body = b""
        elif self._left is not None:
            body = piece[: self._left]
            self._left -= len(body)
        else:
            body = b"%X\r\n%b\r\n" % (len(piece), piece)
        if head or body:
            self._outbox.append(head + body)

    def close(self) -> None:
        """End the answer."""
        rest = self._begun() + (b"0\r\n\r\n" if self._chunked else b"")
        if rest:
            self._outbox.append(rest)

    def should_close(self) -> bool:
        """Return whether the connection ends with this answer: also where less came than its length says."""
        return self._must_close or bool(self._left and not self._is_bare)

    def _begun(self) -> bytes:
        if self.headers_sent:
            return b""
        self.headers_sent = True
        return self._head.encode("latin-1")
