"""Drawing numbers: the one row that makes number order commit order (docs/architecture.md)."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update

from udb.identifiers import next_number
from udb.store import state
from udb.store.prepared import Prepared, parameter
from udb.store.tables import counter


def last_drawn(connection: Connection) -> int:
    """The last number drawn by a committed transaction, or by this one."""
    return int(connection.execute(select(counter.c.last)).scalar_one())


def draw(connection: Connection, now: datetime, count: int = 1) -> range:
    """Draw ``count`` consecutive numbers and hold the counter until the transaction ends.

    Must be the last thing before the inserts: whoever draws a higher number then commits later. Bulk runs draw at
    most 1,000 at a time.
    """
    return draw_and_look(connection, now, count)[0]


def draw_and_look(connection: Connection, now: datetime, count: int = 1) -> tuple[range, int]:
    """As ``draw``, with the edition of code sets and institutions at that moment (``state.CODE_EDITION``): with the
    counter held no other transaction that draws can change it any more.
    """
    last = int(_LAST.rows(connection)[0][0])
    first = next_number(now, last)
    edition = _DRAW.rows(connection, drawn=str(first + count - 1))[0][0]
    return range(first, first + count), edition or 0


_LAST: Final = Prepared(lambda _: select(counter.c.last).with_for_update())
_DRAW: Final = Prepared(
    lambda _: update(counter).values(last=parameter("drawn")).returning(state.value_of(state.CODE_EDITION))
)
