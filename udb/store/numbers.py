"""Draw numbers from the one row that makes number order commit order (docs/architecture.md)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, TypeGuard

from sqlalchemy import Connection, Integer, Numeric, String, Update, cast, func, literal_column, select, update

from udb.domain.identifiers import DIGITS, clock_number, next_number
from udb.store.sql.line import Line
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import counter


def last_drawn(connection: Connection) -> int:
    """Return the last number drawn by a committed transaction, or by this one."""
    return int(connection.execute(select(counter.c.last)).scalar_one())


def draw(connection: Connection, now: datetime, count: int = 1) -> range:
    """Draw ``count`` consecutive numbers and hold the counter until the transaction ends.

    Must be the last step before the inserts: a transaction that draws a higher number then commits later. Bulk runs
    draw at most 1,000 at a time.
    """
    if connection.dialect.name == "postgresql":
        last = int(_DRAW.rows(connection, lowest=str(clock_number(now)), count=count)[0][0])
    else:
        # SQLite has one writer at a time, and no integers of 23 digits: Python adds.
        last = next_number(now, int(_LAST.rows(connection)[0][0])) + count - 1
        _SET.run(connection, drawn=str(last))
    return range(last - count + 1, last + 1)


def draws_when_stored(connection: Connection) -> TypeGuard[Line]:
    """Return whether ``draw_and_commit`` can be used for a connection."""
    return isinstance(connection, Line)


def draw_and_commit(line: Line, now: datetime, parts: Sequence[tuple[bytes, Sequence[Any]]]) -> int:
    """Draw a number, execute statements that use it, and commit, by one message; return the number.

    The counter is held while the database carries out that message, and no longer. ``parts``: see
    ``Line.commit_with``; the first of them sees ``DRAWN``.
    """
    lowest = {"lowest": str(clock_number(now)), "count": 1}
    ((last,),), *_ = line.commit_with([_DRAW.sent(line.dialect, lowest), *parts])
    return int(last)


PENDING: Final = 10**DIGITS - 1
"""The number of an event that is drawn when it is stored: above every other, in ``DIGITS`` digits."""
_padded: Final = func.lpad(counter.c.last, literal_column(str(DIGITS)), literal_column("'0'")).label("digits")
DRAWN: Final = select(select(_padded).cte("drawn").c.digits).scalar_subquery()
"""The number that this transaction has drawn, in ``DIGITS`` digits."""


def _draw(_: str) -> Update:
    """Compute ``next_number`` in SQL: PostgreSQL evaluates it on the row as it is after waiting for the lock."""
    first = func.greatest(cast(counter.c.last, Numeric) + 1, cast(parameter("lowest", String), Numeric))
    drawn = first + parameter("count", Integer) - 1
    return update(counter).values(last=cast(drawn, String)).returning(counter.c.last)


_DRAW: Final = Prepared(_draw)
_LAST: Final = Prepared(lambda _: select(counter.c.last))
_SET: Final = Prepared(lambda _: update(counter).values(last=parameter("drawn")))
