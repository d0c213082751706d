"""``make bench WHAT=leak``: check refusals for timing leaks.

Every pair of calls of tests/support/pairs.py is made a thousand times, one right after the other, in random order, and
the same call against itself for comparison. Exits with 1 when the typical time of a pair differs by more than one
percent and more than chance explains: the median of the differences, with a 99.9 % bootstrap interval.
"""

import argparse
import gc
import logging
import os
import platform
import random
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from typing import Final

import structlog
import typer

from benchmarks.postgres import postgres
from tests.support.endpoint import Answer, Endpoint
from tests.support.pairs import CALLERS, LOOK_UPS, THEIR_LOOK_UPS, Asked, build, cancelled, report_elsewhere
from tests.support.world import World
from udb.context import Context
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.use_cases import application

RESAMPLES: Final = 2000
TAIL: Final = 0.0005
NOTICEABLE: Final = 0.01
_CHANCE = random.Random(1)  # noqa: S311 - no secret


def measure(
    asking: Callable[[bytes], Answer], pair: tuple[Asked, Asked], pairs: int
) -> tuple[list[float], list[float]]:
    """Return the seconds of each call of the one, and of the other."""
    bodies = [asked.body() for asked in pair]
    assert len({len(asking(body).body) for body in bodies}) == 1, "they are told apart by the answer"
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(pairs):
        for which in _CHANCE.sample((0, 1), 2):
            began = time.perf_counter()
            asking(bodies[which])
            times[which].append(time.perf_counter() - began)
    return times


def interval(differences: list[float]) -> tuple[float, float]:
    """Return the 99.9 % bootstrap interval of the median of the differences."""
    medians = sorted(median(_CHANCE.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    return medians[int(TAIL * RESAMPLES)], medians[-1 - int(TAIL * RESAMPLES)]


def main() -> int:
    """Measure and print; return 1 when the time of a refusal reveals something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1000)
    pairs = parser.parse_args().pairs
    told = 0
    # The service logs into a pipe; this process shares the terminal with the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with postgres() as server:
        engine = make_engine(server.url)
        world = World(engine)
        world.build()
        build(world)
        app = application(Context(engine, Settings(sandbox=True)), {})
        same = (LOOK_UPS[0][0], LOOK_UPS[0][0])
        report_elsewhere(world, Endpoint(app))
        cancellations = cancelled(world, Endpoint(app))
        measure(partial(LOOK_UPS[0][0].ask, app), same, 100)
        gc.collect()
        gc.freeze()
        typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
        theirs_too = [(first, second) for _, first, second in THEIR_LOOK_UPS]
        for first, second in (same, *LOOK_UPS, *theirs_too, cancellations, *CALLERS):
            ours, theirs = measure(partial(first.ask, app), (first, second), pairs)
            typical = median(ours)
            differences = [b - a for a, b in zip(ours, theirs, strict=True)]
            low, high = interval(differences)
            tells = (low > 0 or high < 0) and abs(median(differences)) > NOTICEABLE * typical
            told += tells
            names = f"{first.operation} {first.institution}/{first.cprnr} and {second.institution}/{second.cprnr}"
            typer.echo(
                f"{names}: {typical * 1e3:.2f} ms, difference {median(differences) * 1e6:+.0f} µs,"
                f" between {low * 1e6:+.0f} and {high * 1e6:+.0f} µs{'  TELLS' if tells else ''}"
            )
        engine.dispose()
    typer.echo(f"pairs of calls that can be told apart by time: {told}")
    return bool(told)
