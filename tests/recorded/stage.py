"""Play calls against a service in this process, and write down its answers.

An answer is written as text from which its bytes can be read back: status line, headers by name, body. In a body a
backslash, a line feed and a carriage return are written ``\\\\``, ``\\n`` and ``\\r``. A line break of the text is part
of no body: one follows each written line feed, and one separates two tags.

The clock does not move and UUIDs follow from the name of their call (``bridge.frozen``), so that nothing has to be
normalised. ``digest`` writes only length and SHA-256 of a long body that is a file elsewhere.
"""

import hashlib
import io
import re
from collections.abc import Mapping
from typing import Any, Final
from wsgiref.types import WSGIApplication
from wsgiref.util import setup_testing_defaults

from tests.recorded import soap
from tests.recorded.bridge import PROXY, Identifiers, Register

SYSTEM: Final = "afproever"
KEY: Final = "en-noegle-til-afproevning"
HOST: Final = "127.0.0.1:8080"


class Answer:
    """An answer as a caller sees it."""

    def __init__(self, status: str, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def text(self, element: str) -> str:
        """The text of the first element of that name."""
        found = re.search(f"<v1:{element}>([^<]*)<", self.body.decode())
        assert found, f"no {element} in {self.body.decode()}"
        return found.group(1)

    @property
    def number(self) -> str:
        """The HaendelseNummer of a receipt; of one without, nothing."""
        return self.text("HaendelseNummer") if b"<v1:HaendelseNummer>" in self.body else ""


class Stage:
    """One register, its service, and the transcript."""

    def __init__(self, register: Register, identifiers: Identifiers) -> None:
        self.register = register
        self.app = register.sandbox()
        self.entries: dict[str, str] = {}
        self._identifiers = identifiers

    def send(
        self,
        name: str,
        method: str,
        url: str,
        body: bytes = b"",
        headers: Mapping[str, str | None] | None = None,
        *,
        app: WSGIApplication | None = None,
        digest: bool = False,
        broken: bool = False,
    ) -> Answer:
        """Send raw bytes.

        ``broken``: the connection ends before the answer is read.
        """
        assert name not in self.entries, name
        self._identifiers.begin(name)
        answer = call(app or self.app, environ(method, url, body, headers or {}), broken=broken)
        sent = hashlib.sha256(repr((method, url, sorted((headers or {}).items()), body)).encode()).hexdigest()
        self.entries[name] = f"{method} {url[:200]} ({sent[:12]})\n{written(answer, answer.body, digest=digest)}"
        return answer

    def post(
        self,
        name: str,
        service: str,
        content: str,
        version: str = "1.2",
        *,
        header: str = "",
        query: str = "",
        headers: Mapping[str, str | None] | None = None,
        **how: Any,
    ) -> Answer:
        """Send an element in an envelope. ``headers`` are sent beside or instead of the usual ones; None: not sent."""
        usual = {"Content-Type": soap.MEDIA[version], "Authorization": soap.basic(SYSTEM, KEY)}
        message = soap.envelope(content, version, header).encode()
        return self.send(name, "POST", soap.path(service) + query, message, {**usual, **(headers or {})}, **how)

    def call(
        self, name: str, operation: str, payload: soap.Payload, version: str = "1.2", key: str | None = None, **how: Any
    ) -> Answer:
        """Call an operation. ``key``: the SystemTransactionID, else the call's name."""
        service = soap.OPERATIONS.get(operation, operation)
        return self.post(name, service, soap.request(operation, payload, key or name), version, **how)

    def transcript(self) -> str:
        """All calls and answers so far."""
        return "".join(f"=== {name}\n{entry}\n" for name, entry in self.entries.items())


def environ(method: str, url: str, body: bytes, headers: Mapping[str, str | None]) -> dict[str, Any]:
    """The WSGI environ of a request."""
    path, _, query = url.partition("?")
    made: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": HOST,
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": PROXY,
    }
    for name, value in headers.items():
        key = name.upper().replace("-", "_")
        made[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    made = {name: value for name, value in made.items() if value is not None}
    setup_testing_defaults(made)
    return made


def call(app: WSGIApplication, made: dict[str, Any], *, broken: bool) -> Answer:
    seen: dict[str, Any] = {}

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> Any:
        seen.update(status=status, headers=headers)

    pieces = app(made, start_response)
    try:
        body = b"" if broken else b"".join(pieces)
    finally:
        getattr(pieces, "close", lambda: None)()
    return Answer(seen["status"], seen["headers"], body)


_RENAMED = {
    "413 Content Too Large": "413 Request Entity Too Large",
    "422 Unprocessable Content": "422 Unprocessable Entity",
}
"""Phrases of Python 3.13 and their names before: a phrase has no meaning for a caller."""


def written(answer: Answer, content: bytes, *, digest: bool) -> str:
    lines = [
        _RENAMED.get(answer.status, answer.status),
        *sorted(f"{name}: {value}" for name, value in answer.headers),
        "",
    ]
    if digest:
        lines.append(f"({len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()})")
    else:
        body = content.decode().replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n\n")
        lines.append(body.replace("><", ">\n<"))
    return "\n".join(lines)
