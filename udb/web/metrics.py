"""Numbers for Prometheus: how many calls, how they ended, how long they took. Nothing about whom.

The calls are counted from the one line that every call logs, so that log and numbers agree.
"""

import os
import time
from collections.abc import Iterable, MutableMapping
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from udb.domain.services import BASE_PATH, SERVICES
from udb.web.http import Environ, Reply

ANSWERED: Final = "call.answered"
FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""Where the workers put their numbers together; must be set before this module is imported."""
_OTHER: Final = "andet"

CALLS: Final = Counter("udb_calls", "Answered calls.", ("service", "operation", "outcome"))
SECONDS: Final = Histogram("udb_call_seconds", "Time until the answer began, by service.", ("service",))
CERTIFICATE_DAYS: Final = Gauge(
    "udb_certificate_days_left",
    "Days until the first system is left without a certificate that is still valid.",
    multiprocess_mode="mostrecent",
)


def count_calls(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor, after the one that adds what is bound: count the call that this line tells of.

    Outcome: the fault's code, or ``ok``.
    """
    if event.get("event") == ANSWERED:
        labels = (event.get("service") or _OTHER, event.get("operation") or _OTHER, event.get("error_code") or "ok")
        CALLS.labels(*labels).inc()
    return event


def timed(application: WSGIApplication) -> WSGIApplication:
    """The application with the time of every call to a service measured."""

    def measured(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return application(environ, start_response)
        finally:
            service = _service(str(environ.get("PATH_INFO") or ""))
            if service is not None:
                SECONDS.labels(service).observe(time.perf_counter() - began)

    return measured


def _service(path: str) -> str | None:
    if not path.startswith(f"{BASE_PATH}/"):
        return None
    name = path.removeprefix(f"{BASE_PATH}/").partition("/")[0]
    return name if name in SERVICES else _OTHER


def exposed(_environ: Environ) -> Reply:
    """The numbers of all workers, as Prometheus reads them."""
    registry: CollectorRegistry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return Reply(generate_latest(registry), CONTENT_TYPE_LATEST)
