"""How long a call may hold a connection: a database that takes a question and falls silent is given up.

Its host may be there all the while and its system answer for it, as when its disk hangs: no timeout of the line tells
of that, and libpq waits for ever. So the line is closed under whoever waits, who then finds the connection lost. Locks
that are waited for one after the other come to an end in the same way.
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
            event.listen(engine, "checkout", self._taken)
            event.listen(engine, "checkin", self._given_back)

    def look(self) -> int:
        """Close the lines of those that are beyond it; gives how many."""
        latest = self._now() - self._seconds
        beyond = [entry for entry, since in list(self._since.items()) if since < latest]
        for entry in beyond:
            self._since.pop(entry, None)
            if entry.dbapi_connection is not None:
                _hang_up(entry.dbapi_connection)
        if beyond:
            _log.warning("database.silent", connections=len(beyond), seconds=self._seconds)
        return len(beyond)

    def watch(self) -> None:
        """Look now and then, in a thread, for as long as the process lives."""

        def run() -> None:
            while True:
                time.sleep(self._seconds / LOOKS)
                self.look()

        threading.Thread(target=run, name="deadline", daemon=True).start()

    def _taken(self, _connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        self._since[entry] = self._now()

    def _given_back(self, _connection: Any, entry: ConnectionPoolEntry) -> None:
        self._since.pop(entry, None)


def _hang_up(driver: Any) -> None:
    """Close the line, and leave the connection to the thread that waits for it: only that one may touch it."""
    # It may be closed, or given back, in this moment: whoever takes it next sees that its line has ended.
    with suppress(OSError, Error), socket.socket(fileno=os.dup(driver.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
