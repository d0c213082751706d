"""Deletion of call keys: of reports, and of fetches without criterion."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, Engine, delete, select

from udb.domain.clock import system_time
from udb.retention.deletion_log import DeletionLog
from udb.store.engine import writing
from udb.store.tables import call_key, fetch_key

NOEGLER: Final = "noegler"


def remove_old(engine: Engine, log: DeletionLog, days: int) -> int:
    """Delete the keys that are older than ``days`` by system time; return how many.

    Raises UdbRefused when the deletion log cannot be written, DatabaseUnavailable.
    """
    before = system_time() - timedelta(days=days)
    with writing(engine) as connection:
        if not any(
            connection.execute(select(table).where(table.c.created < before).limit(1)).first() for table in KEYS
        ):
            return 0
        log.note(connection, NOEGLER, foer=before.isoformat())
        return remove(connection, before)


def remove(connection: Connection, before: datetime) -> int:
    """Delete the keys made before an instant; return how many."""
    return sum(connection.execute(delete(table).where(table.c.created < before)).rowcount for table in KEYS)


KEYS: Final = (call_key, fetch_key)
