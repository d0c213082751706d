"""The service and a slow model of the access policy agree, in all modes, on histories drawn from seeds.

``ADGANG=100000`` asks for at least so many comparisons of one youth, history, caller, day and mode each.
"""

import os
import sys
from collections.abc import Iterator
from itertools import count

import pytest
from sqlalchemy import Engine, event

from tests.access.draw import Play
from tests.access.fetching import FetchStage

ASKED = os.environ.get("ADGANG")
PARTS = 2
"""Each part plays other seeds."""


@pytest.fixture
def stage(engine: Engine) -> FetchStage:
    if engine.dialect.name == "sqlite":
        # These databases need not survive a power cut.
        event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        engine.dispose()
    return FetchStage(engine)


def wanted(engine: Engine) -> int:
    if ASKED is not None:
        return int(ASKED)
    return 2400 if engine.dialect.name == "sqlite" else 200


def seeds(part: int) -> Iterator[int]:
    return count(part, PARTS)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_service_agrees_with_the_model(stage: FetchStage, part: int, capsys: pytest.CaptureFixture[str]) -> None:
    seed = part
    for seed in seeds(part):
        Play(stage, seed).run()
        if stage.cases >= wanted(stage.engine) / PARTS:
            break
    if ASKED is not None:
        compared = f"{stage.cases} comparisons, {stage.with_events} of them with events"
        with capsys.disabled():
            sys.stdout.write(f"\n{stage.engine.dialect.name}: {compared} (seeds {part} to {seed} by {PARTS})\n")
