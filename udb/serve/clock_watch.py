"""The thread of each worker that compares this host's clock with the database's, for Prometheus, and notes the time
while the clock can be trusted: so a later jump is noticed also when nothing is reported.
"""

from collections.abc import Callable
from typing import Final

from prometheus_client import Gauge
from sqlalchemy import Engine

from udb.domain.clocks import SILENT_WHILE_SERVED
from udb.serve import jobs
from udb.settings import Settings
from udb.store import clocks
from udb.store.engine import reading, writing

EVERY: Final = 60
"""Seconds between two comparisons."""
SKEW: Final = Gauge(
    "udb_clock_skew_seconds",
    "Seconds by which this host's clock is ahead of the database's; negative: behind. Always 0 on SQLite.",
    multiprocess_mode="mostrecent",
)


def start_watch(settings: Settings, every: float = EVERY) -> Callable[[], None]:
    """Compare the clocks at once and every so many seconds, until the returned function is called."""
    return jobs.start("clock.watch", settings, every, lambda engine: look(engine, settings), at_once=True)


def look(engine: Engine, settings: Settings) -> None:
    """Set the gauge, and note the time. Raises ClockDisagrees when the clock cannot be trusted, DatabaseUnavailable."""
    with reading(engine) as connection:
        SKEW.set(clocks.read(connection).skew.total_seconds())
        found = clocks.require(connection, limit=settings.ur_afvigelse, silence=SILENT_WHILE_SERVED)
        if clocks.is_noted(connection, found):
            return
    with writing(engine) as connection:
        clocks.note(connection, found)
