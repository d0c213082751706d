"""Log-ins under way: what the portal must remember between sending a browser to a provider and its return.

It is kept in the database, so that any worker can take the answer, and given out once.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from udb.domain.clock import system_time
from udb.portal.tokens import digest, new_token
from udb.store.tables import web_login

COOKIE: Final = "__Host-udb-log-ind"
LASTS: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A log-in under way. ``state`` and ``browser``: known to the browser alone; the database has their hashes."""

    door: str
    nonce: str
    verifier: str
    next: str
    state: str
    browser: str


def begin(connection: Connection, door: str, next_page: str) -> UnderWay:
    """Remember a new log-in through a door, and what page it is for."""
    new = UnderWay(door, new_token(), new_token(), next_page, new_token(), new_token())
    now = system_time()
    connection.execute(delete(web_login).where(web_login.c.oprettet < now - LASTS))
    connection.execute(
        insert(web_login).values(
            state_hash=digest(new.state),
            browser_hash=digest(new.browser),
            udbyder=door,
            nonce=new.nonce,
            verifier=new.verifier,
            naeste=next_page,
            oprettet=now,
        )
    )
    return new


def take(connection: Connection, state: str, browser: str) -> UnderWay | None:
    """Return the log-in of a provider's answer and forget it; None when there is none of this browser."""
    mine = (web_login.c.state_hash == digest(state)) & (web_login.c.browser_hash == digest(browser))
    row = connection.execute(select(web_login).where(mine)).one_or_none()
    if row is None or not connection.execute(delete(web_login).where(mine)).rowcount:
        return None
    if system_time() - row.oprettet >= LASTS:
        return None
    return UnderWay(row.udbyder, row.nonce, row.verifier, row.naeste, state, browser)
