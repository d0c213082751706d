"""The thread of each worker that seals the read log; of all workers of all hosts one at a time does it."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from udb.errors import DatabaseUnavailable
from udb.log.sealing import seal
from udb.settings import Settings
from udb.store.engine import make_engine

_SPREAD: Final = 0.1
"""Workers started together do not all look at the same moment."""

_log = structlog.get_logger(__name__)


def start_sealer(settings: Settings) -> Callable[[], None]:
    """Seal every so many seconds (UDB_LAESELOG_FORSEGLING), whatever goes wrong, until the process ends or the function
    that this gives is called.
    """
    stopped = threading.Event()
    thread = threading.Thread(target=_run, args=(settings, stopped), name="forsegling", daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop


def _run(settings: Settings, stopped: threading.Event) -> None:
    engine = make_engine(settings.url, ventetid=settings.ventetid)
    every = settings.laeselog_forsegling
    while not stopped.wait(every * random.uniform(1, 1 + _SPREAD)):  # noqa: S311 - spreads work, keeps no secret
        try:
            made = seal(engine, unless_within=timedelta(seconds=every))
        except DatabaseUnavailable as error:
            _log.warning("log.sealing_waits", reason=str(error))
        except Exception:  # noqa: BLE001 - the calls go on, and the next minute is another try
            _log.exception("log.sealing_failed")
        else:
            if made:
                _log.info("log.sealed", blocks=made)
    engine.dispose()
