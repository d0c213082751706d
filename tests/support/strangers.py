"""Callers that hold a server up, and the honest calls beside them. Each kind runs until its block ends."""

import http.client
import resource
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Final

FILES: Final = 8192
"""How many files this process may need for its connections."""
_PATIENCE: Final = 60
_LINGERS: Final = 4.0


@dataclass(frozen=True, slots=True)
class Target:
    """A server. ``tls``: the context of its callers; None: plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None

    def connect(self) -> socket.socket:
        """Return a connection, without TLS yet."""
        return socket.create_connection((self.host, self.port), _PATIENCE)

    def speak(self) -> socket.socket:
        """Return a connection that is ready for a request."""
        sock = self.connect()
        return sock if self.tls is None else self.tls.wrap_socket(sock, server_hostname="localhost")


def call(target: Target, method: str = "GET", path: str = "/health/live", body: bytes = b"", kind: str = "") -> int:
    """Make an honest call on a connection of its own; return its status. Raises OSError without an answer."""
    connection = http.client.HTTPConnection(target.host, target.port, timeout=_PATIENCE)
    try:
        connection.sock = target.speak()
        connection.request(method, path, body or None, {"Content-Type": kind} if kind else {})
        with connection.getresponse() as answer:
            answer.read()
            return answer.status
    except http.client.HTTPException as error:
        raise ConnectionError(repr(error)) from error
    finally:
        connection.close()


def may_open_files() -> None:
    """Allow this process as many files as the strangers need."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


Stop = threading.Event
Kind = Callable[[Target, int, Stop], None]


def one_byte(target: Target, _number: int, stop: Stop) -> None:
    """Send a byte and wait; come again when the connection is closed."""
    while not stop.is_set():
        with suppress(OSError), target.connect() as sock:
            # Of a request, or of a handshake.
            sock.sendall(b"P" if target.tls is None else b"\x16")
            _wait(sock, stop)


def stalled(target: Target, _number: int, stop: Stop) -> None:
    """Send half of a request, after a whole handshake if there is one."""
    while not stop.is_set():
        with suppress(OSError), target.speak() as sock:
            sock.sendall(b"POST /services/UDB/DataTilKommune/v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n<a")
            _wait(sock, stop)


def silent(target: Target, number: int, stop: Stop) -> None:
    """Connect many times and say nothing."""
    with ExitStack() as stack:
        for _ in range(number):
            with suppress(OSError):
                stack.enter_context(target.connect())
            if stop.is_set():
                return
        stop.wait()


def garbage(target: Target, number: int, stop: Stop) -> None:
    """Connect ``number`` times a second and send what is neither HTTP nor TLS."""
    began, made = time.monotonic(), 0
    while not stop.is_set():
        if made > (time.monotonic() - began) * number:
            time.sleep(0.005)
            continue
        made += 1
        with suppress(OSError), target.connect() as sock:
            sock.sendall(b"\x00\xffgarbage\r\n\x16\x03\x01\r\n\r\n")


def lingering(target: Target, _number: int, stop: Stop) -> None:
    """Make call after call, and hang up only seconds after each answer."""
    kept: list[tuple[float, socket.socket]] = []
    while not stop.is_set():
        with suppress(OSError):
            sock = target.speak()
            kept.append((time.monotonic(), sock))
            sock.sendall(b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            time.sleep(0.05)
        while kept and kept[0][0] < time.monotonic() - _LINGERS:
            kept.pop(0)[1].close()
    for _, sock in kept:
        sock.close()


def not_reading(target: Target, number: int, stop: Stop) -> None:
    """Ask for the same document many times at once and read none of it."""
    asked = b"GET /services/UDB/DataTilKommune/v1?wsdl HTTP/1.1\r\nHost: localhost:8080\r\n\r\n" * number
    while not stop.is_set():
        with suppress(OSError), target.connect() as plain:
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with plain if target.tls is None else target.tls.wrap_socket(plain, server_hostname="localhost") as sock:
                sock.settimeout(1)
                with suppress(TimeoutError):
                    sock.sendall(asked)
                _until_closed(sock, stop)


KINDS: Final[dict[str, tuple[Kind, int, int]]] = {
    "one byte": (one_byte, 24, 1),
    "half a request": (stalled, 24, 1),
    "silent": (silent, 1, 2000),
    "garbage": (garbage, 1, 500),
    "not hanging up": (lingering, 24, 1),
    "not reading": (not_reading, 24, 400),
}
"""Name -> the kind, how many of them at once, and the number that each is given."""


@contextmanager
def beset(target: Target, name: str) -> Iterator[None]:
    """Let the strangers of a kind call while the block runs."""
    may_open_files()
    kind, times, number = KINDS[name]
    stop = threading.Event()
    threads = [threading.Thread(target=kind, args=(target, number, stop), daemon=True) for _ in range(times)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(_PATIENCE)


def _wait(sock: socket.socket, stop: Stop) -> None:
    """Wait until the server ends the connection."""
    sock.settimeout(0.5)
    while not stop.is_set():
        with suppress(TimeoutError):
            if not sock.recv(100):
                return


def _until_closed(sock: socket.socket, stop: Stop) -> None:
    """Wait, and read nothing, until the server has reset the connection."""
    while not stop.is_set() and not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
        stop.wait(0.5)
        with suppress(TimeoutError):
            sock.send(b"\r\n")
