"""A small proxy in front of a sandbox: it records calls and answers, and can cut, delay or answer a call itself."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SHUT_RDWR
from threading import Condition, Thread
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from lxml import etree

from udb.conformance.shared.transport import LARGEST, HttpTransport, Reply, Request
from udb.domain import elementer
from udb.domain.errors import TargetUnavailable
from udb.domain.services import BASE_PATH, PAYLOAD_NAMESPACE

_FORWARDED: Final = ("Content-Type", "Authorization", "SOAPAction", "Accept")
_ANSWERED: Final = ("content-type", "retry-after", "www-authenticate", "allow")
_NOT_HERE: Final = "Her findes kun tjenesterne under /services/UDB."


@dataclass(frozen=True, slots=True)
class Plan:
    """The treatment of a call.

    ``cut``: pass it on but drop its answer; ``instead``: an answer of the proxy's own; ``delay``: seconds before the
    answer.
    """

    cut: bool = False
    delay: float = 0.0
    instead: Reply | None = None


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
        body = self._body(self.request.body)
        return "" if body is None else etree.QName(body).localname.removesuffix("Request")

    @property
    def transaction(self) -> str:
        """SystemTransactionID; empty when there is none."""
        body = self._body(self.request.body)
        return "" if body is None else body.findtext(f"{{*}}{elementer.IDENTIFIER}/{{*}}SystemTransactionID") or ""

    def said(self) -> etree._Element | None:
        """Return the payload of the request."""
        return self._payload(self.request.body)

    def answered(self) -> etree._Element | None:
        """Return the payload of the answer; None for a fault."""
        return self._payload(self.reply.body)

    @staticmethod
    def _body(content: bytes) -> etree._Element | None:
        try:
            found = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True)).find("{*}Body")
        except etree.XMLSyntaxError:
            return None
        return found[0] if found is not None and len(found) else None

    def _payload(self, content: bytes) -> etree._Element | None:
        body = self._body(content)
        message = None if body is None else body.find(f"{{*}}{elementer.MESSAGE}")
        return message[0] if message is not None and len(message) else None


def value(payload: etree._Element | None, path: str) -> str | None:
    """Return the text at a path of a payload; None when it is not there."""
    if payload is None:
        return None
    return payload.findtext("/".join(f"{{{PAYLOAD_NAMESPACE}}}{name}" for name in path.split("/")))


@dataclass(slots=True)
class Proxy:
    """``plan`` decides about a call, before it is passed on, from the calls so far."""

    target: str
    plan: Callable[[Request, "Proxy"], Plan] = lambda _request, _proxy: Plan()
    passed: list[Passed] = field(default_factory=list)
    waiting: int = 0
    """Calls that have arrived and are not answered yet."""
    changed: Condition = field(default_factory=Condition)
    address: str = ""

    def pass_on(self, request: Request) -> tuple[Plan, Reply]:
        """Carry out the plan for a call; return the plan and the answer, even if it is not to be sent."""
        with self.changed:
            plan = self.plan(request, self)
            self.waiting += 1
        begun = time.monotonic()
        reply = plan.instead or self._forwarded(request)
        if plan.delay:
            time.sleep(plan.delay)
        with self.changed:
            self.waiting -= 1
            self.passed.append(Passed(request, reply, plan, begun, time.monotonic()))
            self.changed.notify_all()
        return plan, reply

    def _forwarded(self, request: Request) -> Reply:
        if not request.path.startswith(f"{BASE_PATH}/"):
            return Reply(HTTPStatus.NOT_FOUND, {"content-type": "text/plain; charset=utf-8"}, _NOT_HERE.encode())
        try:
            with closing(HttpTransport(self.target)) as transport:
                reply = transport.send(request)
        except TargetUnavailable as error:
            return Reply(HTTPStatus.BAD_GATEWAY, {"content-type": "text/plain; charset=utf-8"}, str(error).encode())
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
        plan, reply = self.proxy.pass_on(Request(self.command, self.path, self._body(), headers))
        if plan.cut:
            self.close_connection = True
            self.connection.shutdown(SHUT_RDWR)
            return
        self.send_response(reply.status)
        for name in _ANSWERED:
            if name in reply.headers:
                self.send_header(name, reply.headers[name])
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        self.wfile.write(reply.body)

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LARGEST))
        body = b""
        while size := int(self.rfile.readline().partition(b";")[0] or b"0", 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def log_message(self, *_arguments: Any) -> None:
        """Log nothing: the proxy records the calls."""


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
