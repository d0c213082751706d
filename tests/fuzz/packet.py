"""A call as one piece of bytes, so that a fuzzer can change all of it: first line, headers, blank line, body."""

import io
import re
from typing import Any, Final

from tests.support.fake_context import CPR, HOST, KEY

BLANK: Final = b"\n\n"
_AS_THEY_ARE: Final = frozenset({"CONTENT_TYPE", "CONTENT_LENGTH"})
_HIDDEN: Final = {"AUTHORIZATION": KEY}
"""Headers that a packet need not have."""


def with_number(message: str) -> str:
    """Return the message with a number that no fault and no log line may contain, where the schema takes it."""
    return re.sub(r"(?<=SystemTransactionID>)[^<]+", CPR, message)


def packed(method: str, path: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {path}", *(f"{name}: {value}" for name, value in headers.items() if _HIDDEN.get(name) != value)]
    return "\n".join(lines).encode() + BLANK + body


def unpacked(packet: bytes) -> dict[str, Any]:
    """Return the WSGI environ that a server would make of it; what is missing is as in a usual call."""
    head, _, body = packet.partition(BLANK)
    first, *lines = head.decode("latin-1").split("\n")
    method, _, address = first.partition(" ")
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method.upper(),
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": HOST,
        "HTTP_AUTHORIZATION": KEY,
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    for line in lines:
        name, _, value = line.partition(":")
        key = name.strip().upper().replace("-", "_")
        environ[key if key in _AS_THEY_ARE else f"HTTP_{key}"] = value.strip()
    return environ
