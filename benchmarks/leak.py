"""``make bench WHAT=leak``: check refusals for timing leaks.

Every pair of calls of tests/support/pairs.py has one answer, and is made many times. A round makes each pair once, in
random order and one call right after the other, so that a machine that grows slower harms all pairs alike. Controls
are pairs of one call with itself: what differs there is the machine's doing. Exits with 1 when a pair is told apart:
the median of its differences is above one percent of its time, above every control's, and not zero within a 99.9 %
bootstrap interval, and all of that again, in the same direction, when it is measured a second time with the controls.
"""

import argparse
import gc
import logging
import os
import platform
import random
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final
from wsgiref.types import WSGIApplication

import structlog
import typer

from benchmarks.postgres import postgres
from tests.support.endpoint import Answer, Endpoint
from tests.support.pairs import (
    CALLERS,
    LOOK_UPS,
    REPORTED,
    STOPPED,
    THEIR_LOOK_UPS,
    Asked,
    Sent,
    build,
    cancelled,
    report_elsewhere,
    report_much,
)
from tests.support.world import SYSTEM, World
from udb.callers.rate import DAY, Gate
from udb.context import Context
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.use_cases import application

RESAMPLES: Final = 2000
TAIL: Final = 0.0005
NOTICEABLE: Final = 0.01
PROBES: Final = 15
"""How many calls of each kind a caller compares who guesses which is which."""
WARM: Final = 5
_CHANCE = random.Random(1)  # noqa: S311 - no secret


@dataclass
class Pair:
    """Two calls with one answer, and the seconds that each took. ``control``: they are the same call."""

    name: str
    calls: tuple[Callable[[], Answer], Callable[[], Answer]]
    control: bool = False
    seconds: tuple[list[float], list[float]] = field(default_factory=lambda: ([], []))

    @property
    def differences(self) -> list[float]:
        """The second call's time less the first's, round by round."""
        return [second - first for first, second in zip(*self.seconds, strict=True)]

    @property
    def guessed(self) -> float:
        """The share of groups of PROBES calls in which the second call's median is above the first's; 0.5: chance."""
        first, second = self.seconds
        groups = range(0, len(first) - PROBES + 1, PROBES)
        above = [median(second[at : at + PROBES]) > median(first[at : at + PROBES]) for at in groups]
        return sum(above) / len(above) if above else 0.5

    def ask(self) -> None:
        """Make both calls, in random order."""
        for which in _CHANCE.sample((0, 1), 2):
            began = time.perf_counter()
            self.calls[which]()
            self.seconds[which].append(time.perf_counter() - began)

    def forget(self) -> None:
        """Drop what was measured."""
        for seconds in self.seconds:
            seconds.clear()


def pairs_of(app: WSGIApplication, pairs: Iterable[tuple[Any, Any]], *, control: bool = False) -> list[Pair]:
    """Return the pairs, with their requests made. Raises AssertionError when two answers have different lengths."""
    made = []
    for pair in pairs:
        calls = [_call(asked, app) for asked in pair]
        assert len({len(call().body) for call in calls}) == 1, f"they are told apart by the answer: {pair}"
        first, second = (_name(asked) for asked in pair)
        made.append(Pair(f"{first} | {'itself' if control else second}", (calls[0], calls[1]), control))
    return made


def _call(asked: Asked | Sent, app: WSGIApplication) -> Callable[[], Answer]:
    body = asked.body()
    return lambda: asked.ask(app, body)


def _name(asked: Asked | Sent) -> str:
    if isinstance(asked, Asked):
        return f"{asked.operation} {asked.institution}/{asked.cprnr}"
    return f"{'trial of ' if asked.trial else ''}{asked.message} {asked.institution}/{asked.cprnr}"


def interval(differences: list[float]) -> tuple[float, float]:
    """Return the 99.9 % bootstrap interval of the median of the differences."""
    medians = sorted(median(_CHANCE.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    return medians[int(TAIL * RESAMPLES)], medians[-1 - int(TAIL * RESAMPLES)]


def main() -> int:
    """Measure and print; return 1 when the time of a refusal reveals something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1000, help="how often each pair is asked")
    rounds = parser.parse_args().pairs
    # The service logs into a pipe; this process shares the terminal with the figures.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with postgres() as server, closing(Gate(1, window=DAY)) as gate:
        engine = make_engine(server.url)
        world = World(engine)
        world.build()
        build(world)
        app = application(Context(engine, Settings(sandbox=True)), {})
        stopped = application(Context(engine, Settings(sandbox=True), refused=gate), {})
        gate.note(SYSTEM)
        report_elsewhere(world, Endpoint(app))
        report_much(world, Endpoint(app))
        alone = [LOOK_UPS[0][0], THEIR_LOOK_UPS[0][1], *(pair[0] for pair in REPORTED[::6])]
        theirs = [(first, second) for _, first, second in THEIR_LOOK_UPS]
        pairs = [
            *pairs_of(app, ((one, one) for one in alone), control=True),
            *pairs_of(stopped, [(STOPPED[0][0], STOPPED[0][0])], control=True),
            *pairs_of(app, [*LOOK_UPS, *theirs, cancelled(world, Endpoint(app)), *CALLERS, *REPORTED]),
            *pairs_of(stopped, STOPPED),
        ]
        _measure(pairs, rounds)
        directions = _judged(pairs)
        if directions:
            typer.echo("These differ, and are measured again:")
            _measure([pair for pair in pairs if pair.control or pair.name in directions], rounds)
            again = _judged([pair for pair in pairs if pair.control or pair.name in directions])
            directions = {name: above for name, above in again.items() if directions.get(name) == above}
        engine.dispose()
    typer.echo(f"pairs of calls that can be told apart by time: {len(directions)}")
    return bool(directions)


def _measure(pairs: list[Pair], rounds: int) -> None:
    for _ in range(WARM):
        for pair in pairs:
            pair.ask()
    for pair in pairs:
        pair.forget()
    gc.collect()
    gc.freeze()
    before = os.getloadavg()[0]
    for _ in range(rounds):
        for pair in _CHANCE.sample(pairs, len(pairs)):
            pair.ask()
    load = f"load average {before:.1f} before, {os.getloadavg()[0]:.1f} after"
    typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, {load}; {rounds} rounds of {len(pairs)} pairs")


def _judged(pairs: list[Pair]) -> dict[str, bool]:
    """Print what was measured; return the names of the pairs that differ, with whether the second call is slower."""
    noise = max(abs(median(pair.differences)) for pair in pairs if pair.control)
    told: dict[str, bool] = {}
    for pair in pairs:
        typical, middle = median(pair.seconds[0]), median(pair.differences)
        low, high = interval(pair.differences)
        tells = (low > 0 or high < 0) and abs(middle) > max(NOTICEABLE * typical, 0 if pair.control else noise)
        if tells and not pair.control:
            told[pair.name] = middle > 0
        kind = "control: " if pair.control else ""
        typer.echo(
            f"{kind}{pair.name}: {typical * 1e3:.2f} ms, difference {middle * 1e6:+.0f} µs,"
            f" between {low * 1e6:+.0f} and {high * 1e6:+.0f} µs, slower in {pair.guessed:.0%} of groups"
            f"{'  TELLS' if tells else ''}"
        )
    typer.echo(f"largest difference of a control: {noise * 1e6:.0f} µs")
    return told
