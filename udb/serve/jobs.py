"""Repeat work in each worker process, in a thread of its own, while it answers calls."""

import random
import threading
from collections.abc import Callable
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.domain.errors import ClockDisagrees, DatabaseUnavailable
from udb.settings import Settings
from udb.store import guard
from udb.store.engine import make_engine

_SPREAD: Final = 0.1
"""Each wait is longer by up to this share, at random, so that workers started together do not keep in step."""

_log = structlog.get_logger(__name__)
_acknowledged: guard.Acknowledged | None = None


def guard_by(acknowledged: guard.Acknowledged) -> None:
    """Let the jobs that are started from now on do nothing on a database that lacks what the host has acknowledged."""
    global _acknowledged  # noqa: PLW0603 - set once, before the workers are forked
    _acknowledged = acknowledged


def start(
    name: str, settings: Settings, seconds: float, work: Callable[[Engine], None], *, at_once: bool = False
) -> Callable[[], None]:
    """Run ``work`` every so many seconds (``at_once``: the first time now), with an engine of its own.

    It is repeated, also after errors, until the process ends or the returned function is called. ``name``: the
    thread's. Errors are logged as ``<name>_waits`` (the database cannot be
    reached, or this host's clock cannot be trusted) and ``<name>_failed`` (all others).
    """
    engine = make_engine(settings.url, ventetid=settings.ventetid)
    guard.keep(engine, _acknowledged, sandbox=settings.sandbox)
    stopped = threading.Event()

    def attempt() -> None:
        try:
            guard.require_now(engine)
            work(engine)
        except (DatabaseUnavailable, ClockDisagrees) as error:
            _log.warning(f"{name}_waits", reason=str(error))
        except Exception:  # noqa: BLE001 - it must not end the thread; the next run tries again
            _log.exception(f"{name}_failed")

    def run() -> None:
        if at_once:
            attempt()
        while not stopped.wait(seconds * random.uniform(1, 1 + _SPREAD)):  # noqa: S311 - spreads work over time; nothing here is secret
            attempt()

    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()
        engine.dispose()

    return stop
