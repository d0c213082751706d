"""The thread of each worker that ends the subscriptions that have to end. Calls only judge them as ended."""

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
"""Seconds. A birthday is seen in the first minutes of its day."""

_log = structlog.get_logger(__name__)


def start_watch(settings: Settings, every: float = EVERY) -> Callable[[], None]:
    """End subscriptions every so many seconds, until the process ends or the function that this gives is called.
    Workers who do it at the same time do no harm.
    """

    def work(engine: Engine) -> None:
        ended = end_due(engine)
        if ended:
            _log.info("paalaeg.ended", subscriptions=ended)

    return jobs.start("paalaeg.watch", settings, every, work)


def end_due(engine: Engine) -> int:
    """End every subscription that has to end; return how many. Raises DatabaseUnavailable.

    One transaction per person, so that no call waits long. Several workers may run it at the same time.
    """
    with reading(engine) as connection:
        due = due_to_end(connection, state.now(connection).date())
    return sum(_ended(engine, cprnr) for cprnr in due)


def _ended(engine: Engine, cprnr: str) -> bool:
    with writing(engine) as connection:
        person = lock_person(connection, cprnr)
        return person is not None and end_if_due(connection, person, load_codes(connection), state.now(connection))
