"""Attempts that are counted against a limit in the database, for all workers and hosts together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from udb.domain.clock import system_time
from udb.portal.tokens import digest
from udb.store.locks import one_count_at_a_time
from udb.store.tables import web_forsoeg


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts of a kind within ``within``."""

    kind: str
    most: int
    within: timedelta


FAILED_LOG_INS: Final = Limit("log-ind", 10, timedelta(minutes=1))
"""For each address; a whole kommune may sit behind one, so those that succeed are not counted."""


def count_alone(connection: Connection, who: str) -> None:
    """Let no other transaction count attempts of ``who`` until this one ends."""
    one_count_at_a_time(connection, int.from_bytes(bytes.fromhex(digest(who)[:8]), signed=True))


def is_exceeded(connection: Connection, limit: Limit, who: str, *, more: int = 1) -> bool:
    """Return whether so many more would exceed the limit of ``who``: an address, or a user."""
    return counted(connection, limit, who)[0] + more > limit.most


def counted(connection: Connection, limit: Limit, who: str) -> tuple[int, datetime | None]:
    """Return how many attempts of ``who`` count, and the system time of the latest."""
    query = select(func.count(), func.max(web_forsoeg.c.tid)).where(
        web_forsoeg.c.slags == limit.kind,
        web_forsoeg.c.hvem_hash == digest(who),
        web_forsoeg.c.tid > system_time() - limit.within,
    )
    number, latest = connection.execute(query).one()
    return number, latest


def forget(connection: Connection, limit: Limit, who: str) -> None:
    """Count none of the attempts of ``who`` until now."""
    mine = (web_forsoeg.c.slags == limit.kind, web_forsoeg.c.hvem_hash == digest(who))
    connection.execute(delete(web_forsoeg).where(*mine))


def count(connection: Connection, limit: Limit, who: str, *, times: int = 1) -> None:
    """Count an attempt of ``who``, or several, and forget those of the kind that no longer count."""
    now: datetime = system_time()
    past = select(web_forsoeg.c.id).where(web_forsoeg.c.slags == limit.kind, web_forsoeg.c.tid <= now - limit.within)
    # What another transaction forgets at this moment is not waited for.
    connection.execute(delete(web_forsoeg).where(web_forsoeg.c.id.in_(past.with_for_update(skip_locked=True))))
    row = {"slags": limit.kind, "hvem_hash": digest(who), "tid": now}
    connection.execute(insert(web_forsoeg), [row] * times)
