"""The checks of a call that need only HTTP: method, media type, encoding and size (UDB009103, UDB009107)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl

from udb.wsdl import faults
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import SOAP11, SOAP12, VERSIONS, Version
from udb.wsdl.xml.parse import known_charset

Environ = dict[str, Any]

VALIDATE_ONLY: Final = "kun-validering"
"""The query parameter that requests a trial of a report."""

CHUNKED: Final = "chunked"
_PIECE: Final = 64 * 1024
_MAX_DRAINED: Final = 16 * 1024 * 1024
# The email package is not used: some forms of a parameter make it fail.
_NO_SOAP: Final = "Content-Type skal være én: application/soap+xml (SOAP 1.2) eller text/xml (SOAP 1.1)."
_MULTIPART: Final = (
    "MTOM og vedhæftninger (multipart) understøttes ikke. Slå dem fra, så kaldet sendes som application/soap+xml "
    "(SOAP 1.2) eller text/xml (SOAP 1.1)."
)
_PARAMETER: Final = re.compile(r';\s*(?P<name>[^\s=;"]+)\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^;"\s]*))')
_MAX_DIGITS: Final = 18
"""How many digits of a Content-Length are read."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer before it is passed to the WSGI server."""

    status: int
    content_type: str
    body: Iterable[bytes]
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status_line(self) -> str:
        """The status and its phrase, in the form that WSGI requires."""
        return f"{self.status} {HTTPStatus(self.status).phrase}"


def answer_version(environ: Mapping[str, Any]) -> Version:
    """Return the SOAP version of the answer: 1.1 if the request has its media type or its SOAPAction, else 1.2.

    A media type may also be named inside the header: in a list, or as the type of an attachment's root.
    """
    header = str(environ.get("CONTENT_TYPE") or "").lower()
    named = [version for version in VERSIONS if version.media_type in header]
    if len(named) == 1:
        return named[0]
    return SOAP11 if "HTTP_SOAPACTION" in environ else SOAP12


def has_host(environ: Mapping[str, Any]) -> bool:
    """Return whether a request has a Host header, or is HTTP/1.0, which has none (RFC 9112, 3.2)."""
    return "HTTP_HOST" in environ or environ.get("SERVER_PROTOCOL") != "HTTP/1.1"


def require_post(environ: Mapping[str, Any]) -> None:
    """Raise ServiceFault (405) for any other method."""
    if environ["REQUEST_METHOD"] != "POST":
        details = "Send kaldet med POST. Kontrakten hentes med GET og ?wsdl."
        raise ServiceFault(faults.TRANSPORT, details, status=405, headers={"Allow": "POST"})


def validate_only(environ: Mapping[str, Any]) -> bool:
    """Return whether the query string requests a trial (``udb.wsdl.endpoint.trial``).

    Raises ServiceFault for any other value than 1 and any other parameter, so that no trial is taken for a report.
    """
    query = str(environ.get("QUERY_STRING") or "")
    asked = parse_qsl(query, keep_blank_values=True) if query else []
    if any(name != VALIDATE_ONLY for name, _ in asked):
        details = (
            "Adressen har en parameter, som tjenesten ikke kender. En indberetning på prøve sendes med "
            f"?{VALIDATE_ONLY}=1; alle andre kald sendes til adressen uden parametre, også uden ?wsdl."
        )
        raise ServiceFault(faults.TRANSPORT, details)
    values = [value for _, value in asked]
    if values not in ([], ["1"]):
        raise ServiceFault(faults.TRANSPORT, f"{VALIDATE_ONLY} kan kun have værdien 1.")
    return bool(values)


def media(environ: Mapping[str, Any]) -> tuple[Version, str | None]:
    """Return the SOAP version and charset (Python's name for it, or None) of a request. Raises ServiceFault (415)."""
    media_type, charset = _content_type(environ)
    version = next((version for version in VERSIONS if version.media_type == media_type), None)
    if version is None:
        raise _unsupported(_MULTIPART if media_type.startswith("multipart/") else _NO_SOAP)
    if environ.get("HTTP_CONTENT_ENCODING", "").strip().lower() not in {"", "identity"}:
        raise _unsupported("Content-Encoding understøttes ikke. Send kaldet ukomprimeret.")
    if charset is None:
        return version, None
    known = known_charset(charset)
    if known is None:
        raise _unsupported("Tegnsættet i Content-Type understøttes ikke. Brug UTF-8.")
    return version, known


def read_body(environ: Environ, limit: int) -> bytes:
    """Return the request's body. ``limit``: the most bytes that it may have.

    Raises ServiceFault: 411 without length or chunks, 413 above the limit, 501 for another Transfer-Encoding than
    chunked, UDB009107 when it cannot be read to its end.
    """
    stream = environ["wsgi.input"]
    if is_chunked(environ):
        body = _read(stream, limit + 1)
        if len(body) > limit:
            _drain(stream, _MAX_DRAINED)
            raise _too_large(limit)
        return body
    length = str(environ.get("CONTENT_LENGTH") or "")
    if not (length.isascii() and length.isdigit()):
        raise ServiceFault(faults.TRANSPORT, "Send kaldet med Content-Length eller i stykker (chunked).", status=411)
    # Python refuses to convert thousands of digits; the first ones already make a number far above any limit.
    size = int(f"0{length.lstrip('0')[:_MAX_DIGITS]}")
    if size > limit:
        _drain(stream, min(size, _MAX_DRAINED))
        raise _too_large(limit)
    return _read(stream, size)


def is_chunked(environ: Mapping[str, Any]) -> bool:
    """Return whether the body comes in chunks. Raises ServiceFault (501) for another encoding of it (RFC 9112, 6.1)."""
    encoding = str(environ.get("HTTP_TRANSFER_ENCODING", "")).strip().lower()
    if encoding not in {"", CHUNKED}:
        details = "Transfer-Encoding må kun være chunked. Send kaldet ukomprimeret, i stykker eller med Content-Length."
        raise ServiceFault(faults.TRANSPORT, details, status=501)
    return encoding == CHUNKED


def _content_type(environ: Mapping[str, Any]) -> tuple[str, str | None]:
    """Return media type and charset. A charset that is numbered or encoded (RFC 2231) counts as an unknown one."""
    return _media_type(str(environ.get("CONTENT_TYPE") or ""))


@lru_cache(maxsize=256)
def _media_type(header: str) -> tuple[str, str | None]:
    # Cached: callers use few toolkits, and each sends the same header in every call.
    media_type = header.partition(";")[0].strip().lower()
    for found in _PARAMETER.finditer(header):
        name, star, _ = found.group("name").lower().partition("*")
        if name == "charset":
            return media_type, star or found.group("quoted") or found.group("plain") or ""
    return media_type, None


def _read(stream: Any, size: int) -> bytes:
    pieces = []
    while size > 0 and (piece := _piece(stream, size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _drain(stream: Any, size: int) -> None:
    # Many clients do not read the answer before they have sent the whole body.
    while size > 0 and (piece := _piece(stream, size)):
        size -= len(piece)


def _piece(stream: Any, size: int) -> bytes:
    try:
        return bytes(stream.read(min(size, _PIECE)))
    except Exception:  # noqa: BLE001 - each server raises its own exceptions when the body breaks off
        details = "Kaldet kunne ikke læses til ende: det blev afbrudt, eller dets stykker (chunked) er ikke i orden."
        raise ServiceFault(faults.TRANSPORT, details) from None


def _unsupported(details: str) -> ServiceFault:
    return ServiceFault(faults.TRANSPORT, details, status=415)


def _too_large(limit: int) -> ServiceFault:
    return ServiceFault(
        faults.TOO_LARGE, f"Et kald må højst være {limit} bytes. Send færre oplysninger ad gangen.", status=413
    )
