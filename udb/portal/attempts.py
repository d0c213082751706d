"""Attempts that are counted against a limit in the database, for all workers and hosts together."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from udb.domain.clock import system_time
from udb.portal.tokens import digest
from udb.store.tables import web_forsoeg


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` attempts of a kind within ``within``."""

    kind: str
    most: int
    within: timedelta


FAILED_LOG_INS: Final = Limit("log-ind", 10, timedelta(minutes=1))
"""For each address; a whole kommune may sit behind one, so those that succeed are not counted."""


def is_exceeded(connection: Connection, limit: Limit, who: str, *, more: int = 1) -> bool:
    """Return whether so many more would exceed the limit of ``who``: an address, or a user."""
    query = select(func.count()).where(
        web_forsoeg.c.slags == limit.kind,
        web_forsoeg.c.hvem_hash == digest(who),
        web_forsoeg.c.tid > system_time() - limit.within,
    )
    return connection.execute(query).scalar_one() + more > limit.most


def count(connection: Connection, limit: Limit, who: str, *, times: int = 1) -> None:
    """Count an attempt of ``who``, or several, and forget those of the kind that no longer count."""
    now: datetime = system_time()
    connection.execute(
        delete(web_forsoeg).where(web_forsoeg.c.slags == limit.kind, web_forsoeg.c.tid <= now - limit.within)
    )
    row = {"slags": limit.kind, "hvem_hash": digest(who), "tid": now}
    connection.execute(insert(web_forsoeg), [row] * times)
