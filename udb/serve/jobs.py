"""Work that each worker does again and again beside its calls, in a thread of its own."""

import random
import threading
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.domain.errors import DatabaseUnavailable
from udb.settings import Settings
from udb.store.engine import make_engine

_SPREAD: Final = 0.1
"""Workers started together do not all begin at the same moment."""

_log = structlog.get_logger(__name__)


def start(
    name: str, settings: Settings, seconds: float, work: Callable[[Engine], None], *, at_once: bool = False
) -> Callable[[], None]:
    """Do ``work`` every so many seconds (``at_once``: now too), whatever goes wrong, until the process ends or the
    function that this gives is called. It has connections of its own.

    ``name``: the thread's; what goes wrong is logged as ``<name>_waits`` (the database) and ``<name>_failed``.
    """
    engine = make_engine(settings.url, ventetid=settings.ventetid)
    stopped = threading.Event()

    def attempt() -> None:
        try:
            work(engine)
        except DatabaseUnavailable as error:
            _log.warning(f"{name}_waits", reason=str(error))
        except Exception:  # noqa: BLE001 - the calls go on, and the next time is another try
            _log.exception(f"{name}_failed")

    def run() -> None:
        if at_once:
            attempt()
        while not stopped.wait(seconds * random.uniform(1, 1 + _SPREAD)):  # noqa: S311 - spreads work, keeps no secret
            attempt()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()
        engine.dispose()

    return stop
