"""Warn of certificates that end soon: in the log at the start and once a day; and a gauge for Prometheus."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from prometheus_client import Gauge
from sqlalchemy import Connection, Engine

from udb.callers import certificates
from udb.domain.clock import system_time
from udb.serve import jobs
from udb.settings import Settings
from udb.store.engine import reading

_LOOK: Final = timedelta(hours=1)
_EVER: Final = timedelta(days=365 * 100)

CERTIFICATE_DAYS: Final = Gauge(
    "udb_certificate_days_left",
    "Days until the first system is left without a certificate that is still valid.",
    multiprocess_mode="mostrecent",
)

_log = structlog.get_logger(__name__)


def warn(connection: Connection, days: int) -> None:
    """Log a warning for every system whose last certificate ends within ``days``, or has ended."""
    now = system_time()
    for found in certificates.ending(connection, now, timedelta(days=days)):
        _log.warning(
            "certificate.ends",
            system_id=found.system_id,
            certificate=found.fingerprint,
            valid_to=found.valid_to.isoformat(),
            days=found.days_left(now),
        )


def measure(connection: Connection) -> None:
    """Set the gauge to the days until the first system has no valid certificate; no change if none is registered."""
    now = system_time()
    left = [found.days_left(now) for found in certificates.ending(connection, now, _EVER)]
    if left:
        CERTIFICATE_DAYS.set(min(left))


def start_watch(settings: Settings) -> Callable[[], None]:
    """Set the gauge at once and every hour, and warn once a day, until the returned function is called."""
    # Not today: the main process has warned before it started the workers.
    warned = [system_time().date()]

    def work(engine: Engine) -> None:
        with reading(engine) as connection:
            measure(connection)
            if warned != (today := [system_time().date()]):
                warned[:] = today
                warn(connection, settings.certifikat_varsel)

    return jobs.start("certificate.watch", settings, _LOOK.total_seconds(), work, at_once=True)
