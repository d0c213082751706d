"""Count the senders by verdict, hourly, as a gauge for Prometheus: the scrape itself computes nothing."""

from collections.abc import Callable
from typing import Final

from prometheus_client import Gauge
from sqlalchemy import Connection, Engine

from udb.serve import jobs
from udb.settings import Settings
from udb.statistics.senders import by_verdict
from udb.store import state
from udb.store.engine import reading

EVERY: Final = 3600
"""Seconds between two counts."""

SENDERS: Final = Gauge(
    "udb_afsendere",
    "Pairs of institution and service by verdict (udb senders).",
    ["verdict"],
    multiprocess_mode="mostrecent",
)


def measure(connection: Connection) -> None:
    """Set the gauge for each verdict."""
    for verdict, count in by_verdict(connection, state.now(connection).date()).items():
        SENDERS.labels(verdict.value).set(count)


def start_watch(settings: Settings) -> Callable[[], None]:
    """Count at once and every hour, until the returned function is called."""

    def work(engine: Engine) -> None:
        with reading(engine) as connection:
            measure(connection)

    return jobs.start("sender.watch", settings, EVERY, work, at_once=True)
