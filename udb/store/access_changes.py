"""Youths of whom somebody may see more than before: every reader without criterion looks at all their events again
(access.md, The feed). Whoever changes access notes it in the same transaction.
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
    """Let every system of some recipients look at all events again, as one does whose kommune has another kommunekode
    now: it sees other youths, of whom nothing has changed. What it was given stays given.
    """
    beginning = event_number(0)
    theirs = update(feed_position).where(feed_position.c.modtager.in_(recipients))
    connection.execute(theirs.values(seen=beginning, gained=beginning))
