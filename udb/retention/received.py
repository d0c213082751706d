"""Deletion of judged reports (``modtagelse``), five years after, once the counts of their year are kept."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, or_, select

from udb.domain.clock import add_years, midnight
from udb.retention.deletion_log import DeletionLog
from udb.store import state
from udb.store.engine import writing
from udb.store.tables import modtagelse, opgoerelse

MODTAGELSER: Final = "modtagelser"
YEARS: Final = 5
KEPT_COUNTS: Final = "kontakter"
"""The definition of the counts that reports are needed for (``udb.statistics.frozen_contacts``)."""


def remove_old(engine: Engine, log: DeletionLog, years: int = YEARS) -> int:
    """Delete the reports older than so many years by the domain's clock, of years whose counts are kept.

    Return how many. Raises UdbRefused when the deletion log cannot be written, DatabaseUnavailable.
    """
    with writing(engine) as connection:
        before = oldest_kept(state.now(connection).date(), years)
        found = _due(connection, before)
        if found is None or connection.execute(select(modtagelse.c.id).where(found).limit(1)).first() is None:
            return 0
        log.note(connection, MODTAGELSER, foer=before.isoformat())
        return remove(connection, before)


def oldest_kept(today: date, years: int = YEARS) -> datetime:
    """Return the instant before which reports are deleted on a day."""
    return midnight(add_years(today, -years))


def remove(connection: Connection, before: datetime) -> int:
    """Delete the reports made before an instant, of years whose counts this database keeps; return how many."""
    found = _due(connection, before)
    return 0 if found is None else connection.execute(delete(modtagelse).where(found)).rowcount


def _due(connection: Connection, before: datetime) -> ColumnElement[bool] | None:
    """Return the condition for these reports; None when no year is kept."""
    spans = [
        and_(
            modtagelse.c.tid >= midnight(date(year, 1, 1)),
            modtagelse.c.tid < min(midnight(date(year + 1, 1, 1)), before),
        )
        for year in _kept_years(connection)
    ]
    return or_(*spans) if spans else None


def _kept_years(connection: Connection) -> Iterator[int]:
    query = select(opgoerelse.c.dag).where(opgoerelse.c.definition == KEPT_COUNTS, opgoerelse.c.kommunekode == "")
    for day in connection.execute(query.distinct()).scalars():
        yield day.year
