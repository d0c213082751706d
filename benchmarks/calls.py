"""``make bench``: the cost of a call, compared with the same contract on stock spyne and with the floor, in one run.

Every contestant is served by gunicorn with one worker. In every round each answers the same calls, one after the other,
so that a busy machine meets all alike. A figure is the median of the rounds, the least in brackets: processor time
of the worker per call, with HTTP; inside the application alone; of the database server; and calls per second of one
caller, who waits for each answer.
"""

import argparse
import math
import os
import platform
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Final
from wsgiref.types import WSGIApplication

import typer

from benchmarks import tasks
from benchmarks.floor import floor
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

OURS, STOCK, FLOOR = "udb", "stock spyne", "floor"
PEERS_DO: Final = (tasks.REPORT, tasks.BY_NUMBER)
"""The tasks that a peer does."""


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


def ours(url: str) -> WSGIApplication:
    """Return the service as its workers run it."""
    return worker.build(Settings(sandbox=True, database_url=url))


def on_spyne(url: str) -> WSGIApplication:
    """Return the same use cases behind stock spyne."""
    return stock(Context(make_engine(url), Settings(sandbox=True)), (UNGDOMSUDDANNELSE, DATA_TIL_KOMMUNE))


BUILD: Final[dict[str, Callable[[str], WSGIApplication]]] = {FLOOR: floor, OURS: ours, STOCK: on_spyne}


def play(database: Database, rounds: int, youths: int) -> dict[str, dict[str, list[Cost]]]:
    """Run every task in every round by every contestant; return the costs by task and contestant."""
    calls = tasks.set_up(database.url, youths)
    costs: dict[str, dict[str, list[Cost]]] = defaultdict(lambda: defaultdict(list))
    with ExitStack() as servers:
        contestants = {name: servers.enter_context(serving(build, database.url)) for name, build in BUILD.items()}
        if database.port is not None:
            peers_here, missing = servers.enter_context(peers(database.port))
            contestants |= peers_here
            for one in missing:
                typer.echo(f"not installed: {one}")
        for turn in range(rounds + 1):
            for task in tasks.TASKS:
                for name, contestant in contestants.items():
                    if name not in BUILD and task not in PEERS_DO:
                        continue
                    # The floor does not keep track of new events.
                    asked = tasks.NOTHING_AFTER if name == FLOOR and task is tasks.NOTHING_NEW else task
                    cost = turn_of(contestant, calls[asked.name], task, database)
                    # The first round warms up.
                    if turn:
                        costs[task.name][name].append(cost)
    return costs


def turn_of(contestant: Contestant, calls: Iterator[tasks.Call], task: tasks.Task, database: Database) -> Cost:
    """Return the mean cost of the calls of a task in one round."""
    made = [next(calls) for _ in range(task.calls)]
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
    head = ("", "worker ms", "of floor", "inside ms", "of floor", "database ms", "calls/s")
    typer.echo(f"  {head[0]:28}{head[1]:>18}{head[2]:>10}{head[3]:>18}{head[4]:>10}{head[5]:>13}{head[6]:>9}")
    for task, by_name in costs.items():
        typer.echo(f"  {task}")
        base_worker, base_inside = (median(getattr(cost, of) for cost in by_name[FLOOR]) for of in ("worker", "inside"))
        for name, of in by_name.items():
            worker, inside = median(cost.worker for cost in of), median(cost.inside for cost in of)
            least_worker, least_inside = min(cost.worker for cost in of), min(cost.inside for cost in of)
            seen = (
                f"{'-':>18}{'-':>10}"
                if math.isnan(inside)
                else f"{inside * 1e3:9.3f} ({least_inside * 1e3:6.3f}){inside / base_inside:9.2f}x"
            )
            typer.echo(
                f"    {name:26}{worker * 1e3:9.3f} ({least_worker * 1e3:6.3f}){worker / base_worker:9.2f}x{seen}"
                f"{median(cost.database for cost in of) * 1e3:13.3f}{1 / median(cost.waited for cost in of):9.1f}"
            )
        ratio = median(c.worker for c in by_name[STOCK]) / median(c.worker for c in by_name[OURS])
        inner = median(c.inside for c in by_name[STOCK]) / median(c.inside for c in by_name[OURS])
        typer.echo(f"    stock spyne costs {ratio:.1f} times ours; inside {inner:.1f} times")


def main() -> int:
    """Run the contest and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--youths", type=int, default=10_000)
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    given = parser.parse_args()
    with databases(given.database) as found:
        for database in found:
            tell(database, play(database, given.rounds, given.youths))
    typer.echo(f"\nmachine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    typer.echo(f"load average {os.getloadavg()[0]:.1f}; {given.rounds} rounds")
    return 0
