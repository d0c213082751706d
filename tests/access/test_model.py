"""The service and a slow model of the access policy agree, in all modes, on histories drawn from seeds.

A comparison is one youth, history, caller, day and mode.
"""

import sys
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, event

from tests.access.draw import Play
from tests.access.fetching import FetchStage
from tests.support.size import LARGE, size

pytestmark = pytest.mark.large

COMPARISONS = {"sqlite": size(small=2400, large=100_000), "postgresql": size(small=200, large=10_000)}
PARTS = 2
"""Each part plays other seeds."""


@pytest.fixture
def stage(engine: Engine) -> FetchStage:
    if engine.dialect.name == "sqlite":
        # These databases need not survive a power cut.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()
    return FetchStage(engine)


def seeds(part: int) -> Iterator[int]:
    return count(part, PARTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_service_agrees_with_the_model(stage: FetchStage, part: int, capsys: pytest.CaptureFixture[str]) -> None:
    seed = part
    for seed in seeds(part):
        Play(stage, seed).run()
        if stage.cases >= COMPARISONS[stage.engine.dialect.name] / PARTS:
            break
    if LARGE:
        compared = f"{stage.cases} comparisons, {stage.with_events} of them with events"
        with capsys.disabled():
            sys.stdout.write(f"\n{stage.engine.dialect.name}: {compared} (seeds {part} to {seed} by {PARTS})\n")
