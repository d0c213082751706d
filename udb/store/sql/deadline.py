"""Close connections that a call holds too long, so that a database that accepts a statement and never answers is given
up.

The host may answer TCP while its disk hangs: then no socket timeout ends the wait, and libpq waits for ever. So a
thread shuts the socket down, and the waiting call finds the connection lost. This also ends calls that wait for one
lock after the other.

A host that lets a connection wait for an eighth of the time is asked for a new one. If it says nothing to that either,
the whole host is given up: all its connections go at once, instead of each after its own wait.
"""

import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

import structlog
from psycopg import Error
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from udb.database_url import Host
from udb.store.sql import hosts

LOOKS: Final = 8
"""How many times the thread checks within the allowed time."""

_log = structlog.get_logger(__name__)


class Deadline:
    """The connections of an engine that are in use, each with the time it was taken."""

    def __init__(self, engine: Engine, seconds: float, *, now: Callable[[], float] = time.monotonic) -> None:
        """``seconds``: the longest that a connection may be in use. On SQLite none is watched: its waits end anyway."""
        self._seconds = seconds
        self._now = now
        self._engine = engine
        self._since: dict[ConnectionPoolEntry, float] = {}
        if engine.dialect.name == "postgresql":
            # First of the listeners, so that SQLAlchemy's own queries on a new connection are watched too.
            event.listen(engine, "connect", self._taken, insert=True)
            event.listen(engine, "checkout", self._taken)
            event.listen(engine, "checkin", self._given_back)

    def look(self) -> int:
        """Shut down the sockets of connections in use for too long, and of all to a host that is given up; return how
        many were ended.
        """
        now = self._now()
        in_use = self._since.copy()
        late = {entry for entry, since in in_use.items() if since < now - self._seconds}
        given_up = self._given_up(
            late, {entry for entry, since in in_use.items() if since < now - self._seconds / LOOKS}
        )
        ended = 0
        for entry, since in in_use.items():
            if entry not in late and _host(entry) not in given_up:
                continue
            driver = entry.dbapi_connection
            is_open = driver is not None and not driver.closed
            if is_open and not _hang_up(driver):
                # The next check tries again.
                continue
            ended += is_open
            # The connection may have been checked out again in this moment.
            if self._since.get(entry) == since:
                self._given_back(None, entry)
        if ended:
            _log.warning("database.silent", connections=ended, seconds=self._seconds)
        return ended

    def _given_up(self, late: set[ConnectionPoolEntry], slow: set[ConnectionPoolEntry]) -> set[Host]:
        """Give up the hosts that answer no more; return them. Where there are others, one late call is enough."""
        if not slow:
            return set()
        known = hosts.of(self._engine)
        found = {host for entry in late if known.are_several and (host := _host(entry))}
        found |= {host for host in {_host(entry) for entry in slow} - found if host and known.is_silent(host)}
        for host in found:
            known.give_up(host)
        if found:
            _log.warning("database.given_up", hosts=len(found))
        return found

    def watch(self) -> None:
        """Check ``LOOKS`` times per allowed time, in a thread, for as long as the process lives."""

        def run() -> None:
            while True:
                time.sleep(self._seconds / LOOKS)
                try:
                    self.look()
                except Exception:  # noqa: BLE001 - whatever went wrong, the next check tries again
                    _log.exception("database.look_failed")

        threading.Thread(target=run, name="deadline", daemon=True).start()

    def _taken(self, _connection: Any, entry: ConnectionPoolEntry, _proxy: Any = None) -> None:
        self._since[entry] = self._now()

    def _given_back(self, _connection: Any, entry: ConnectionPoolEntry) -> None:
        self._since.pop(entry, None)


def _host(entry: ConnectionPoolEntry) -> Host | None:
    """Return the host that a connection reaches; None: it is closed."""
    driver = entry.dbapi_connection
    try:
        return None if driver is None else hosts.host_of(driver)
    except Error:
        return None


def _hang_up(driver: Any) -> bool:
    """Shut down a connection's socket; return whether that was done."""
    # Only the socket: the connection itself belongs to the thread that waits on it.
    with suppress(OSError, Error):
        number = driver.fileno()
        with socket.socket(fileno=os.dup(number)) as line:
            # The owner may have closed it meanwhile, and the number may be another socket's by now: the copy is of the
            # right one only if the connection still has that number.
            if driver.fileno() == number:
                line.shutdown(socket.SHUT_RDWR)
                return True
    return False
