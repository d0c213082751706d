"""``make bench WHAT=nation``: compare the cost of a call in a nation's register with that in a small one.

Two registers on PostgreSQL servers of their own, in one run: one of 100,000 events, one of ten million. The calls take
turns between them, so that a busy machine meets both alike. A figure is the median of the rounds, processor time of the
worker and of the database server per call, of the kommune that has 15 events in 100, and in the large register also of
one that has one in 100. Then, in the large register: a worker's memory while it sends one kommune everything by
number, and the load of a peak day.
"""

import argparse
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import typer

from benchmarks import nation_load
from benchmarks.calls import Cost, Database, ours, turn_of
from benchmarks.nation_build import LARGEST, ORDINARY, build
from benchmarks.nation_calls import TASKS, Place
from benchmarks.postgres import postgres
from benchmarks.serving import database_used, serving
from tests.support.service import Service

SMALL, LARGE, LARGE_ORDINARY = "small", "large", "large, ordinary"
SMALL_REGISTER: Final = (11_000, 100_000)
"""Youths and events."""
WORKERS: Final = 2
AIM, MOST_MEMORY = 1.2, 200

Costs = dict[tuple[str, str], list[Cost]]
"""By place and task."""


@contextmanager
def register(name: str, youths: int, events: int) -> Iterator[Database]:
    """Yield a filled register on a server of its own."""
    with postgres() as server:
        began = time.perf_counter()
        made = build(server.url, youths, events)
        typer.echo(f"{name}: {youths} youths, {made} events, made in {time.perf_counter() - began:.0f} s")
        yield Database(name, server.url, lambda: database_used(server.pid))


def play(small: Database, large: Database, rounds: int) -> Costs:
    """Run every task in every round at every place; return the costs."""
    costs: Costs = {}
    with ExitStack() as servers:
        contestants = {one: servers.enter_context(serving(ours, one.url)) for one in (small, large)}
        at = {
            SMALL: (small, Place(small.url, LARGEST)),
            LARGE: (large, Place(large.url, LARGEST)),
            LARGE_ORDINARY: (large, Place(large.url, ORDINARY)),
        }
        calls = {name: place.calls() for name, (_, place) in at.items()}
        for turn in range(rounds + 1):
            for task in TASKS:
                for name, (database, _) in at.items():
                    cost = turn_of(contestants[database], calls[name][task.name], task, database)
                    # The first round warms up.
                    if turn:
                        costs.setdefault((name, task.name), []).append(cost)
    return costs


def tell(costs: Costs) -> float:
    """Print the table; return the highest ratio of worker and database together."""
    typer.echo(f"  {'ms of processor time':40}{SMALL:>17}{LARGE:>17}{'ratio':>8}{LARGE_ORDINARY:>17}{'ratio':>8}")
    highest = 0.0
    of: dict[str, Callable[[Cost], float]] = {
        "worker": lambda cost: cost.worker,
        "database": lambda cost: cost.database,
        "both": lambda cost: cost.worker + cost.database,
    }
    for task in TASKS:
        typer.echo(f"  {task.name}")
        for what, value in of.items():
            small, large, ordinary = (
                [value(cost) * 1000 for cost in costs[place, task.name]] for place in (SMALL, LARGE, LARGE_ORDINARY)
            )
            ratios = [median(one) / median(small) for one in (large, ordinary)]
            cells = [f"{median(one):8.2f} ({min(one):6.2f})" for one in (small, large, ordinary)]
            typer.echo(f"    {what:38}{cells[0]:>17}{cells[1]:>17}{ratios[0]:8.2f}{cells[2]:>17}{ratios[1]:8.2f}")
            if what == "both":
                highest = max(highest, *ratios)
    return highest


def stream(large: Database) -> float:
    """Let one worker send one kommune everything by number; return its peak memory in MiB."""
    course = nation_load.Course()
    with serving(ours, large.url) as contestant:
        before, used = contestant.peak() / 1024, contestant.outside()
        nation_load.catch_up(contestant.bind, course)
        peak, used = contestant.peak() / 1024, contestant.outside() - used
    rate = course.given / course.caught_up
    typer.echo(
        f"catching up alone: {course.given} events, {rate:.0f} a second, {course.given / used:.0f} in a second of the"
        f" worker's processor time; peak memory of the worker {peak:.0f} MiB, {before:.0f} before"
    )
    return peak


def peak_day(large: Database, folder: Path, seconds: float, reports_a_second: float) -> None:
    """Play the load of a peak day, served by two workers."""
    service = Service(large.url, folder / "service.log", "--workers", str(WORKERS), TMPDIR=str(folder))
    service.start()
    try:
        course = nation_load.run(service.bind, large.url, seconds, reports_a_second)
    finally:
        service.kill()
    typer.echo(
        f"  {'a peak day, ms from when it was due':40}{'calls':>8}" + "".join(f"{f'p{one}':>9}" for one in (50, 95, 99))
    )
    for kind, took in course.seconds.items():
        typer.echo(f"  {kind:40}{len(took):8}" + "".join(f"{one:9.0f}" for one in course.percentiles(kind)))
    rate = course.given / course.caught_up
    typer.echo(f"  catching up beside it: {course.given} events, {rate:.0f} a second")


def main() -> int:
    """Run and print; return 1 when a call costs more than 1.2 times as much, or a worker needs more than 200 MB."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--youths", type=int, default=1_100_000)
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60, help="of the peak day")
    parser.add_argument("--reports", type=float, default=5, help="a second, on the peak day")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="udb-bench-") as folder,
        register(SMALL, *SMALL_REGISTER) as small,
        register(LARGE, given.youths, given.events) as large,
    ):
        highest = tell(play(small, large, given.rounds))
        peak = stream(large)
        peak_day(large, Path(folder), given.seconds, given.reports)
    typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    typer.echo(f"load average {os.getloadavg()[0]:.1f}; {given.rounds} rounds, the least of them in brackets")
    typer.echo(f"highest ratio {highest:.2f}, aim {AIM}; memory {peak:.0f} MiB, aim {MOST_MEMORY}")
    return highest > AIM or peak > MOST_MEMORY
