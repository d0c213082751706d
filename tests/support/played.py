"""One connection of the loop played in this process: a caller at the other end of a pair of sockets, and no worker."""

import re
import select
import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from types import SimpleNamespace
from typing import Any, Final

from gunicorn.config import Config
from gunicorn.workers.base import Worker
from gunicorn.workers.gthread import TConn, ThreadWorker

from udb.serve.loop.connection import CLOSED, Connection, Place
from udb.serve.loop.waiting import READ

MOST_BODY: Final = 100_000
CALLER: Final = ("127.0.0.1", 50_000)
_NO_FILE: Final = 1_000_000
_STATUS: Final = re.compile(rb"HTTP/1\.[0-9] ([0-9]{3}) ")

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def settings(**changed: Any) -> Config:
    """Return gunicorn's settings as ``udb serve`` has them."""
    cfg = Config()
    fixed = {"threads": 8, "forwarded_allow_ips": "", "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"}}
    for name, value in {**fixed, "forwarder_headers": "", **changed}.items():
        cfg.set(name, value)
    return cfg


class Recorder:
    """An application that answers with a request's method, target and body, and keeps the environ of each."""

    def __init__(self) -> None:
        self.environs: list[dict[str, Any]] = []
        self.seen: list[tuple[str, str, bytes | None]] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        self.environs.append(environ)
        try:
            body = environ["wsgi.input"].read()
        except Exception:  # noqa: BLE001 - as the service does: a body that breaks off has an answer
            body = None
        self.seen.append((environ["REQUEST_METHOD"], environ["RAW_URI"], body))
        answer = f"{environ['REQUEST_METHOD']} {environ['RAW_URI']} ".encode() + (body or b"")
        status = "500 Internal Server Error" if body is None else "200 OK"
        start_response(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(answer)))])
        return [answer]


class Log:
    """gunicorn's log, kept as lines."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def __getattr__(self, _level: str) -> Callable[..., None]:
        return lambda message, *_parts, **_more: self.lines.append(str(message))


class Played:
    """A connection, the caller's socket, and what the worker would do."""

    def __init__(self, application: Application, *, cfg: Config | None = None, tls: Any = None) -> None:
        ours, self.caller = socket.socketpair()
        ours.settimeout(0)
        self.caller.settimeout(5)
        self.log = Log()
        self.loop: Any = SimpleNamespace(
            cfg=cfg or settings(),
            seconds=30.0,
            most_body=MOST_BODY,
            tls=tls,
            alive=True,
            wsgi=application,
            open=set(),
            log=self.log,
            keeps=lambda: 2.0,
            relieve=lambda: None,
        )
        self.loop.handle_error = partial(Worker.handle_error, self.loop)
        place = Place(listener(), self.loop.cfg)
        self.connection = Connection(self.loop, place, ours, CALLER)
        self.loop.open.add(self.connection)
        self._poller = select.poll()
        self._number = ours.fileno()
        self.event = READ

    def go_on(self) -> None:
        """Do what a thread of the worker does until there is nothing to do."""
        while self.event != CLOSED:
            self._poller.register(self._number, self.event & ~select.EPOLLONESHOT)
            if not self._poller.poll(0):
                return
            self.event = self.connection.step()

    def send(self, data: bytes) -> None:
        """Send bytes as the caller and let the connection go on."""
        self.caller.sendall(data)
        self.go_on()

    def hang_up(self) -> None:
        """End the caller's sending."""
        self.caller.shutdown(socket.SHUT_WR)
        self.go_on()

    def is_closed(self) -> bool:
        """Return whether the worker has closed the connection."""
        return self.event == CLOSED

    def received(self) -> bytes:
        """Return what the caller has got and not read yet."""
        found = b""
        self.caller.settimeout(0)
        try:
            while piece := self.caller.recv(1 << 20):
                found += piece
                self.go_on()
        except BlockingIOError:
            pass
        finally:
            self.caller.settimeout(5)
        return found


def listener() -> Any:
    """Return what a place knows of the socket that callers connect to."""
    return SimpleNamespace(fileno=lambda: _NO_FILE, getsockname=lambda: ("127.0.0.1", 8080))


@contextmanager
def played(application: Application, **how: Any) -> Iterator[Played]:
    """Play a connection; it and its caller are closed when the block ends."""
    found = Played(application, **how)
    try:
        yield found
    finally:
        found.caller.close()
        if not found.is_closed():
            found.connection.close()


def statuses(answers: bytes) -> list[int]:
    """Return the statuses of the answers in a stream of them."""
    return [int(found) for found in _STATUS.findall(answers)]


def by_the_loop(data: bytes, pieces: Iterable[int] = ()) -> tuple[list[Any], list[int]]:
    """Return what the application sees of a caller's bytes, and the statuses. ``pieces``: where they are divided."""
    application = Recorder()
    with played(application) as connection:
        start = 0
        for end in (*pieces, len(data)):
            if not connection.is_closed():
                try:
                    connection.send(data[start:end])
                except (BrokenPipeError, ConnectionResetError):
                    break
            start = end
        answers = connection.received()
        if not connection.is_closed():
            connection.hang_up()
            answers += connection.received()
        return application.seen, statuses(answers)


def by_gunicorn(data: bytes) -> tuple[list[Any], list[int]]:
    """Return the same of gunicorn's own threaded worker."""
    application = Recorder()
    worker = ThreadWorker(age=1, ppid=0, sockets=[], app=None, timeout=30, cfg=settings(), log=Log())
    worker.tmp.close()
    worker.wsgi = application
    ours, caller = socket.socketpair()
    connection = TConn(worker.cfg, ours, CALLER, ("127.0.0.1", 8080))
    with caller, ours:
        caller.sendall(data)
        caller.shutdown(socket.SHUT_WR)
        connection.data_ready = True
        while worker.handle(connection):
            pass
        ours.close()
        answers = b""
        try:
            while piece := caller.recv(1 << 20):
                answers += piece
        except ConnectionResetError:
            pass
    return application.seen, statuses(answers)
