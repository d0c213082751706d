"""The thread of each worker that anchors the read log outside. It is beside the sealing, which never waits for it."""

from collections.abc import Callable
from typing import Final

import structlog
from prometheus_client import Gauge
from sqlalchemy import Engine

from udb.domain.errors import AnchorDiffers, AnchorUnavailable
from udb.readlog.anchor import anchor, place_of
from udb.serve import jobs
from udb.settings import Settings

NAME: Final = "log.anchor"
"""The name of the thread."""
FAILING: Final = Gauge(
    "udb_read_log_anchor_failing",
    "1 while the hashes of the read log do not reach their anchor, or are not those anchored before.",
    multiprocess_mode="mostrecent",
)

_log = structlog.get_logger(__name__)


def start_anchoring(settings: Settings) -> Callable[[], None]:
    """Anchor new blocks as often as rows are sealed, until the process ends or the returned function is called.

    Does nothing without UDB_LAESELOG_ANKER. Raises FileUnusable: UDB_LAESELOG_ANKER_CA.
    """
    place = place_of(settings)
    if place is None:
        return lambda: None

    def work(engine: Engine) -> None:
        try:
            made = anchor(engine, place)
        except AnchorUnavailable as error:
            FAILING.set(1)
            _log.warning(f"{NAME}_waits", reason=str(error))
        except AnchorDiffers as error:
            FAILING.set(1)
            _log.error(f"{NAME}_differs", reason=str(error))
        else:
            FAILING.set(0)
            if made:
                _log.info("log.anchored", blocks=made)

    return jobs.start(NAME, settings, settings.laeselog_forsegling, work)
