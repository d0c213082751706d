"""Refuse a primary that lacks events which this host has acknowledged.

After a failover that went wrong, an old primary may take writes again and know nothing of what its successor has taken
since. Every event number that this host has acknowledged is below the counter of a primary that has them all. So the
workers of a host remember the highest, and a primary whose counter is lower is not written to. SQLite has one file, and
nothing is asked of it.
"""

import struct
import time
from pathlib import Path
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

import structlog
from prometheus_client import Counter
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.dialects import postgresql

from udb.domain.errors import DatabaseBehind
from udb.domain.identifiers import drawn_number
from udb.store import state
from udb.store.engine import reading
from udb.store.host_memory import HostMemory
from udb.store.sql import hosts
from udb.store.tables import counter

REFUSED: Final = Counter(
    "udb_database_behind_total",
    "Calls and connections refused because the database's counter is below a number that was acknowledged.",
)
LOGGED_EVERY: Final = 10.0
"""Seconds between two alarm lines of a process."""
_COPY: Final = struct.Struct("=QQQ")
"""A number of 23 digits in two parts, and the edition of the code sets when it was acknowledged."""
_HALF: Final = 1 << 64

_log = structlog.get_logger(__name__)


class Mark(NamedTuple):
    """The highest number that was acknowledged, and the edition of the code sets at that time; 0: none."""

    number: int = 0
    edition: int = 0


class Acknowledged:
    """The mark of a host, in memory that its workers share; made before they are forked.

    It is gone when the service stops: after an operator has accepted a loss, a restart lets it go on.
    """

    def __init__(self, folder: Path | None = None) -> None:
        """``folder``: where the lock file is."""
        self._shared = HostMemory(2 * _COPY.size, folder)

    def highest(self) -> Mark:
        """Return the mark."""
        first, second = self._copy(0), self._copy(1)
        if first == second:
            return first
        # Another worker is writing.
        with self._shared.alone():
            return self._copy(0)

    def note(self, number: int, edition: int) -> None:
        """Raise the mark to a number that was acknowledged, if it is lower."""
        with self._shared.alone():
            if number > self._copy(0).number:
                self._write(Mark(number, edition))

    def forget(self) -> None:
        """Let the next number be the first."""
        with self._shared.alone():
            self._write(Mark())

    def close(self) -> None:
        """Release the memory and the file."""
        self._shared.close()

    def _copy(self, which: int) -> Mark:
        high, low, edition = _COPY.unpack_from(self._shared.memory, which * _COPY.size)
        return Mark(high * _HALF + low, edition)

    def _write(self, mark: Mark) -> None:
        # The second copy first: a reader that finds both equal has read neither while it was written.
        for which in (1, 0):
            _COPY.pack_into(self._shared.memory, which * _COPY.size, *divmod(mark.number, _HALF), mark.edition)


class Guard:
    """The guard of one engine."""

    def __init__(self, engine: Engine, acknowledged: Acknowledged, *, sandbox: bool) -> None:
        """``sandbox``: the counter of this database may be set back, which raises the edition of the code sets."""
        self._acknowledged = acknowledged
        self._sandbox = sandbox
        self._edition = 0
        self._logged = -LOGGED_EVERY
        self._hosts = hosts.of(engine)
        event.listen(engine, "connect", self._connected)

    def mark(self) -> Mark:
        """Return the mark; to be read before the counter that is compared with it."""
        return self._acknowledged.highest()

    def acknowledge(self, number: int) -> None:
        """Remember a number whose transaction is committed."""
        self._acknowledged.note(number, self._edition)

    def require(self, driver: Any, mark: Mark, last: str, edition: int) -> None:
        """Raise DatabaseBehind, and ask this host of the database last, if a counter is below the mark."""
        self._edition = max(self._edition, edition)
        if int(last) >= mark.number:
            return
        if self._sandbox and edition > mark.edition:
            self._acknowledged.forget()
            return
        self._hosts.put_last(hosts.host_of(driver))
        REFUSED.inc()
        now = time.monotonic()
        if now - self._logged >= LOGGED_EVERY:
            self._logged = now
            _log.error("database.behind", acknowledged=str(mark.number), counter=last)
        raise DatabaseBehind(DatabaseBehind.__doc__)

    def _connected(self, driver: Any, _record: Any) -> None:
        mark = self.mark()
        if not mark.number:
            return
        try:
            with driver.cursor() as cursor:
                last, edition = cursor.execute(_LAST).fetchone()
            driver.rollback()
            self.require(driver, mark, last, edition or 0)
        except BaseException:
            driver.close()
            raise


_GUARDS: Final[WeakKeyDictionary[Engine, Guard]] = WeakKeyDictionary()


def keep(engine: Engine, acknowledged: Acknowledged | None, *, sandbox: bool = False) -> None:
    """Guard an engine by what its host has acknowledged; None: it is not guarded."""
    if acknowledged is not None and engine.dialect.name == "postgresql":
        _GUARDS[engine] = Guard(engine, acknowledged, sandbox=sandbox)


def mark(connection: Connection) -> Mark:
    """Return the mark for a connection; to be read before the counter that is compared with it."""
    guard = _GUARDS.get(connection.engine)
    return _NONE if guard is None else guard.mark()


def require(connection: Connection, found: Mark, last: str, edition: int) -> None:
    """Raise DatabaseBehind if a counter that was read after ``found`` is below it; the connection is not used again."""
    guard = _GUARDS.get(connection.engine)
    if guard is not None:
        try:
            guard.require(connection.connection.dbapi_connection, found, last, edition)
        except DatabaseBehind:
            connection.invalidate()
            raise


def require_now(engine: Engine) -> None:
    """Raise DatabaseBehind as ``require`` does, by a query of its own; DatabaseUnavailable."""
    guard = _GUARDS.get(engine)
    if guard is not None and (found := guard.mark()).number:
        with reading(engine) as connection:
            last, edition = connection.execute(_LAST_AND_EDITION).one()
            require(connection, found, last, edition or 0)


def acknowledge(engine: Engine, haendelse_nummer: str | None) -> None:
    """Remember the number of an event whose transaction is committed; None: there is none."""
    if haendelse_nummer is not None and (guard := _GUARDS.get(engine)) is not None:
        guard.acknowledge(drawn_number(haendelse_nummer))


_NONE: Final = Mark()
_LAST_AND_EDITION: Final = select(counter.c.last, state.value_of(state.CODE_EDITION))
_LAST: Final = str(_LAST_AND_EDITION.compile(dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}))  # type: ignore[no-untyped-call]  # SQLAlchemy's
