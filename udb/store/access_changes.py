"""Access changes: youths of which some recipient may see more than before (access.md, The feed).

The code that changes access writes the row in the same transaction. Every reader without criterion then looks at all
events of the youth again.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, update

from udb.domain.identifiers import event_number
from udb.store.numbers import draw
from udb.store.tables import feed_gained, feed_position


def note_gained(connection: Connection, persons: Collection[int], now: datetime) -> None:
    """Note persons whose access changed; draws a number, so it comes last in its transaction."""
    if persons:
        note_gained_at(connection, persons, event_number(draw(connection, now)[0]))


def note_gained_at(connection: Connection, persons: Collection[int], plads: str) -> None:
    """As ``note_gained``, at the place of a number that this transaction has drawn already."""
    if persons:
        connection.execute(insert(feed_gained), [{"plads": plads, "person_id": one} for one in sorted(persons)])


def let_begin_anew(connection: Connection, recipients: Collection[str]) -> None:
    """Let every system of some recipients look at all events again.

    Needed when a kommune gets another kommunekode: it sees other youths then, although nothing has changed about these.
    Events that a system was given stay given.
    """
    beginning = event_number(0)
    theirs = update(feed_position).where(feed_position.c.modtager.in_(recipients))
    connection.execute(theirs.values(seen=beginning, gained=beginning))
