"""Close connections that a call holds too long: a database that accepts a statement and falls silent is given up.

The host may be alive and answer TCP while its disk hangs: then no socket timeout ends the wait, and libpq waits for
ever. So a thread closes the socket, and the waiting call finds the connection lost. This also ends calls that wait for
one lock after the other.
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

LOOKS: Final = 4
"""How often a thread looks within the time that is allowed."""

_log = structlog.get_logger(__name__)


class Deadline:
    """The connections of an engine that are in use, and since when."""

    def __init__(self, engine: Engine, seconds: float, *, now: Callable[[], float] = time.monotonic) -> None:
        """``seconds``: for how long one may be. On SQLite, whose waiting has an end of its own, none is watched."""
        self._seconds = seconds
        self._now = now
        self._since: dict[ConnectionPoolEntry, float] = {}
        if engine.dialect.name == "postgresql":
            # Before SQLAlchemy asks a new one what it needs to know.
            event.listen(engine, "connect", self._taken, insert=True)
            event.listen(engine, "checkout", self._taken)
            event.listen(engine, "checkin", self._given_back)

    def look(self) -> int:
        """Close the lines of those that are beyond it; gives how many."""
        latest = self._now() - self._seconds
        beyond = [(entry, since) for entry, since in self._since.copy().items() if since < latest]
        ended = 0
        for entry, since in beyond:
            driver = entry.dbapi_connection
            is_open = driver is not None and not driver.closed
            if is_open and not _hang_up(driver):
                # The next look tries again.
                continue
            ended += is_open
            # It may have been checked out again in this moment.
            if self._since.get(entry) == since:
                self._given_back(None, entry)
        if ended:
            _log.warning("database.silent", connections=ended, seconds=self._seconds)
        return ended

    def watch(self) -> None:
        """Look now and then, in a thread, for as long as the process lives."""

        def run() -> None:
            while True:
                time.sleep(self._seconds / LOOKS)
                try:
                    self.look()
                except Exception:  # noqa: BLE001 - whatever went wrong, the next look is another try
                    _log.exception("database.look_failed")

        threading.Thread(target=run, name="deadline", daemon=True).start()

    def _taken(self, _connection: Any, entry: ConnectionPoolEntry, _proxy: Any = None) -> None:
        self._since[entry] = self._now()

    def _given_back(self, _connection: Any, entry: ConnectionPoolEntry) -> None:
        self._since.pop(entry, None)


def _hang_up(driver: Any) -> bool:
    """Close the line, and leave the connection to the thread that waits for it: only that one may touch it. Gives
    whether there was one.
    """
    with suppress(OSError, Error):
        number = driver.fileno()
        with socket.socket(fileno=os.dup(number)) as line:
            # Its owner may have closed it, and the number may be another socket's: the copy is of this one only if the
            # connection still has it.
            if driver.fileno() == number:
                line.shutdown(socket.SHUT_RDWR)
                return True
    return False
