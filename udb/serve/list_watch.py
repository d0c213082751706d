"""Keep the kommuner's lists of youths, one worker at a time: the others find that it was done lately."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from udb.domain.clock import system_time
from udb.hentning.kommune.list_job import refresh_lists
from udb.serve import jobs
from udb.settings import Settings
from udb.store import state
from udb.store.engine import writing

EVERY: Final = 300
"""Seconds between two looks whether the lists are due."""
BEGUN: Final = "ung_liste"
"""The value of ``state``: the system time at which the lists were last begun."""


def refresh_if_due(engine: Engine, minutes: float) -> bool:
    """Work the lists out when they were not begun in the last minutes; return whether it did."""
    now = system_time()
    with writing(engine) as connection:
        begun = state.read(connection, BEGUN)
        if begun is not None and timedelta() <= now - datetime.fromisoformat(begun) < timedelta(minutes=minutes):
            return False
        state.write(connection, BEGUN, now.isoformat())
    refresh_lists(engine)
    return True


def start_watch(settings: Settings) -> Callable[[], None]:
    """Keep the lists until the returned function is called."""
    minutes = settings.liste_minutter
    return jobs.start("list.watch", settings, EVERY, lambda engine: _refresh(engine, minutes), at_once=True)


def _refresh(engine: Engine, minutes: float) -> None:
    refresh_if_due(engine, minutes)
