"""``make bench WHAT=feed``: check under load and failures that every receipt reaches the kommuner that may see it.

Writers report over HTTP and repeat a report under its key until there is a receipt; some hang up without reading, some
transactions are slow, some hold number and youth for a while and are rolled back. Readers of every kommune follow a
cursor by number and fetch without criterion, and hang up now and then. Workers are killed, PostgreSQL is restarted.

Exits with 1 and the reason when a receipt is missing, sent to a kommune that may not see it, sent twice to one system
that fetches without criterion, or sent out of order. A page repeated under its key counts once; what comes again after
an answer that was cut off or never came is counted apart.
"""

import argparse
import os
import platform
import random
import re
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

import typer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from benchmarks.callers import NoAnswerError, WrongAnswerError, cut_off, fetch, report
from benchmarks.land import Kommune, Task, build, kommuner, tasks
from benchmarks.postgres import Postgres, postgres
from tests.support.service import Service
from udb.domain.errors import DatabaseUnavailable
from udb.domain.services import DATA_TIL_KOMMUNE
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.store.numbers import draw
from udb.store.persons import lock_person

_T = TypeVar("_T")
BEGINNING: Final = "UDB-" + "0" * 23
WORKERS: Final = 2
_TROUBLE: Final = 0.01
"""The share of reports that meet each kind of trouble."""
_PAUSE: Final = 0.05
SHOWN: Final = 20
"""The number of errors shown, from the beginning and from the end."""


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a run."""

    receipts: int = 50_000
    writers: int = 8
    kommuner: int = 10
    restarts: Sequence[str] = ("immediate", "fast")
    kill_every: float = 10
    pause: float = 0.2
    seed: int = 1


@dataclass
class Course:
    """The record of a run."""

    receipts: dict[str, Task] = field(default_factory=dict)
    events: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    written: threading.Event = field(default_factory=threading.Event)


class Reader:
    """The reader of one kommune, which fetches in both ways: by a number as cursor, and without criterion."""

    def __init__(self, bind: str, kommune: Kommune, course: Course, rolls: random.Random, pause: float) -> None:
        self.bind, self.nummer, self.course, self.rolls, self.pause = bind, kommune.nummer, course, rolls, pause
        self.cursor = BEGINNING
        self.by_number: list[str] = []
        self.all_new: dict[str, str] = {}
        """Number -> the key of the call that first received it."""
        self._disturbed: set[str] = set()

    def run(self) -> None:
        """Poll until the writers are done and nothing is left."""
        last = False
        while True:
            ended = self.course.written.is_set()
            waits = [self._follow(), self._take_new()]
            if not any(waits):
                if last:
                    return
                last = ended
            time.sleep(self.pause)

    def _follow(self) -> bool:
        page = _insist(lambda: fetch(self.bind, self.nummer, str(uuid4()), HaendelseNummer=self.cursor), self.course)
        self._check_order(page.numbers, self.cursor)
        self.by_number += page.numbers
        if page.highest is None or page.highest < self.cursor:
            self.course.wrong.append(f"{self.nummer}: the cursor went from {self.cursor} to {page.highest}")
        else:
            self.cursor = page.highest
        return bool(page.numbers) or page.more

    def _take_new(self) -> bool:
        key = str(uuid4())
        if self.rolls.random() < _TROUBLE:
            self.course.events["fetches cut off"] += 1
            self._disturbed.add(key)
            cut_off(self.bind, DATA_TIL_KOMMUNE, "HentHaendelser", {"InstitutionNummer": self.nummer}, key)
        page = _insist(lambda: fetch(self.bind, self.nummer, key), self.course, lambda: self._disturbed.add(key))
        new = [number for number in page.numbers if number not in self.all_new]
        for number in set(page.numbers) & self.all_new.keys():
            if self.all_new[number] in self._disturbed:
                self.course.events["told again after a broken answer"] += 1
            else:
                self.course.wrong.append(f"{self.nummer}: {number} was given twice without criterion")
        self._check_order(new, max(self.all_new, default=BEGINNING))
        self.all_new |= dict.fromkeys(new, key)
        return bool(page.numbers) or page.more

    def _check_order(self, numbers: list[str], after: str) -> None:
        if numbers != sorted(set(numbers)) or (numbers and numbers[0] <= after):
            self.course.wrong.append(f"{self.nummer}: out of order after {after}: {numbers[:3]}")


def _insist(call: Callable[[], _T], course: Course, failed: Callable[[], None] = lambda: None) -> _T:
    while True:
        try:
            return call()
        except NoAnswerError:
            course.events["calls repeated"] += 1
            failed()
            time.sleep(_PAUSE)
        except WrongAnswerError as error:
            course.wrong.append(str(error))
            course.events["calls repeated"] += 1
            time.sleep(1)


def write(bind: str, engine: Engine, share: list[Task], course: Course, rolls: random.Random) -> None:
    """Report a share of the tasks, some of them with trouble."""
    for task in share:
        roll = rolls.random()
        if roll < _TROUBLE:
            course.events["reports cut off"] += 1
            cut_off(bind, task.service, task.service, task.payload, task.key)
        elif roll < 2 * _TROUBLE:
            course.events["slow and rolled back"] += 1
            _hold(engine, task, rolls.uniform(0.01, 0.1))
        number = _insist(lambda task=task: report(bind, task.service, task.payload, task.key), course)  # type: ignore[misc]  # mypy loses the default's type
        if number in course.receipts:
            course.wrong.append(f"{number} was given to two reports")
        course.receipts[number] = task


class _RolledBackError(Exception):
    """Raised to roll a transaction back on purpose."""


def _hold(engine: Engine, task: Task, seconds: float) -> None:
    """Lock the youth, draw a number, hold both for a while, give up."""
    with suppress(_RolledBackError, DatabaseUnavailable, DBAPIError), writing(engine) as connection:
        lock_person(connection, task.payload["CPRNr"])
        draw(connection, state.now(connection))
        time.sleep(seconds)
        raise _RolledBackError


def disturb(service: Service, server: Postgres, size: Size, course: Course, rolls: random.Random) -> None:
    """Kill a worker now and then; restart PostgreSQL after equal shares of the receipts."""
    restarts = [(size.receipts * (i + 1) // (len(size.restarts) + 1), mode) for i, mode in enumerate(size.restarts)]
    next_kill = time.monotonic() + rolls.uniform(0, size.kill_every)
    while not course.written.is_set():
        if restarts and len(course.receipts) >= restarts[0][0]:
            server.restart(restarts.pop(0)[1])
            course.events["PostgreSQL restarted"] += 1
        if time.monotonic() > next_kill:
            with suppress(ProcessLookupError):
                os.kill(rolls.choice(service.workers()[-WORKERS:]), signal.SIGKILL)
                course.events["workers killed"] += 1
            next_kill = time.monotonic() + rolls.uniform(0, 2 * size.kill_every)
        time.sleep(_PAUSE)


def run(size: Size, folder: Path) -> tuple[Course, float]:
    """Run everything at once; return the record and the seconds it took."""
    course = Course()
    there = kommuner(size.kommuner)
    reports = tasks(size.receipts, there)
    with postgres() as server:
        engine = make_engine(server.url)
        build(engine, there, reports)
        engine.dispose()
        service = Service(server.url, folder / "service.log", TMPDIR=str(folder))
        service.start()
        try:
            began = time.monotonic()
            readers = _at_work(service, server, engine, size, course, there, reports)
            seconds = time.monotonic() - began
        finally:
            service.kill()
            engine.dispose()
    _judge(course, readers, len(reports))
    return course, seconds


def _at_work(
    service: Service,
    server: Postgres,
    engine: Engine,
    size: Size,
    course: Course,
    there: list[Kommune],
    reports: list[Task],
) -> list[Reader]:
    seeds = random.Random(size.seed)  # noqa: S311 - no secret
    rolls = [random.Random(seeds.random()) for _ in range(size.writers + size.kommuner + 1)]  # noqa: S311 - as above
    readers = [Reader(service.bind, kommune, course, rolls.pop(), size.pause) for kommune in there]
    with ThreadPoolExecutor(size.writers + size.kommuner + 1) as pool:
        trouble = pool.submit(disturb, service, server, size, course, rolls.pop())
        reading = [pool.submit(reader.run) for reader in readers]
        writing_ = [
            pool.submit(write, service.bind, engine, reports[i :: size.writers], course, rolls[i])
            for i in range(size.writers)
        ]
        try:
            for future in writing_:
                future.result()
        finally:
            course.written.set()
        for future in (trouble, *reading):
            future.result()
    return readers


def _judge(course: Course, readers: list[Reader], wanted: int) -> None:
    if len(course.receipts) != wanted:
        course.wrong.append(f"{len(course.receipts)} receipts for {wanted} reports")
    for reader in readers:
        there = {number for number, task in course.receipts.items() if reader.nummer in task.seen_by}
        for mode, told in (("by number", set(reader.by_number)), ("without criterion", set(reader.all_new))):
            if missing := there - told:
                course.wrong.append(f"{reader.nummer} {mode}: {len(missing)} missing, the first {min(missing)}")
            if strange := told - there:
                course.wrong.append(f"{reader.nummer} {mode}: {len(strange)} not its own, the first {min(strange)}")
        course.events["events told"] += len(reader.by_number) + len(reader.all_new)


def _errors(folder: Path) -> list[str]:
    """Return the lines of the service's log about unexpected errors and ended workers, without those killed here.

    The log has no personal data.
    """
    lines = (folder / "service.log").read_text(errors="replace").splitlines()
    return [line for line in lines if _STRANGE.match(line)][:SHOWN]


_STRANGE: Final = re.compile(r'(?!\{)|(?!.*SIGKILL).*"level": "(error|critical)"')


def main() -> int:
    """Run and print; return 1 when anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    size = Size()
    parser.add_argument("--receipts", type=int, default=size.receipts)
    parser.add_argument("--kill-every", type=float, default=size.kill_every, help="seconds, on average")
    parser.add_argument("--pause", type=float, default=size.pause, help="seconds between a kommune's polls")
    parser.add_argument("--seed", type=int, default=size.seed)
    parser.add_argument("--restarts", type=int, default=len(size.restarts), help="of PostgreSQL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder:
        restarts = [size.restarts[i % len(size.restarts)] for i in range(given.restarts)]
        size = Size(
            receipts=given.receipts, restarts=restarts, kill_every=given.kill_every, pause=given.pause, seed=given.seed
        )
        course, seconds = run(size, Path(folder))
        said = _errors(Path(folder)) if course.wrong else []
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    typer.echo(f"machine: {machine}")
    typer.echo(f"load average at the end: {os.getloadavg()[0]:.1f}")
    typer.echo(f"receipts: {len(course.receipts)} in {seconds:.0f} s, {len(course.receipts) / seconds:.1f} a second")
    for what, count in sorted(course.events.items()):
        typer.echo(f"{what}: {count}")
    for line in (*course.wrong[:SHOWN], *course.wrong[SHOWN:][-SHOWN:]):
        typer.echo(f"WRONG: {line}", err=True)
    for line in said:
        typer.echo(f"service: {line}", err=True)
    typer.echo(f"violations: {len(course.wrong)}")
    return bool(course.wrong)
