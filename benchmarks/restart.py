"""``make bench WHAT=restart``: check that no receipt is lost when PostgreSQL restarts under load; time recovery.

Writers report over HTTP and repeat a report under its key until there is a receipt. PostgreSQL is stopped under them,
as an operator does (``fast``) and as a crash does (``immediate``), stays away for a while, and is started again. The
service is left alone. Exits with 1 when an acknowledged report is missing or stored twice, when a call was answered by
anything but a receipt or UDB009104, when a worker was replaced, or when it took longer than 5 seconds from the moment
PostgreSQL answered until the first receipt.
"""

import argparse
import os
import platform
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import typer
from sqlalchemy import select

from benchmarks.callers import NoAnswerError, WrongAnswerError, report
from benchmarks.land import Task, build, kommuner, tasks
from benchmarks.postgres import Postgres, postgres
from tests.support.service import Service
from udb.store.engine import make_engine, reading
from udb.store.tables import haendelse

ALLOWED_SECONDS: Final = 5.0
WORKERS: Final = 2
_PAUSE: Final = 0.05


@dataclass
class Course:
    """The record of a run."""

    receipts: dict[str, float] = field(default_factory=dict)
    """Number -> the time of its receipt (monotonic seconds)."""
    unavailable: int = 0
    wrong: list[str] = field(default_factory=list)
    back: list[tuple[str, float]] = field(default_factory=list)
    """How PostgreSQL was stopped, and when it answered again."""


def write(bind: str, share: Sequence[Task], course: Course) -> None:
    """Report a share, each until there is a receipt."""
    for task in share:
        while True:
            try:
                number = report(bind, task.service, task.payload, task.key)
            except NoAnswerError:
                course.unavailable += 1
                time.sleep(_PAUSE)
            except WrongAnswerError as error:
                course.wrong.append(str(error)[:500])
                break
            else:
                if number in course.receipts:
                    course.wrong.append(f"{number} was given to two reports")
                course.receipts[number] = time.monotonic()
                break


def disturb(server: Postgres, course: Course, stops: Sequence[str], count: int, away: float) -> None:
    """Stop PostgreSQL after equal shares of the receipts and let it stay away."""
    for turn, mode in enumerate(stops, start=1):
        while len(course.receipts) < count * turn // (len(stops) + 1) and not course.wrong:
            time.sleep(_PAUSE)
        server.stop(mode)
        threading.Event().wait(away)
        server.start()
        course.back.append((mode, time.monotonic()))


def run(*, receipts: int, writers: int, stops: Sequence[str], away: float, folder: Path) -> Course:
    """Run everything at once; return the record."""
    course = Course()
    there = kommuner(4)
    reports = tasks(receipts, there)
    with postgres() as server:
        engine = make_engine(server.url)
        build(engine, there, reports)
        engine.dispose()
        service = Service(server.url, folder / "service.log", TMPDIR=str(folder))
        service.start()
        try:
            with ThreadPoolExecutor(writers + 1) as pool:
                trouble = pool.submit(disturb, server, course, stops, receipts, away)
                shares = [pool.submit(write, service.bind, reports[i::writers], course) for i in range(writers)]
                for future in (*shares, trouble):
                    future.result()
            if len(service.workers()) != WORKERS:
                course.wrong.append(f"workers were replaced: {service.workers()}")
        finally:
            service.kill()
        with reading(engine) as connection:
            stored = set(connection.execute(select(haendelse.c.nummer)).scalars())
        engine.dispose()
    if lost := course.receipts.keys() - stored:
        course.wrong.append(f"{len(lost)} acknowledged reports lost, the first {min(lost)}")
    if strange := stored - course.receipts.keys():
        course.wrong.append(f"{len(strange)} reports stored without a receipt, the first {min(strange)}")
    course.wrong += [
        f"{mode}: the first receipt came {seconds:.1f} s after PostgreSQL was back"
        for mode, seconds in recoveries(course)
        if seconds > ALLOWED_SECONDS
    ]
    return course


def recoveries(course: Course) -> list[tuple[str, float]]:
    """Return how PostgreSQL was stopped, and the seconds from when it answered again until the first receipt."""
    return [
        (mode, min((at for at in course.receipts.values() if at >= back), default=float("inf")) - back)
        for mode, back in course.back
    ]


def main() -> int:
    """Run and print; return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--receipts", type=int, default=4000)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--stops", nargs="+", choices=["fast", "immediate"], default=["fast", "immediate"])
    parser.add_argument("--away", type=float, default=3, help="seconds that PostgreSQL stays away")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder:
        course = run(**vars(given), folder=Path(folder))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    typer.echo(f"machine: {machine}, load average {os.getloadavg()[0]:.1f}")
    typer.echo(f"receipts: {len(course.receipts)}")
    typer.echo(f"calls answered UDB009104 or cut off: {course.unavailable}")
    for mode, seconds in recoveries(course):
        typer.echo(f"first receipt after {mode}: {seconds:.2f} s")
    for line in course.wrong[:20]:
        typer.echo(f"WRONG: {line}", err=True)
    typer.echo(f"violations: {len(course.wrong)}")
    return bool(course.wrong)
