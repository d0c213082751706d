"""The thread of each worker that seals the read log; of all workers of all hosts one at a time does it."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from udb import recurring
from udb.errors import DatabaseUnavailable
from udb.log.sealing import seal
from udb.settings import Settings
from udb.store.engine import make_engine

_log = structlog.get_logger(__name__)


def start_sealer(settings: Settings) -> Callable[[], None]:
    """Seal every so many seconds (UDB_LAESELOG_FORSEGLING), whatever goes wrong, until the process ends or the function
    that this gives is called.
    """
    engine = make_engine(settings.url, ventetid=settings.ventetid)
    every = settings.laeselog_forsegling

    def work() -> None:
        try:
            made = seal(engine, unless_within=timedelta(seconds=every))
        except DatabaseUnavailable as error:
            _log.warning("log.sealing_waits", reason=str(error))
        except Exception:  # noqa: BLE001 - the calls go on, and the next minute is another try
            _log.exception("log.sealing_failed")
        else:
            if made:
                _log.info("log.sealed", blocks=made)

    halt = recurring.start("forsegling", every, work)

    def stop() -> None:
        halt()
        engine.dispose()

    return stop
