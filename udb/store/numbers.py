"""Drawing numbers: the one row that makes number order commit order (docs/architecture.md)."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Integer, Numeric, String, Update, cast, func, select, update

from udb.identifiers import clock_number, next_number
from udb.store.prepared import Prepared, in_turn, parameter
from udb.store.state import CODE_EDITION, value_of
from udb.store.tables import counter


def last_drawn(connection: Connection) -> int:
    """The last number drawn by a committed transaction, or by this one."""
    return int(connection.execute(select(counter.c.last)).scalar_one())


def draw(connection: Connection, now: datetime, count: int = 1) -> range:
    """Draw ``count`` consecutive numbers and hold the counter until the transaction ends.

    Must be the last thing before the inserts: whoever draws a higher number then commits later. Bulk runs draw at
    most 1,000 at a time.
    """
    return draw_under(connection, now, count)[0]


def draw_under(connection: Connection, now: datetime, count: int = 1) -> tuple[range, int]:
    """As ``draw``, with the edition of code sets and institutions (``state.CODE_EDITION``), read once the counter is
    held: no other transaction that draws can change it any more.
    """
    if connection.dialect.name == "postgresql":
        drawn = (_DRAW, {"lowest": str(clock_number(now)), "count": count})
        ((of,),), ((edition,),) = in_turn(connection, drawn, (_EDITION, {}))
        last = int(of)
    else:
        # One writer at a time, and no whole number of so many digits.
        last = next_number(now, int(_LAST.rows(connection)[0][0])) + count - 1
        _, ((edition,),) = in_turn(connection, (_SET, {"drawn": str(last)}), (_EDITION, {}))
    return range(last - count + 1, last + 1), edition or 0


def _draw(_: str) -> Update:
    """As ``next_number``, of the row as it is once this holds it: PostgreSQL works it out anew after it has waited."""
    first = func.greatest(cast(counter.c.last, Numeric) + 1, cast(parameter("lowest", String), Numeric))
    drawn = first + parameter("count", Integer) - 1
    return update(counter).values(last=cast(drawn, String)).returning(counter.c.last)


_DRAW: Final = Prepared(_draw)
_LAST: Final = Prepared(lambda _: select(counter.c.last))
_EDITION: Final = Prepared(lambda _: select(value_of(CODE_EDITION)))
_SET: Final = Prepared(lambda _: update(counter).values(last=parameter("drawn")))
