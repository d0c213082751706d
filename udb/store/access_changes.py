"""Access changes: youths some recipient may see more of than before (access.md, The feed).

The code that changes access writes the row in the same transaction. Every fetch without criterion then looks at all
events of the youth again.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, insert, update

from udb.domain.identifiers import event_number
from udb.store.numbers import draw
from udb.store.sql.together import Kind, Row
from udb.store.tables import feed_gained, feed_position


def note_gained(connection: Connection, persons: Collection[int], now: datetime) -> None:
    """Store that access to some persons changed. Draws a number, so it must come last in its transaction."""
    if persons:
        note_gained_at(connection, persons, event_number(draw(connection, now)[0]))


def note_gained_at(connection: Connection, persons: Collection[int], plads: str) -> None:
    """Do as ``note_gained``, with ``plads``: a number that this transaction has drawn already."""
    if persons:
        connection.execute(insert(feed_gained), [{"plads": plads, "person_id": one} for one in sorted(persons)])


def gained_row(person_id: int, plads: str) -> Row:
    """Return the row that ``note_gained_at`` adds, to be added together with others."""
    return _GAINED, (plads, person_id)


_GAINED: Final = Kind(feed_gained, ("plads", "person_id"), numbered=("plads",))


def let_begin_anew(connection: Connection, recipients: Collection[str]) -> None:
    """Set the feed positions of some recipients back to the beginning, so that they look at all events again.

    Needed when a kommune gets another kommunekode: it then sees other youths, although nothing about these has changed.
    An event that a system has already received without criterion is not sent to it again.
    """
    beginning = event_number(0)
    theirs = update(feed_position).where(feed_position.c.modtager.in_(recipients))
    connection.execute(theirs.values(seen=beginning, gained=beginning))
