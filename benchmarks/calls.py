"""``make bench``: the cost of a call, compared with the fair floor, the bare floor and stock spyne, in one run.

Every contestant is served by gunicorn with one worker. In every round each answers the same calls, one after the other,
in the opposite order of the round before, so that a busy machine meets all alike. A figure is the median of the rounds,
the least in brackets: processor time of the worker per call, with HTTP; inside the application alone; of the database
server; and calls per second of one caller, who waits for each answer. A ratio is the median of the rounds' own ratios
to the fair floor (on SQLite: to the floor), with the interval that holds nine of ten resamples of the rounds.
"""

import argparse
import math
import random
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Final
from wsgiref.types import WSGIApplication

import typer

from benchmarks import tasks
from benchmarks.fair_floor import fair_floor
from benchmarks.floor import floor
from benchmarks.machine import machine
from benchmarks.peers import peers
from benchmarks.postgres import postgres
from benchmarks.serving import Contestant, database_used, serving
from benchmarks.stock import stock
from udb.context import Context
from udb.domain.services import DATA_TIL_KOMMUNE, UNGDOMSUDDANNELSE
from udb.sandbox.running import free_address
from udb.serve import worker
from udb.settings import Settings
from udb.store import migrate
from udb.store.engine import make_engine

OURS, STOCK, FLOOR, FAIR = "udb", "stock spyne", "floor", "fair floor"
PEERS_DO: Final = (tasks.REPORT, tasks.BY_NUMBER)
"""The tasks that a peer does."""
FAIR_DOES: Final = (tasks.REPORT, tasks.BY_NUMBER, tasks.LITTLE_HIDDEN, tasks.NOTHING_AFTER)
"""The tasks of the fair floor, which does not keep track of new events."""
RESAMPLES: Final = 2000


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of one call, in seconds."""

    worker: float
    inside: float
    database: float
    waited: float


@dataclass(frozen=True, slots=True)
class Database:
    """Where the contest takes place; ``used``: processor seconds of its server so far; ``port``: for peers."""

    name: str
    url: str
    used: Callable[[], float]
    port: int | None = None

    @property
    def build(self) -> dict[str, Callable[[str], WSGIApplication]]:
        """The contestants on this database, the one that the others are compared with first."""
        return BUILD if self.port is None else {FAIR: fair_floor, **BUILD}


def ours(url: str) -> WSGIApplication:
    """Return the service as its workers run it."""
    return worker.build(Settings(sandbox=True, database_url=url))


def on_spyne(url: str) -> WSGIApplication:
    """Return the same use cases behind stock spyne."""
    return stock(Context(make_engine(url), Settings(sandbox=True)), (UNGDOMSUDDANNELSE, DATA_TIL_KOMMUNE))


BUILD: Final[dict[str, Callable[[str], WSGIApplication]]] = {FLOOR: floor, OURS: ours, STOCK: on_spyne}


@dataclass(frozen=True, slots=True)
class Only:
    """Some of the contestants, by name, and the tasks with a text in their name; empty: all."""

    contestants: Sequence[str] = ()
    task: str = ""

    def has_contestant(self, name: str) -> bool:
        """Return whether a contestant takes part."""
        return not self.contestants or name in self.contestants

    def has_task(self, task: tasks.Task) -> bool:
        """Return whether a task is done."""
        return self.task in task.name


def play(database: Database, rounds: int, youths: int, only: Only) -> dict[str, dict[str, list[Cost]]]:
    """Run the tasks in every round by the contestants; return the costs by task and contestant."""
    calls = tasks.set_up(database.url, youths)
    costs: dict[str, dict[str, list[Cost]]] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as servers:
        contestants = {
            name: servers.enter_context(serving(build, database.url))
            for name, build in database.build.items()
            if only.has_contestant(name)
        }
        if database.port is not None and not only.contestants:
            peers_here, missing = servers.enter_context(peers(database.port))
            contestants |= peers_here
            for one in missing:
                typer.echo(f"not installed: {one}")
        for turn in range(rounds + 1):
            for task in filter(only.has_task, tasks.TASKS):
                in_turn = list(contestants.items())
                for name, contestant in in_turn if turn % 2 else reversed(in_turn):
                    if not _does(name, task):
                        continue
                    # The floor does not keep track of new events.
                    asked = tasks.NOTHING_AFTER if name == FLOOR and task is tasks.NOTHING_NEW else task
                    cost = turn_of(contestant, calls[asked.name], task, database)
                    # The first round warms up.
                    if turn:
                        costs[task.name][name].append(cost)
    return costs


def _does(name: str, task: tasks.Task) -> bool:
    if name == FAIR:
        return task in FAIR_DOES
    return name in BUILD or task in PEERS_DO


def turn_of(contestant: Contestant, calls: Iterator[tasks.Call], task: tasks.Task, database: Database) -> Cost:
    """Return the mean cost of the calls of a task in one round. Raises SystemExit when there are too few of them."""
    made = list(islice(calls, task.calls))
    if len(made) < task.calls:
        raise SystemExit(f"So many rounds need more calls of {task.name!r} than there are: raise --youths.")
    worker, inside, used, began = contestant.outside(), contestant.inside(), database.used(), time.perf_counter()
    for call in made:
        task.check(contestant.post(call.path, call.body, call.headers))
    waited = time.perf_counter() - began
    spent = (contestant.outside() - worker, contestant.inside() - inside, database.used() - used, waited)
    return Cost(*(seconds / task.calls for seconds in spent))


@contextmanager
def databases(wanted: str) -> Iterator[list[Database]]:
    """Yield the databases of the contest."""
    with ExitStack() as stack:
        found = []
        if wanted != "sqlite":
            server = stack.enter_context(postgres())
            port = int(free_address().rpartition(":")[2])
            server.open_port(port)
            found.append(Database("PostgreSQL", server.url, lambda: database_used(server.pid), port))
        if wanted != "postgresql":
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="udb-bench-"))
            url = f"sqlite:///{Path(folder, 'udb.sqlite')}"
            migrate.upgrade(url)
            found.append(Database("SQLite", url, lambda: 0.0))
        yield found


def tell(database: Database, costs: dict[str, dict[str, list[Cost]]]) -> None:
    """Print the table of one database."""
    typer.echo(f"\n{database.name}")
    head = ("", "worker ms", "of the first", "inside ms", "database ms", "of the first", "calls/s")
    typer.echo(f"  {head[0]:28}{head[1]:>18}{head[2]:>20}{head[3]:>18}{head[4]:>13}{head[5]:>20}{head[6]:>9}")
    for task, by_name in costs.items():
        typer.echo(f"  {task}")
        base = next(by_name[name] for name in (FAIR, FLOOR, *by_name) if name in by_name)
        for name in (name for name in (FAIR, FLOOR, OURS, STOCK, *by_name) if name in by_name):
            of = by_name.pop(name)
            inside = median(cost.inside for cost in of)
            spent = "-" if math.isnan(inside) else f"{inside * 1e3:9.3f} ({min(c.inside for c in of) * 1e3:6.3f})"
            typer.echo(
                f"    {name:26}{median(c.worker for c in of) * 1e3:9.3f} ({min(c.worker for c in of) * 1e3:6.3f})"
                f"{ratio([c.worker for c in of], [c.worker for c in base]):>20}{spent:>18}"
                f"{median(c.database for c in of) * 1e3:13.3f}"
                f"{ratio([c.database for c in of], [c.database for c in base]):>20}"
                f"{1 / median(c.waited for c in of):9.1f}"
            )


def ratio(ours: Sequence[float], base: Sequence[float]) -> str:
    """Return the median of the rounds' ratios, with the interval that holds nine of ten resamples of the rounds."""
    pairs = [mine / theirs for mine, theirs in zip(ours, base, strict=True) if theirs]
    if not pairs:
        return "-"
    # The same resamples at each run: the interval differs only when the rounds do.
    chance = random.Random(0)  # noqa: S311 - no secret
    found = sorted(median(chance.choices(pairs, k=len(pairs))) for _ in range(RESAMPLES))
    low, high = (found[int(RESAMPLES * part)] for part in (0.05, 0.95))
    return f"{median(pairs):.2f} ({low:.2f}-{high:.2f})"


def main() -> int:
    """Run the contest and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--youths", type=int, default=10_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--contestants", nargs="+", default=(), choices=(FAIR, *BUILD), help="others take no part")
    parser.add_argument("--task", default="", help="only the tasks with this text in their name")
    given = parser.parse_args()
    only = Only(given.contestants, given.task)
    with databases(given.database) as found:
        for database in found:
            tell(database, play(database, given.rounds, given.youths, only))
    typer.echo(f"\n{machine()}")
    typer.echo(f"{given.rounds} rounds")
    return 0
