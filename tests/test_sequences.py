"""Random sequences of reports and register changes: the service answers and stores the same as the slow model."""

import sys
import time
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tests.sequences.aftermath import compare
from tests.sequences.draw import step
from tests.sequences.play import Play
from tests.sequences.reporting import ReportStage
from tests.support import database
from tests.support.size import size
from udb.store.engine import make_engine

pytestmark = pytest.mark.large

SEQUENCES = {"sqlite": size(small=200, large=10_000), "postgresql": size(small=20, large=1000)}
PARTS = 4
"""Each a test of its own, so that processes can share them."""

draws = st.integers(0, 2**64 - 1)


@pytest.fixture
def stage(databases: database.Source) -> Iterator[ReportStage]:
    with databases.migrated() as url:
        engine = make_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _without_waiting_for_the_disk)
        yield ReportStage(engine)
        engine.dispose()


def _without_waiting_for_the_disk(connection, _record):
    connection.execute("PRAGMA synchronous=OFF")


@pytest.mark.parametrize("part", range(PARTS))
def test_the_service_does_what_the_model_says(part, stage, capfd):
    wanted = SEQUENCES[stage.engine.dialect.name] // PARTS
    began, run, reports = time.monotonic(), 0, 0

    # One number a step, 0 for nothing: a failing sequence shrinks to the steps that matter.
    @settings(
        max_examples=wanted,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(draws, st.lists(draws, min_size=8, max_size=16))
    def sequences(beginning, steps):
        nonlocal run, reports
        play = Play(stage, Random(beginning))
        try:
            for draw in filter(None, steps):
                step(play, Random(draw))
            compare(stage)
        finally:
            note(stage.story())
        run += 1
        reports += len(stage.sent)

    sequences()
    with capfd.disabled():
        name, seconds = stage.engine.dialect.name, time.monotonic() - began
        sys.stderr.write(f"\n{name} {part}: {run} sequences, {reports} reports, {seconds:.0f} s\n")
    assert run >= wanted
