"""The set-based run of eIndkomst has the result of a plain calculation of one youth at a time, in exact fractions."""

import sys
import time
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tests.beskaeftigelse import draw
from tests.beskaeftigelse.months import MonthStage
from tests.support import database
from tests.support.kommuner import assert_in_step
from tests.support.size import size
from udb.store.engine import make_engine

pytestmark = pytest.mark.large

YOUTHS = {"sqlite": size(small=1000, large=20_000), "postgresql": size(small=250, large=20_000)}
IN_AN_EXAMPLE = 100

draws = st.integers(1, 2**64 - 1)


@pytest.fixture
def stage(databases: database.Source) -> Iterator[MonthStage]:
    with databases.migrated() as url:
        engine = make_engine(url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda opened, _: opened.execute("PRAGMA synchronous=OFF"))
        yield MonthStage(engine)
        engine.dispose()


def test_the_run_does_what_the_plain_calculation_says(stage, capfd):
    """F123-F130, F132-F136, F176, F177: months, corrections, late and repeated deliveries, moves, schools."""
    wanted = YOUTHS[stage.engine.dialect.name] // IN_AN_EXAMPLE
    began, youths, events = time.monotonic(), 0, 0

    @settings(
        max_examples=wanted,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(draws, min_size=IN_AN_EXAMPLE, max_size=IN_AN_EXAMPLE + 40), st.lists(draws, min_size=4, max_size=9)
    )
    def examples(seeds, steps):
        nonlocal youths, events
        stage.begin(draw.youth(Random(seed), serial) for serial, seed in enumerate(seeds))
        for seed in steps:
            stage.step(Random(seed))
        assert_in_step(stage.engine)
        note(f"{sorted(stage.plain.delivered)}")
        stage.compare()
        youths += len(seeds)
        events += sum(map(len, (*stage.plain.statuses.values(), *stage.plain.benefits.values())))

    examples()
    with capfd.disabled():
        name, seconds = stage.engine.dialect.name, time.monotonic() - began
        sys.stderr.write(f"\n{name}: {youths} youths, {events} events, {seconds:.0f} s\n")
    assert youths >= wanted * IN_AN_EXAMPLE
    assert events > youths // 10
