"""Replay calls without a database: the answers of PostgreSQL are kept from real calls, so only the application works.

A replayed call runs the same code with the same values each time. What it costs can be counted without noise, in
instructions (``benchmarks.instructions``) or in function calls (``tests/test_counts.py``).
"""

import io
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from types import FrameType
from typing import Any, Final
from unittest.mock import patch
from wsgiref.types import WSGIApplication

import psycopg

from benchmarks.tasks import Call
from tests.support.endpoint import environ_of
from udb.wsdl.soap import SOAP11

_STATEMENTS: Final = ("exec_prepared", "send_query_prepared")
_TRIPS: Final = ("exec_", "exec_prepared", "exec_params", "prepare", "pipeline_sync")
"""libpq's functions that wait for the server, or after which the caller must."""
_KEPT: Final = (
    *_TRIPS,
    "send_query_prepared",
    "enter_pipeline_mode",
    "exit_pipeline_mode",
    "flush",
    "is_busy",
    "consume_input",
    "get_result",
)
"""libpq's functions whose answers are kept."""

Answers = dict[str, list[Any]]
"""The answers that one call received, by function, in order."""


class _Recording:
    """A connection of libpq that keeps its answers."""

    def __init__(self, real: Any, answers: Answers) -> None:
        self._real = real
        self._answers = answers

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name not in _KEPT:
            if name == "transaction_status":
                self._answers[name].append(found)
            return found

        def called(*arguments: Any) -> Any:
            answer = found(*arguments)
            self._answers[name].append(answer)
            return answer

        return called


class _Replaying:
    """A connection of libpq that gives the kept answers again, without a server."""

    def __init__(self, real: Any, answers: Answers) -> None:
        self.socket, self.status = real.socket, real.status
        self._states = cycle(answers["transaction_status"]).__next__ if answers["transaction_status"] else None
        for name in _KEPT:
            if answers[name]:
                setattr(self, name, self._again(answers[name]))
        # The answers are there, so nothing waits for the socket.
        self.is_busy = lambda: False

    @property
    def transaction_status(self) -> Any:
        assert self._states is not None, "the recorded call asked for no state"
        return self._states()

    @staticmethod
    def _again(answers: Sequence[Any]) -> Any:
        following = cycle(answers).__next__
        return lambda *_: following()


class Replay:
    """An application with the connections it has opened, and calls that it has answered."""

    def __init__(self, app: WSGIApplication, opened: list[Any]) -> None:
        self._app = app
        self._opened = opened
        self._tapes: list[tuple[Call, list[tuple[Any, Any]]]] = []
        self.counted: Counter[str] = Counter()
        """Statements and round trips of all recorded calls."""

    def answer(self, call: Call) -> bytes:
        """Return the application's answer to a call."""
        return answer(self._app, call)

    def record(self, call: Call) -> bytes:
        """Answer a call by the database, and keep what the database answered."""
        taped: list[tuple[Any, Answers]] = [(one, defaultdict(list)) for one in self._opened]
        with _standing_in([(one, _Recording(one.pgconn, answers)) for one, answers in taped]):
            content = self.answer(call)
        # Rows are of the connection's own type, which the real connection must have made.
        self._tapes.append((call, [(one, _Replaying(one.pgconn, answers)) for one, answers in taped]))
        for _, answers in taped:
            self.counted["statements"] += sum(len(answers[name]) for name in _STATEMENTS)
            self.counted["round trips"] += sum(len(answers[name]) for name in _TRIPS)
        return content

    def again(self, rounds: int = 1) -> None:
        """Answer every recorded call again, ``rounds`` times, without the database."""
        for _ in range(rounds):
            for call, stand_ins in self._tapes:
                with _standing_in(stand_ins):
                    self.answer(call)

    def function_calls(self) -> int:
        """Return how many Python functions the recorded calls enter when they are answered again."""
        counted = 0

        def profile(_frame: FrameType, event: str, _argument: Any) -> None:
            nonlocal counted
            counted += event == "call"

        for call, stand_ins in self._tapes:
            environ = environ_of("POST", call.path, call.body, {**call.headers, "Content-Type": SOAP11.media_type})
            with _standing_in(stand_ins):
                sys.setprofile(profile)
                try:
                    _whole(self._app(environ, _ignored))
                finally:
                    sys.setprofile(None)
        return counted


@contextmanager
def opened_connections() -> Iterator[list[Any]]:
    """Yield a list that receives every connection of psycopg that is opened in the block."""
    connect, opened = psycopg.connect, []

    def opening(*arguments: Any, **options: Any) -> Any:
        opened.append(connect(*arguments, **options))
        return opened[-1]

    with patch.object(psycopg, "connect", opening):
        yield opened


def answer(app: WSGIApplication, call: Call) -> bytes:
    """Return an application's answer to a call."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": call.path,
        "QUERY_STRING": "",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_AUTHORIZATION": call.headers["Authorization"],
        "CONTENT_TYPE": SOAP11.content_type,
        "CONTENT_LENGTH": str(len(call.body)),
        "wsgi.input": io.BytesIO(call.body),
        "wsgi.url_scheme": "http",
    }
    return _whole(app(environ, _ignored))


@contextmanager
def _standing_in(stand_ins: Iterable[tuple[Any, Any]]) -> Iterator[None]:
    """Let other objects act as the connections' libpq while the block runs."""
    pairs = [(connection, connection.pgconn, stand_in) for connection, stand_in in stand_ins]
    for connection, _, stand_in in pairs:
        connection.pgconn = stand_in
    try:
        yield
    finally:
        for connection, real, _ in pairs:
            connection.pgconn = real


def _ignored(_status: str, _headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
    return None


def _whole(pieces: Iterable[bytes]) -> bytes:
    try:
        return b"".join(pieces)
    finally:
        if hasattr(pieces, "close"):
            pieces.close()
