"""Serve a contestant by the service's own worker, one process, and read its processor time with and without HTTP."""

import http.client
import multiprocessing
import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication

from udb.sandbox.running import free_address
from udb.serve.loop import worker as loop
from udb.serve.server import QuietLogger, Server
from udb.settings import Settings
from udb.wsdl.soap import SOAP11

INSIDE: Final = "/benchmark-inside"
"""The path that answers how many seconds of processor time the calls have used inside the application."""
_PATIENCE: Final = 60
_START: Final = 300
"""Seconds until a contestant must answer, however busy the machine is."""
LOOP, GTHREAD = "loop", "gthread"
"""The worker that ``udb serve`` uses, and gunicorn's with threads."""


class Contestant:
    """A running server, and a connection to it that is kept open."""

    def __init__(self, bind: str, arbiter: int) -> None:
        """``arbiter``: the process whose children are the workers."""
        self.bind = bind
        self._arbiter = arbiter
        self._connection = http.client.HTTPConnection(bind, timeout=_PATIENCE)

    def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        """Make a call; anything but 200 is a defect of the benchmark."""
        return self._call("POST", path, body, {"Content-Type": SOAP11.content_type, **headers})

    def inside(self) -> float:
        """Return the seconds of processor time that the calls have used inside the application.

        Opens a new connection: the server closes an idle one.
        """
        self._connection.close()
        return float(self._call("GET", INSIDE, b"", {}))

    def outside(self) -> float:
        """Return the seconds of processor time that the worker has used."""
        return sum(map(_used, _children(self._arbiter)))

    def worker(self) -> int:
        """Return the process id of the worker."""
        (found,) = _children(self._arbiter)
        return found

    def new_connection(self) -> None:
        """Close the connection; the next call opens another. The server closes one that was idle."""
        self._connection.close()

    def peak(self) -> int:
        """Return the most memory that a worker has had, in KiB."""
        found = (
            re.search(r"^VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
            for pid in _children(self._arbiter)
        )
        return max(int(one[1]) for one in found if one)

    def wait(self) -> None:
        """Wait until it answers."""
        end = time.monotonic() + _START
        while True:
            try:
                self.inside()
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < end, "a contestant does not answer"
                self._connection.close()
                time.sleep(0.05)
            else:
                return

    def _call(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
        self._connection.request(method, path, body, dict(headers))
        response = self._connection.getresponse()
        content = response.read()
        assert response.status == http.client.OK, content
        return content


@contextmanager
def serving(
    build: Callable[..., WSGIApplication], *arguments: Any, on: str = LOOP, is_measured: bool = True
) -> Iterator[Contestant]:
    """Serve what ``build`` makes of the arguments while the block runs.

    ``on``: the service's worker or gunicorn's; ``is_measured``: also without HTTP, which costs each call a little.
    """
    bind = free_address()
    process = multiprocessing.get_context("spawn").Process(
        target=_serve, args=(bind, build, arguments, on, is_measured)
    )
    process.start()
    assert process.pid is not None
    contestant = Contestant(bind, process.pid)
    try:
        contestant.wait()
        yield contestant
    finally:
        process.terminate()
        process.join()


def _serve(
    bind: str,
    build: Callable[..., WSGIApplication],
    arguments: tuple[Any, ...],
    on: str,
    is_measured: bool,  # noqa: FBT001 - the arguments of a process have no names
) -> None:
    from udb.serve import technical_log

    technical_log.configure()
    # Writing the log is part of a call's cost; it is not read here.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    options = {
        "bind": bind,
        "workers": 1,
        "worker_class": loop.within(_PATIENCE, Settings().maks_body) if on == LOOP else on,
        "threads": 4,
        "timeout": _PATIENCE,
        "logger_class": QuietLogger,
        "accesslog": None,
        "control_socket_disable": True,
    }
    measured = _measured if is_measured else _named
    Server(options, lambda: measured(build(*arguments))).run()


def _named(application: WSGIApplication) -> WSGIApplication:
    """Answer the question after the time inside with nothing, so that a contestant can be waited for."""

    def named(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["PATH_INFO"] == INSIDE:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [b"0"]
        return application(environ, start_response)

    return named


def _measured(application: WSGIApplication) -> WSGIApplication:
    used = 0.0

    def measured(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        nonlocal used
        if environ["PATH_INFO"] == INSIDE:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return [str(used).encode()]
        began = time.thread_time()
        pieces = application(environ, start_response)
        used += time.thread_time() - began
        return each(pieces)

    def each(pieces: Iterable[bytes]) -> Iterator[bytes]:
        nonlocal used
        began = time.thread_time()
        try:
            for piece in pieces:
                used += time.thread_time() - began
                yield piece
                began = time.thread_time()
        finally:
            with suppress(AttributeError):
                pieces.close()  # type: ignore[attr-defined]  # WSGI: only some have it
            used += time.thread_time() - began

    return measured


def database_used(server: int) -> float:
    """Return the seconds of processor time that a PostgreSQL server process and its children have used."""
    return sum(map(_used, (server, *_children(server))))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _used(pid: int) -> float:
    return sum(_of_thread(thread) for thread in Path(f"/proc/{pid}/task").glob("*")) / 1e9


def _of_thread(thread: Path) -> int:
    try:
        return int((thread / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0
