"""The thread of each worker that seals the read log; of all workers of all hosts one at a time does it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.readlog.sealing import seal
from udb.serve import jobs
from udb.settings import Settings

NAME: Final = "log.sealing"
"""The thread's."""

_log = structlog.get_logger(__name__)


def start_sealer(settings: Settings) -> Callable[[], None]:
    """Seal every so many seconds (UDB_LAESELOG_FORSEGLING), until the process ends or the function that this gives is
    called.
    """
    every = settings.laeselog_forsegling

    def work(engine: Engine) -> None:
        made = seal(engine, unless_within=timedelta(seconds=every))
        if made:
            _log.info("log.sealed", blocks=made)

    return jobs.start(NAME, settings, every, work)
