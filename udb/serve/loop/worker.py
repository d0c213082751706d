"""The worker of gunicorn that ``udb serve`` uses: its threads wait on one epoll; the one that wakes serves the call.

No call is handed from thread to thread. A thread is taken only by a request that has arrived; what waits (for bytes, a
handshake, a reader, the end) costs a file number. The main thread watches the time.
"""

import errno
import os
import select
import signal
import ssl
import threading
import time
from contextlib import suppress
from heapq import nsmallest
from operator import attrgetter
from typing import Final

from gunicorn.sock import ssl_context
from gunicorn.workers.base import Worker

from udb.serve.loop.connection import CLOSED, Connection, Place
from udb.serve.loop.waiting import READ, WRITE, Waiting

STOPPED_BY: Final = frozenset({signal.SIGTERM, signal.SIGINT, signal.SIGQUIT})
"""The signals that end a worker. They wait while it is born, until it hears them."""
_TICK: Final = 1.0
_STOPPING_TICK: Final = 0.1
_KEPT_AT_STOP: Final = 2.0
"""For how many seconds a stopping worker keeps a connection that a caller may be sending a request on."""
_NO_CALLER: Final = frozenset({errno.EAGAIN, errno.ECONNABORTED, errno.EINTR, errno.EPERM, errno.EPROTO})
"""Errors of accept that concern one caller, who is gone."""
_FULL: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ENOSPC})
"""Errors of accept that a closed connection may mend. After any other it is tried again at the next tick."""
_AT_ONCE: Final = 32
"""How many connections make room when there is no more."""
_FAIR: Final = 64 * 1024
_MOST_HELD: Final = 128 * 1024 * 1024
"""How many bytes of requests that have not all arrived a worker keeps."""


class Loop(Worker):  # type: ignore[misc]  # gunicorn has no types
    """A worker process; ``within`` makes a class of it with the limits set."""

    alive: bool
    seconds: float
    most_body: int

    def init_signals(self) -> None:
        """Hear signals from here on, also one that came before."""
        super().init_signals()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPED_BY)

    def begin(self) -> None:
        """Listen, with no connection yet."""
        self.tls: ssl.SSLContext | None = ssl_context(self.cfg) if self.cfg.is_ssl else None
        self.open: set[Connection] = set()
        self._poller = select.epoll()
        self._waiting = Waiting(self._poller)
        self._has_ended = False
        self._warned = 0.0
        self._places: dict[int, Place] = {}
        self._paused: list[Place] = []
        for listener in self.sockets:
            listener.settimeout(0)
            place = Place(listener, self.cfg)
            self._places[place.number] = place
            self._poller.register(place.number, READ)
        wake, self._wake = os.pipe()
        self._poller.register(wake, select.EPOLLIN)

    def run(self) -> None:
        """Serve until stopped; then end the calls that have begun."""
        self.begin()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(self.cfg.threads)]
        for thread in threads:
            thread.start()
        signals = select.poll()
        signals.register(self.PIPE[0], select.POLLIN)
        while self.alive and self.ppid == os.getppid():
            self._rest(signals, _TICK)
        self.alive = False
        self._stop(signals)
        self._has_ended = True
        os.write(self._wake, b"\0")
        for thread in threads:
            thread.join(_TICK)
        for connection in list(self.open):
            connection.close()

    def keeps(self) -> float:
        """Return for how many seconds an answered connection is kept for the next request."""
        return float(self.cfg.keepalive if self.alive else min(self.cfg.keepalive, _KEPT_AT_STOP))

    # The main thread.

    def _rest(self, signals: select.poll, seconds: float) -> None:
        """Wait for a signal or the next tick, and end what is overdue."""
        self.notify()
        if signals.poll(seconds * 1000):
            os.read(self.PIPE[0], 4096)
        now = time.monotonic()
        for connection in self._waiting.all():
            if connection.deadline <= now and self._waiting.is_taken(connection):
                self._end(connection)
        while self._paused:
            self._listen(self._paused.pop())

    def _stop(self, signals: select.poll) -> None:
        """Accept the callers in the queue and refuse later ones; wait for the calls that have begun."""
        for place in self._places.values():
            with suppress(OSError):
                while self._is_accepted(place):
                    pass
            place.listener.close()
        end = time.monotonic() + self.cfg.graceful_timeout
        limit = time.monotonic() + _KEPT_AT_STOP
        while not all(connection.is_ending() for connection in list(self.open)) and time.monotonic() < end:
            for connection in self._waiting.all():
                if connection.is_silent():
                    connection.deadline = min(connection.deadline, limit)
            self._rest(signals, _STOPPING_TICK)

    def _end(self, connection: Connection) -> None:
        """End a connection that was taken because it waited too long."""
        if connection.is_answering():
            connection.give_up()
            self._waiting.put_back(connection, WRITE)
        elif connection.is_begun() or (connection.has_unread() and not connection.is_ending()):
            # For a thread, as its socket has room: to answer what came, or to read what no thread had time to read.
            self._waiting.put_back(connection, WRITE)
        else:
            connection.close()

    def _make_room(self, connections: list[Connection]) -> int:
        """Close those that have waited longest; return how many."""
        oldest = nsmallest(_AT_ONCE, connections, attrgetter("since"))
        taken = [connection for connection in oldest if self._waiting.is_taken(connection)]
        for connection in taken:
            if connection.is_answering():
                connection.give_up()
                self._waiting.put_back(connection, WRITE)
            else:
                connection.close()
        return len(taken)

    # The threads.

    def _work(self) -> None:
        poll, take, put_back = self._poller.poll, self._waiting.take, self._waiting.put_back
        while not self._has_ended:
            for number, _ in poll(None, 1):
                connection = take(number)
                if connection is not None:
                    event = connection.step()
                    if event != CLOSED:
                        put_back(connection, event)
                elif number in self._places:
                    self._accept(self._places[number])

    def _accept(self, place: Place) -> None:
        try:
            self._is_accepted(place)
        except OSError as error:
            self._warn(error)
            if error.errno not in _FULL or not self._make_room(self._waiting.all()):
                self._paused.append(place)
                return
        self._listen(place)

    def _is_accepted(self, place: Place) -> bool:
        """Accept one caller; return whether there was one. Raises OSError when the system can take no more."""
        if len(self.open) >= self.cfg.worker_connections:
            self._make_room(self._waiting.all())
        try:
            sock, client = place.listener.accept()
        except OSError as error:
            if error.errno in _NO_CALLER:
                return error.errno != errno.EAGAIN
            raise
        sock.settimeout(0)
        connection = Connection(self, place, sock, client)
        self.open.add(connection)
        try:
            self._waiting.add(connection)
        except OSError:
            connection.close()
            raise
        return True

    def _listen(self, place: Place) -> None:
        # An error: it was closed, because the worker stops.
        with suppress(OSError):
            self._poller.modify(place.number, READ)

    def _warn(self, error: OSError) -> None:
        """Log an error of accept, at most once a tick."""
        now = time.monotonic()
        if self._warned + _TICK < now and self.alive:
            self._warned = now
            self.log.warning("accept: %s", errno.errorcode.get(error.errno or 0, error.errno))

    def relieve(self) -> None:
        """Close the oldest of the large requests that have not all arrived, if they are too many for the memory."""
        waiting = self._waiting.all()
        if sum(connection.held() for connection in waiting) > max(_MOST_HELD, 2 * self.most_body):
            self._make_room([connection for connection in waiting if connection.held() > _FAIR])


def within(seconds: float, most_body: int) -> type[Loop]:
    """Return a worker class whose callers have so many seconds to send a call of so many bytes."""
    return type("Loop", (Loop,), {"seconds": seconds, "most_body": most_body})
