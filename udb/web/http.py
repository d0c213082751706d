"""Plain HTTP helpers for everything but SOAP: pages, health and the sandbox."""

import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import IO, Any, Final
from wsgiref.types import StartResponse, WSGIApplication

Environ = dict[str, Any]

_PIECE: Final = 64 * 1024
_KEPT_IN_MEMORY: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer; its content type is JSON by default."""

    body: bytes
    content_type: str = "application/json; charset=utf-8"
    status: HTTPStatus = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict)


class Refusal(Exception):
    """The refusal of a request: an HTTP status, and a text on what to do, sent as JSON."""

    def __init__(self, status: HTTPStatus, text: str, headers: Mapping[str, str] | None = None) -> None:
        """``text``: in Danish, for the reader of the answer."""
        super().__init__(text)
        self.reply = json_reply({"fejl": text}, status, headers)


def json_reply(value: Any, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> Reply:
    """Return an answer with a value as JSON; dates become text (``str``)."""
    body = json.dumps(value, ensure_ascii=False, indent=1, default=str).encode() + b"\n"
    return Reply(body, status=status, headers=headers or {})


def page(answer: Callable[[Environ], Reply], methods: Collection[str] = ("GET", "HEAD")) -> WSGIApplication:
    """Return a WSGI application that answers with a function; methods other than ``methods`` are answered with 405."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        try:
            require_method(environ, methods)
            reply = answer(environ)
        except Refusal as refusal:
            reply = refusal.reply
        headers = {
            "Content-Type": reply.content_type,
            "Content-Length": str(len(reply.body)),
            "X-Content-Type-Options": "nosniff",
            **reply.headers,
        }
        start_response(f"{reply.status.value} {reply.status.phrase}", list(headers.items()))
        return [] if method == "HEAD" else [reply.body]

    return application


def require_method(environ: Environ, methods: Collection[str]) -> None:
    """Raise Refusal (405) for a method that is not one of ``methods``."""
    if environ["REQUEST_METHOD"] not in methods:
        allowed = ", ".join(methods)
        raise Refusal(HTTPStatus.METHOD_NOT_ALLOWED, f"Brug {allowed}.", {"Allow": allowed})


def require_host(environ: Environ, allowed: Collection[str]) -> None:
    """Raise Refusal (421) for a Host header that is not one of ``allowed`` (lower case, with port).

    This stops DNS rebinding: a foreign web page whose host name is pointed at this server sends that name as Host.
    """
    if str(environ.get("HTTP_HOST", "")).lower() not in allowed:
        text = "Serveren svarer ikke på denne Host. Brug en, der står i UDB_VAERTER eller UDB_ADRESSE."
        raise Refusal(HTTPStatus.MISDIRECTED_REQUEST, text)


def body(environ: Environ, limit: int) -> IO[bytes]:
    """Return the request's body as a file that can be read twice; the caller closes it.

    Raises Refusal: 411, 413, 501.
    """
    length = str(environ.get("CONTENT_LENGTH") or "")
    encoding = str(environ.get("HTTP_TRANSFER_ENCODING", "")).strip().lower()
    if encoding not in {"", "chunked"}:
        raise Refusal(HTTPStatus.NOT_IMPLEMENTED, "Transfer-Encoding må kun være chunked.")
    chunked = bool(encoding)
    if not chunked and not (length.isascii() and length.isdigit()):
        raise Refusal(HTTPStatus.LENGTH_REQUIRED, "Send indholdet med Content-Length eller i stykker (chunked).")
    if not chunked and int(length) > limit:
        raise _too_large(limit)
    left = limit + 1 if chunked else int(length)
    file = tempfile.SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    while left > 0 and (piece := environ["wsgi.input"].read(min(left, _PIECE))):
        file.write(piece)
        left -= len(piece)
    if file.tell() > limit:
        file.close()
        raise _too_large(limit)
    file.seek(0)
    return file


def _too_large(limit: int) -> Refusal:
    return Refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"Indholdet må højst være {limit} bytes.")
