"""Metrics of the calls for Prometheus: their number, outcome and duration. They hold nothing about persons."""

import time
from collections.abc import Iterable
from functools import cache
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication

from prometheus_client import Counter, Histogram

from udb.domain.services import BASE_PATH, SERVICES

_OTHER: Final = "andet"

CALLS: Final = Counter("udb_calls", "Answered calls.", ("service", "operation", "outcome"))
RECEIPTS: Final = Counter("udb_receipts", "Receipts of reports.", ("system", "outcome"))
CODES: Final = Counter("udb_receipt_codes", "Receipts with a code that is about the CPR number.", ("system", "code"))
SECONDS: Final = Histogram("udb_call_seconds", "Time until the answer began, by service.", ("service",))


_calls: Final = cache(CALLS.labels)
_receipts: Final = cache(RECEIPTS.labels)
_seconds: Final = cache(SECONDS.labels)
"""The metrics of some labels; prometheus-client looks each up under a lock. There are few: systems are registered."""


def count(service: str | None, operation: str | None, error_code: str | None) -> None:
    """Count an answered call. ``error_code``: the fault's; None: the call was carried out."""
    _calls(service or _OTHER, operation or _OTHER, error_code or "ok").inc()


def count_receipt(system_id: str, outcome: str, codes: Iterable[str]) -> None:
    """Count a receipt. ``outcome``: accepted, refused, repeated or tried; ``codes``: those to be counted."""
    _receipts(system_id, outcome).inc()
    for code in codes:
        CODES.labels(system_id, code).inc()


def timed(application: WSGIApplication) -> WSGIApplication:
    """Wrap the application so that it measures the time of every call to a service, until the answer begins."""

    def measured(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return application(environ, start_response)
        finally:
            service = _service(str(environ.get("PATH_INFO") or ""))
            if service is not None:
                _seconds(service).observe(time.perf_counter() - began)

    return measured


def _service(path: str) -> str | None:
    if not path.startswith(f"{BASE_PATH}/"):
        return None
    name = path.removeprefix(f"{BASE_PATH}/").partition("/")[0]
    return name if name in SERVICES else _OTHER
