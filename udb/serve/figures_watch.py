"""Compute the monthly figures when they are due, one worker at a time: the others find that one has begun lately."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.domain.clock import system_time
from udb.serve import jobs
from udb.settings import Settings
from udb.statistics.monthly.run import due, run
from udb.store import standby, state
from udb.store.engine import make_engine, reading, writing

EVERY: Final = 600
"""Seconds between two looks whether a month is due."""
BEGUN: Final = "opgoerelse"
"""The value of ``state``: the system time at which a worker last began to compute."""
LONGEST: Final = timedelta(hours=1)
"""A run that has not ended after this time is begun again."""

_log = structlog.get_logger(__name__)


def run_if_due(engine: Engine, settings: Settings) -> int:
    """Compute each month that is due (``monthly.run.due``) and return how many; 0 when another worker is at it.

    Reads from the standby of the settings, if there is one. Raises DatabaseUnavailable, StandbyLate.
    """
    if not _due(engine) or not _begin(engine):
        return 0
    try:
        with _engines(settings) as (read, primary):
            # Again: another worker may have ended since.
            months = _due(engine)
            for month in months:
                found = run(read, primary, month)
                named = {"month": f"{month:%Y-%m}", "youths": found.youths, "rows": found.rows, "status": found.status}
                _log.info("statistics.run", **named)
    finally:
        with writing(engine) as connection:
            state.write(connection, BEGUN, None)
    return len(months)


def _due(engine: Engine) -> list[date]:
    with reading(engine) as connection:
        return due(connection)


@contextmanager
def _engines(settings: Settings) -> Iterator[tuple[Engine, Engine]]:
    """Yield what is read and what is written, both without the deadline of calls."""
    primary = make_engine(settings.url, bulk=True)
    read = primary
    try:
        if settings.read_database_url is not None:
            read = make_engine(settings.read_database_url, bulk=True, session="any")
            standby.require_current(read, primary, settings.read_lag)
        yield read, primary
    finally:
        read.dispose()
        primary.dispose()


def _begin(engine: Engine) -> bool:
    now = system_time()
    with writing(engine) as connection:
        begun = state.read(connection, BEGUN)
        if begun is not None and timedelta() <= now - datetime.fromisoformat(begun) < LONGEST:
            return False
        state.write(connection, BEGUN, now.isoformat())
    return True


def start_watch(settings: Settings) -> Callable[[], None]:
    """Compute what is due until the returned function is called."""

    def work(engine: Engine) -> None:
        run_if_due(engine, settings)

    return jobs.start("figures.watch", settings, EVERY, work)
