"""A small proxy in front of a sandbox: it records calls and answers, and can cut, delay or answer a call itself."""

import time
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from string import digits, hexdigits
from threading import Condition, Thread
from typing import Any, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from lxml import etree

from udb.conformance.shared.outcome import Caller
from udb.conformance.shared.transport import HttpTransport, Reply, Request
from udb.conformance.shared.xml import Unreadable, parsed
from udb.domain import elementer
from udb.domain.errors import TargetUnavailable
from udb.domain.services import BASE_PATH, PAYLOAD_NAMESPACE
from udb.domain.visible import visible
from udb.wsdl.endpoint.http import VALIDATE_ONLY

_FORWARDED: Final = ("Content-Type", "Authorization", "SOAPAction", "Accept")
_ANSWERED: Final = ("content-type", "retry-after", "www-authenticate", "allow")
_PLAIN: Final = {"content-type": "text/plain; charset=utf-8"}
_NOT_HERE: Final = "Her findes kun tjenesterne under /services/UDB."
_NO_REQUEST: Final = "Kaldet er ikke HTTP, som det skal være: {}."
_TOO_LARGE: Final = "Kaldet er for stort."
LARGEST_CALL: Final = 4 * 1024 * 1024
"""The most bytes that are read of a call; the service itself takes one million."""
_LONGEST_LINE: Final = 1024
_MOST_DIGITS: Final = 12
_TRIAL_HEADER: Final = "KunValidering"
_TRUE: Final = frozenset({"true", "1"})
_UNKNOWN_CALLER: Final = b">UDB009101<"


@dataclass(frozen=True, slots=True)
class Plan:
    """The treatment of a call.

    ``cut``: pass it on but drop its answer; ``instead``: an answer of the proxy's own; ``delay``: seconds before the
    answer; ``then``: called with the answer before the caller gets it.
    """

    cut: bool = False
    delay: float = 0.0
    instead: Reply | None = None
    then: Callable[[Reply], None] | None = None


@dataclass(frozen=True, slots=True)
class Passed:
    """One recorded call. ``begun`` and ``ended``: seconds of a monotonic clock; ``plan``: what was done."""

    request: Request
    reply: Reply
    plan: Plan
    begun: float
    ended: float

    @property
    def operation(self) -> str:
        """The operation's name; empty when the call is not SOAP."""
        body = _body(self.request.body)
        return "" if body is None else etree.QName(body).localname.removesuffix("Request")

    @property
    def transaction(self) -> str:
        """SystemTransactionID; empty when there is none."""
        body = _body(self.request.body)
        return "" if body is None else body.findtext(f"{{*}}{elementer.IDENTIFIER}/{{*}}SystemTransactionID") or ""

    @property
    def system_name(self) -> str:
        """SystemName; empty when there is none."""
        body = _body(self.request.body)
        return "" if body is None else body.findtext(f"{{*}}{elementer.IDENTIFIER}/{{*}}{elementer.SYSTEM_NAME}") or ""

    @property
    def system(self) -> str:
        """The id that the call was authenticated with by HTTP Basic, without its key; empty when there is none."""
        kind, _, said = self.request.headers.get("Authorization", "").partition(" ")
        try:
            return b64decode(said).decode().partition(":")[0] if kind.lower() == "basic" else ""
        except ValueError:
            return ""

    @property
    def is_trial(self) -> bool:
        """True when the call asks, by its address or a header, to be judged and not stored."""
        if VALIDATE_ONLY in parse_qs(urlsplit(self.request.path).query):
            return True
        try:
            said = parsed(self.request.body).findtext(f"{{*}}Header/{{{PAYLOAD_NAMESPACE}}}{_TRIAL_HEADER}")
        except Unreadable:
            return False
        return said is not None and said.strip() in _TRUE

    @property
    def is_signed(self) -> bool:
        """True when a signature is in the header; whether it is a right one, the service has said."""
        try:
            return parsed(self.request.body).find("{*}Header/{*}Security/{*}Signature") is not None
        except Unreadable:
            return False

    def said(self) -> etree._Element | None:
        """Return the payload of the request."""
        return _payload(self.request.body)

    def answered(self) -> etree._Element | None:
        """Return the payload of the answer; None for a fault."""
        return _payload(self.reply.body)


@lru_cache(maxsize=4096)
def _body(content: bytes) -> etree._Element | None:
    """Return the element in a message's Body. Kept, because every call so far is judged again after each new one."""
    try:
        found = parsed(content).find("{*}Body")
    except Unreadable:
        return None
    return found[0] if found is not None and len(found) else None


def _payload(content: bytes) -> etree._Element | None:
    body = _body(content)
    message = None if body is None else body.find(f"{{*}}{elementer.MESSAGE}")
    return message[0] if message is not None and len(message) else None


def value(payload: etree._Element | None, path: str) -> str | None:
    """Return the first text at a path of a payload; None when it is not there."""
    return next(iter(values(payload, path)), None)


def values(payload: etree._Element | None, path: str) -> list[str]:
    """Return the texts at a path of a payload."""
    if payload is None:
        return []
    found = payload.findall("/".join(f"{{{PAYLOAD_NAMESPACE}}}{name}" for name in path.split("/")))
    return [one.text or "" for one in found]


@dataclass(slots=True)
class Proxy:
    """``plan`` decides about a call, before it is passed on, from the calls so far."""

    target: str
    plan: Callable[[Request, "Proxy"], Plan] = lambda _request, _proxy: Plan()
    passed: list[Passed] = field(default_factory=list)
    waiting: int = 0
    """Calls that have arrived and are not answered yet."""
    strangers: int = 0
    """Calls that were refused because of their key; they are not recorded, since anyone can make them."""
    changed: Condition = field(default_factory=Condition)
    address: str = ""

    def pass_on(self, request: Request) -> tuple[Plan, Reply]:
        """Carry out the plan for a call; return the plan and the answer, even if it is not to be sent."""
        with self.changed:
            plan = self.plan(request, self)
            self.waiting += 1
        begun, reply = time.monotonic(), None
        try:
            reply = plan.instead or self._forwarded(request)
            if plan.delay:
                time.sleep(plan.delay)
            if plan.then is not None:
                plan.then(reply)
        finally:
            with self.changed:
                self.waiting -= 1
                if reply is not None and _UNKNOWN_CALLER in reply.body:
                    self.strangers += 1
                elif reply is not None:
                    self.passed.append(Passed(request, reply, plan, begun, time.monotonic()))
                self.changed.notify_all()
        return plan, reply

    def callers(self) -> tuple[Caller, ...]:
        """Return the systems that called, by what their recorded calls say."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for one in self.passed:
            if one.operation:
                suppliers = found.setdefault((visible(one.system), visible(one.system_name)), {})
                said = value(one.said(), elementer.KILDE_LEVERANDOER)
                suppliers.update({visible(said): None} if said else {})
        return tuple(Caller(system, name, tuple(suppliers)) for (system, name), suppliers in found.items())

    def _forwarded(self, request: Request) -> Reply:
        if not request.path.startswith(f"{BASE_PATH}/"):
            return Reply(HTTPStatus.NOT_FOUND, _PLAIN, _NOT_HERE.encode())
        try:
            with closing(HttpTransport(self.target)) as transport:
                reply = transport.send(request)
        except TargetUnavailable as error:
            return Reply(HTTPStatus.BAD_GATEWAY, _PLAIN, str(error).encode())
        except ValueError:
            # Python's client refuses to send an address or a header that is not of HTTP's characters.
            return Reply(HTTPStatus.BAD_REQUEST, _PLAIN, _NO_REQUEST.format("adresse eller header").encode())
        # The contract must name this address, or a toolkit bypasses the proxy.
        own = reply.body.replace(self.target.encode(), self.address.encode()) if request.method == "GET" else reply.body
        return Reply(reply.status, reply.headers, own, reply.seconds)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    proxy: ClassVar[Proxy]

    def do_GET(self) -> None:
        """Answer a request for the contract."""
        self._answer()

    def do_POST(self) -> None:
        """Answer a call."""
        self._answer()

    def _answer(self) -> None:
        headers = {name: self.headers[name] for name in _FORWARDED if name in self.headers}
        headers["Host"] = urlsplit(self.proxy.target).netloc
        try:
            body = self._body()
        except ValueError as error:
            self.close_connection = True
            return self._send(Reply(HTTPStatus.BAD_REQUEST, _PLAIN, str(error).encode()))
        plan, reply = self.proxy.pass_on(Request(self.command, self.path, body, headers))
        if plan.cut:
            self.close_connection = True
            self.connection.shutdown(SHUT_RDWR)
            return None
        return self._send(reply)

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name in _ANSWERED:
            if name in reply.headers:
                self.send_header(name, reply.headers[name])
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _body(self) -> bytes:
        """Read the body. Raises ValueError, with the answer to the caller, when its length is none or too large."""
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(_length(self.headers.get("Content-Length") or "0", digits))
        body = bytearray()
        while size := _length(self._line().partition(b";")[0].decode("latin-1"), hexdigits):
            body += self.rfile.read(_within(size, len(body)))
            self._line()
        while self._line().strip():
            pass
        return bytes(body)

    def _line(self) -> bytes:
        return self.rfile.readline(_LONGEST_LINE)

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing: the proxy records the calls."""


def _length(text: str, allowed: str) -> int:
    """Return a length that a caller sent, in the digits allowed: a sign or a blank inside is none."""
    text = text.strip()
    if not text or len(text) > _MOST_DIGITS or text.strip(allowed):
        raise ValueError(_NO_REQUEST.format("længden er ikke et tal"))
    return _within(int(text, 10 if allowed is digits else 16))


def _within(size: int, before: int = 0) -> int:
    if before + size > LARGEST_CALL:
        raise ValueError(_TOO_LARGE)
    return size


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_arguments: Any) -> None:
        """Ignore the error: a caller may go away."""


@contextmanager
def running(proxy: Proxy, bind: str = "127.0.0.1:0") -> Iterator[str]:
    """Yield the proxy's address while the block runs."""
    host, _, port = bind.rpartition(":")
    with _Server((host, int(port)), type("Handler", (_Handler,), {"proxy": proxy})) as server:
        proxy.address = f"http://{host}:{server.server_port}"
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield proxy.address
        finally:
            server.shutdown()
            thread.join()
