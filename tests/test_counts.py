"""What a report costs, counted without a clock: Python function calls, statements and messages to the database.

A call is answered once by PostgreSQL and then again from what PostgreSQL answered (``benchmarks.replay``), so the
counts are the same on every machine. A change that adds calls to every report fails here.
"""

import logging
from collections.abc import Iterator
from typing import Final

import pytest
import structlog

from benchmarks.replay import Replay, opened_connections
from benchmarks.tasks import REPORT, Call
from tests.support.endpoint import basic, written
from tests.support.reports import REPORTS, UNGDOM
from tests.support.world import World
from udb.context import Context
from udb.domain.services import FORBEREDENDE_AKTIVITET, SERVICES, UNGDOMSUDDANNELSE
from udb.serve import technical_log
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.use_cases import application

FIRST: Final = 710307_5100
FUNCTION_CALLS: Final = 763
"""How many Python functions a report that is taken enters, of a youth with one event."""
MARGIN: Final = 0.03
"""By how much the function calls may differ: a little with the versions of the libraries."""


@pytest.fixture
def logged() -> Iterator[None]:
    """The log as a worker sets it up."""
    root = logging.getLogger()
    before = root.handlers, root.level
    technical_log.configure()
    # A logger that keeps this would be left for other tests.
    structlog.configure(cache_logger_on_first_use=False)
    yield
    root.handlers, root.level = before
    structlog.reset_defaults()


@pytest.mark.usefixtures("logged")
def test_a_report_enters_few_functions_and_sends_few_messages(world: World, database_url: str) -> None:
    if world.engine.dialect.name == "sqlite":
        pytest.skip("has no messages to be replayed")
    with opened_connections() as opened:
        engine = make_engine(database_url)
        replay = Replay(application(Context(engine, Settings(sandbox=True)), {}), opened)
        for number in range(2):
            cprnr = f"{FIRST + number}"
            world.person(cprnr)
            earlier = {**REPORTS[FORBEREDENDE_AKTIVITET], "HaendelseDato": "2026-08-01T00:00:00+02:00"}
            REPORT.check(replay.answer(_call(FORBEREDENDE_AKTIVITET, {**earlier, "CPRNr": cprnr})))
            report = _call(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": cprnr})
            # The first call imports, compiles and prepares.
            REPORT.check(replay.record(report) if number else replay.answer(report))
        replay.again()
        counted = replay.function_calls()
        engine.dispose()
    # Who calls; admission; lock; history; then number, what changes of the earlier event, rows and COMMIT together.
    # BEGIN is a message too.
    assert replay.counted == {"statements": 8, "round trips": 6}
    assert counted == pytest.approx(FUNCTION_CALLS, rel=MARGIN)


def _call(service: str, payload: dict[str, object]) -> Call:
    body = written(service, service, payload, f"key {payload['CPRNr']} {service}")
    return Call(SERVICES[service].path, body, {"Authorization": basic()})
