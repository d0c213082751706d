"""The thread of each worker that ends the subscriptions that are due to end. Calls treat them as ended, but do not
write it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.domain.clocks import SILENT_WHILE_SERVED
from udb.paalaeg.ending import end_if_due
from udb.serve import jobs
from udb.settings import Settings
from udb.store import clocks, state
from udb.store.abonnement import due_to_end
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.persons import lock_person

EVERY: Final = 60
"""Seconds between two runs; a birthday takes effect in the first minutes of its day."""

_log = structlog.get_logger(__name__)


def start_watch(settings: Settings, every: float = EVERY) -> Callable[[], None]:
    """End due subscriptions every so many seconds, until the process ends or the returned function is called."""

    def work(engine: Engine) -> None:
        ended = end_due(engine, settings.ur_afvigelse)
        if ended:
            _log.info("paalaeg.ended", subscriptions=ended)

    return jobs.start("paalaeg.watch", settings, every, work)


def end_due(engine: Engine, limit: timedelta = clocks.LIMIT) -> int:
    """End every subscription that is due to end and return how many. Raises DatabaseUnavailable, ClockDisagrees.

    ``limit``: the most by which this host's clock may be wrong (``udb.domain.clocks``), judged before each end. One
    transaction per person, so that no call waits long. Several workers may run it at the same time.
    """
    with reading(engine) as connection:
        clocks.require(connection, limit=limit, silence=SILENT_WHILE_SERVED)
        due = due_to_end(connection, state.now(connection).date())
    return sum(_ended(engine, cprnr, limit) for cprnr in due)


def _ended(engine: Engine, cprnr: str, limit: timedelta) -> bool:
    with writing(engine) as connection:
        clocks.require(connection, limit=limit, silence=SILENT_WHILE_SERVED)
        person = lock_person(connection, cprnr)
        return person is not None and end_if_due(connection, person, load_codes(connection), state.now(connection))
