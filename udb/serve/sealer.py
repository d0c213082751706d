"""The thread of each worker that seals the read log. Of all workers of all hosts, only one does so at a time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog
from sqlalchemy import Engine

from udb.readlog.sealing import seal, waits_since
from udb.readlog.verdict import waits
from udb.serve import jobs
from udb.settings import Settings
from udb.store.clocks import require_in

NAME: Final = "log.sealing"
"""The name of the thread."""

_log = structlog.get_logger(__name__)


def start_sealer(settings: Settings) -> Callable[[], None]:
    """Seal every UDB_LAESELOG_FORSEGLING seconds, until the process ends or the returned function is called."""
    every = settings.laeselog_forsegling
    too_long = waits(every)

    def work(engine: Engine) -> None:
        # A block that is dated ahead would stop the sealing until then.
        require_in(engine, settings.ur_afvigelse)
        made = seal(engine, unless_within=timedelta(seconds=every))
        if made:
            _log.info("log.sealed", blocks=made)
        elif since := waits_since(engine, too_long):
            _log.warning(f"{NAME}_waits", reason=f"Rows wait since {since.isoformat()}.")

    return jobs.start(NAME, settings, every, work)
