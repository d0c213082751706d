"""Connections of PostgreSQL that stay open between transactions, and begin and commit through libpq.

Core takes a connection from its pool, wraps it, and makes an object for each transaction: a tenth of a report. A line
is a connection of Core that is not given back to the pool when its transaction has ended, but laid aside for the next.
The pool still makes and limits the connections, and everything that listens to it hears when a line is taken and given
back. A connection whose statements are listened to is not kept as a line: what listens expects Core's way.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from udb.store.sql import libpq

KEPT: Final = 5
"""How many lines an engine lays aside at most; the pool keeps as many."""


_COMMIT: Final = (b"COMMIT", ())


class Line(Connection):
    """A connection that is used for one transaction after the other; begun by its first statement."""

    def __init__(self, engine: Engine) -> None:
        """Take a connection from the engine's pool. Raises what ``engine.connect`` does."""
        # Core would go on after a lost connection on a new one, outside the transaction that was begun.
        super().__init__(engine, _allow_revalidate=False)
        fairy: Any = self.connection
        self._driver: Final[Any] = fairy.dbapi_connection
        self._fairy: Final[Any] = fairy
        self._entry: Final[Any] = fairy._connection_record  # noqa: SLF001 - what the pool gives its listeners
        self._plain: Final = self.get_execution_options()
        self._pool: Final[Any] = engine.pool.dispatch
        self._known: Final = libpq.statements(fairy.info)

    def take(self) -> bool:
        """Take a line that was laid aside; return False when its connection is closed."""
        try:
            self._pool.checkout(self._driver, self._entry, self._fairy)
        except InvalidatePoolError:
            self.drop()
            return False
        return True

    def lay_aside(self) -> bool:
        """End the use of a line; return False when it cannot be used again."""
        if (
            self._driver.closed
            or self._driver.pgconn.transaction_status != TransactionStatus.IDLE
            or self.get_execution_options() is not self._plain
            or self.in_transaction()
        ):
            return False
        self._pool.checkin(self._driver, self._entry)
        return True

    def drop(self) -> None:
        """Close the connection, and let the pool make another."""
        self.invalidate()
        self.close()

    def send(self, text: bytes, parameters: Sequence[Any], *, begins: bool) -> libpq.Rows:
        """Execute a statement and return its rows, as ``libpq.execute`` does. Raises DBAPIError."""
        driver = self._driver
        try:
            if begins:
                libpq.begin(driver)
            return (self._known.get(text) or libpq.prepare(driver, self._known, text)).execute(parameters)
        except psycopg.Error as error:
            raise self._failed(error, text.decode()) from error

    def commit_with(self, parts: Sequence[tuple[bytes, Sequence[Any]]]) -> list[libpq.Rows]:
        """Execute statements and commit, by one message; return the rows of each. Raises DBAPIError.

        ``parts``: the text of each statement with its parameters.
        """
        driver, known = self._driver, self._known
        try:
            made = [
                (known.get(text) or libpq.prepare(driver, known, text), parameters)
                for text, parameters in (*parts, _COMMIT)
            ]
            return libpq.commit_with(driver, made)
        except psycopg.Error as error:
            raise self._failed(error, parts[-1][0].decode()) from error

    def commit(self) -> None:
        """Commit what was done, if anything was. Raises DBAPIError."""
        if self.in_transaction():
            super().commit()
            return
        try:
            libpq.commit(self._driver)
        except psycopg.Error as error:
            raise self._failed(error, "COMMIT") from error

    def rollback(self) -> None:
        """Roll back what was done, if anything was, and ignore a connection that is lost."""
        if self.in_transaction():
            with suppress(DBAPIError):
                super().rollback()
        elif not self._driver.closed and self._driver.pgconn.transaction_status != TransactionStatus.IDLE:
            with suppress(psycopg.Error):
                self._driver.rollback()

    def _failed(self, error: psycopg.Error, text: str) -> DBAPIError:
        """Return a driver's error as Core raises it, and give up the connection if it is lost."""
        gone = self.dialect.is_disconnect(error, self._fairy, None)  # type: ignore[arg-type]  # psycopg's own error
        if gone and not self.invalidated:
            self.invalidate(error)
        made: Any = DBAPIError.instance(
            text, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=gone, dialect=self.dialect
        )
        return made  # type: ignore[no-any-return]  # its declared type covers other cases


class _Lines:
    """The lines of one engine."""

    def __init__(self) -> None:
        self.aside: list[Line] = []
        self.asking: set[object] = set()
        """One member for each thread that may be waiting for the pool."""


_LINES: Final = "udb_lines"


def keep_for(engine: Engine) -> None:
    """Let ``line_of`` keep lines of an engine, until it is disposed of."""
    setattr(engine, _LINES, _Lines())
    event.listen(engine, "engine_disposed", _dispose)


def _dispose(engine: Engine) -> None:
    lines: _Lines = getattr(engine, _LINES)
    while lines.aside:
        lines.aside.pop().drop()


def has_lines(engine: Engine) -> bool:
    """Return whether transactions of an engine go over lines."""
    heard: Any = engine.dispatch
    return hasattr(engine, _LINES) and not (heard.before_cursor_execute or heard.after_cursor_execute or heard.commit)


def laid_aside(engine: Engine) -> int:
    """Return how many of the connections that the pool has handed out no transaction uses."""
    lines: _Lines | None = getattr(engine, _LINES, None)
    return len(lines.aside) if lines else 0


def line_of(engine: Engine) -> Line:
    """Return a line of an engine that has lines; ``give_back`` ends its use. Raises what ``engine.connect`` does."""
    lines: _Lines = getattr(engine, _LINES)
    found = _aside(lines)
    if found is not None:
        return found
    asks = object()
    lines.asking.add(asks)
    try:
        # One may have been laid aside before it was known that this thread asks.
        return _aside(lines) or Line(engine)
    finally:
        lines.asking.discard(asks)


def _aside(lines: _Lines) -> Line | None:
    while lines.aside:
        try:
            found = lines.aside.pop()
        except IndexError:
            # Another thread was faster.
            return None
        if found.take():
            return found
    return None


def give_back(line: Line) -> None:
    """End the use of a line; what it has begun must be committed or rolled back."""
    lines: _Lines = getattr(line.engine, _LINES)
    # The pool does not know that a line is free, so it must get one back when a thread may be waiting for it.
    if not lines.asking and len(lines.aside) < KEPT and line.lay_aside():
        lines.aside.append(line)
    else:
        line.close()
