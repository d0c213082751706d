"""The plant of reports that were accepted once and that the rules refuse now, and the rule check that finds them.

They are older than the demand for a cause, and than causes of admission tests of their own (docs/spec/quality.md).
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine

from udb.domain.haendelse import AFBRUDT
from udb.recheck.recheck import Summary, count, recheck
from udb.sandbox import clock
from udb.sandbox.past import schools
from udb.sandbox.past.plants import STX, Plants
from udb.statistics.quality import kept
from udb.statistics.quality.coming_rules import KEPT_AS, Collector, next_day
from udb.store import state
from udb.store.engine import reading, writing

STEP: Final = "judging again"
FOUND: Final = {"4003": 4, "4006": 2}
"""How many reports the check finds, by code: afbrud without a cause, and with that of an admission test."""
TEST_CAUSE: Final = "71"
BEGAN: Final = 900
"""Days before today on which the first of the youths began."""
STAYED: Final = 120
_COPY: Final = "sandbox_regelkontrol"
"""The value of ``state`` from which a reset restores the check: judging all again takes seconds."""


def plant(plants: Plants) -> None:
    """Add the youths who began and left, each with a report that the rules refuse now."""
    causes: list[dict[str, Any]] = [{} for _ in range(FOUND["4003"])]
    causes += [{"afbrudsarsags_kode": TEST_CAUSE} for _ in range(FOUND["4006"])]
    for index, cause in enumerate(causes):
        began = plants.today - timedelta(days=BEGAN - 20 * index)
        youth = plants.youth(17, began)
        course = plants.course(STX, schools.OUTDATED, began)
        plants.report(youth, course, began)
        plants.report(youth, course, began + timedelta(days=STAYED), AFBRUDT, **cause)


def keep_check(engine: Engine, progress: Callable[[str, int, int], None]) -> None:
    """Judge all reports by the rules to come, and keep what they would refuse; the world must be stored by then."""
    with reading(engine) as connection:
        now = clock.now(connection)
    day, summary, collector, all_, judged = next_day(now.date()), Summary(), Collector(engine), count(engine), 0

    def done(more: int) -> None:
        nonlocal judged
        judged += more
        progress(STEP, judged, all_)

    for change in recheck(engine, day, summary, invented_cpr_allowed=True, done=done):
        collector.add(change)
    collector.keep(summary, day, now)
    with writing(engine) as connection:
        made = kept.raw(connection, KEPT_AS)
        assert made is not None, "it was kept above"
        state.write(connection, _COPY, {"indhold": made.content, "beregnet": made.beregnet.isoformat()})


def restore_check(connection: Connection) -> None:
    """Keep the check of the seed again, if it made one."""
    copy = state.read(connection, _COPY)
    if copy is not None:
        kept.keep(connection, KEPT_AS, copy["indhold"], datetime.fromisoformat(copy["beregnet"]))


def forget_check(connection: Connection) -> None:
    """Forget the check of a former seed."""
    state.write(connection, _COPY, None)
