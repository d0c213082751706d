"""Keep the figures of the data-quality pages, one worker at a time: the others find that it was done lately."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Engine

from udb.domain.clock import system_time
from udb.serve import jobs
from udb.settings import Settings
from udb.statistics.quality.kept import PREFIX
from udb.statistics.quality.refresh import refresh_quality
from udb.store import state
from udb.store.engine import writing

EVERY: Final = 300
"""Seconds between two looks whether the figures are due."""
BEGUN: Final = f"{PREFIX}begyndt"
"""The value of ``state``: when the figures were last begun, by system time, and the domain's day."""


def refresh_if_due(engine: Engine, minutes: float) -> bool:
    """Work the figures out when they were not begun in the last minutes of the same day; return whether it did."""
    now = system_time()
    with writing(engine) as connection:
        day = state.now(connection).date().isoformat()
        begun = state.read(connection, BEGUN)
        if begun is not None and begun["dag"] == day:
            since = now - datetime.fromisoformat(begun["tid"])
            if timedelta() <= since < timedelta(minutes=minutes):
                return False
        state.write(connection, BEGUN, {"tid": now.isoformat(), "dag": day})
    refresh_quality(engine)
    return True


def start_watch(settings: Settings) -> Callable[[], None]:
    """Keep the figures until the returned function is called."""
    minutes = settings.liste_minutter
    return jobs.start("quality.watch", settings, EVERY, lambda engine: _refresh(engine, minutes), at_once=True)


def _refresh(engine: Engine, minutes: float) -> None:
    refresh_if_due(engine, minutes)
