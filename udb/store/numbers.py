"""Drawing numbers: the one row that makes number order commit order (docs/architecture.md)."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from udb.identifiers import next_number
from udb.store.tables import counter


def draw(connection: Connection, now: datetime, count: int = 1) -> range:
    """Draw ``count`` consecutive numbers and hold the counter until the transaction ends.

    Must be the last thing before the inserts: whoever draws a higher number then commits later. Bulk runs draw at
    most 1,000 at a time.
    """
    last = connection.execute(select(counter.c.last).with_for_update()).scalar_one()
    first = next_number(now, int(last))
    connection.execute(update(counter).values(last=str(first + count - 1)))
    return range(first, first + count)
