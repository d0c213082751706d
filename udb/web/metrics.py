"""The page of all numbers for Prometheus."""

import os
from typing import Final

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from udb.web.http import Environ, Reply

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The setting of prometheus-client that names the folder where the workers put their numbers together."""


def exposed(_environ: Environ) -> Reply:
    """Return the numbers of all workers, as Prometheus reads them."""
    registry: CollectorRegistry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library has no types
    return Reply(generate_latest(registry), CONTENT_TYPE_LATEST)
