"""The page of metrics for Prometheus."""

import os
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from udb.web.http import Environ, Reply

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""prometheus-client's environment variable for the folder in which the workers share their metrics."""


def exposed(_environ: Environ) -> Reply:
    """Return the metrics of all workers in the text format of Prometheus."""
    registry: CollectorRegistry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return Reply(generate_latest(registry), CONTENT_TYPE_LATEST)
