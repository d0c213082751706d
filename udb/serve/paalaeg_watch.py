"""The thread of each worker that ends the subscriptions that are due to end. Calls treat them as ended, but do not
write it.
"""

from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.paalaeg.ending import end_if_due
from udb.serve import jobs
from udb.settings import Settings
from udb.store import state
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
        ended = end_due(engine)
        if ended:
            _log.info("paalaeg.ended", subscriptions=ended)

    return jobs.start("paalaeg.watch", settings, every, work)


def end_due(engine: Engine) -> int:
    """End every subscription that is due to end and return how many. Raises DatabaseUnavailable.

    One transaction per person, so that no call waits long. Several workers may run it at the same time.
    """
    with reading(engine) as connection:
        due = due_to_end(connection, state.now(connection).date())
    return sum(_ended(engine, cprnr) for cprnr in due)


def _ended(engine: Engine, cprnr: str) -> bool:
    with writing(engine) as connection:
        person = lock_person(connection, cprnr)
        return person is not None and end_if_due(connection, person, load_codes(connection), state.now(connection))
