"""Fetches without criterion that come again under the same key (contract 2): the same page, or 8004."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, delete, exists, insert, select, update

from udb.call import Call
from udb.clock import system_time
from udb.hentning.feed import Page
from udb.store.tables import feed_position, fetch_key


@dataclass(frozen=True, slots=True)
class KeptPage:
    """What a call was answered with: its events' numbers, whether more waited, the highest number told."""

    numre: frozenset[str]
    flere: bool
    hoejeste: str | None


def kept_page(connection: Connection, call: Call, life: timedelta) -> KeptPage | None:
    """The page given under this key, if that was the system's latest such call and it is younger than ``life``."""
    row = connection.execute(
        select(
            feed_position.c.transaction_id,
            feed_position.c.numre,
            feed_position.c.flere,
            feed_position.c.hoejeste,
            feed_position.c.answered,
        ).where(feed_position.c.system_id == call.system_id, feed_position.c.modtager == call.institution_nummer)
    ).one()
    if row.transaction_id != call.transaction_id or system_time() - row.answered >= life:
        return None
    return KeptPage(frozenset(row.numre), row.flere, row.hoejeste)


def is_used(connection: Connection, call: Call) -> bool:
    """Whether the key was used for any fetch without criterion before."""
    key = exists().where(
        fetch_key.c.system_id == call.system_id,
        fetch_key.c.modtager == call.institution_nummer,
        fetch_key.c.transaction_id == call.transaction_id,
    )
    return bool(connection.execute(select(key)).scalar_one())


def keep_page(connection: Connection, call: Call, page: Page) -> None:
    """Keep a page under its call's key, in the stead of the page before."""
    now = system_time()
    connection.execute(
        insert(fetch_key).values(
            system_id=call.system_id,
            modtager=call.institution_nummer,
            transaction_id=call.transaction_id,
            created=now,
        )
    )
    connection.execute(
        update(feed_position)
        .where(feed_position.c.system_id == call.system_id, feed_position.c.modtager == call.institution_nummer)
        .values(
            transaction_id=call.transaction_id,
            numre=[event.nummer for event in page.events],
            flere=page.more,
            hoejeste=page.last,
            answered=now,
        )
    )


def forget_page(connection: Connection, call: Call) -> None:
    """Let a key be as new: its page was taken back."""
    connection.execute(
        delete(fetch_key).where(
            fetch_key.c.system_id == call.system_id,
            fetch_key.c.modtager == call.institution_nummer,
            fetch_key.c.transaction_id == call.transaction_id,
        )
    )
    connection.execute(
        update(feed_position)
        .where(
            feed_position.c.system_id == call.system_id,
            feed_position.c.modtager == call.institution_nummer,
            feed_position.c.transaction_id == call.transaction_id,
        )
        .values(transaction_id=None)
    )
