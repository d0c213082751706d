"""``make bench WHAT=failover``: check that nothing acknowledged is lost when the primary fails; time the recovery.

A cluster of ``deploy/cluster`` on this machine: three nodes of PostgreSQL led by Patroni and etcd, two hosts of the
service behind HAProxy. Writers report and repeat a report under its key until there is a receipt; kommuner poll by
number and without criterion. Then, in turn: the primary is killed (SIGKILL), or frozen for 70 seconds (SIGSTOP) and let
go, it hands over, a standby is lost, etcd is lost, a host of the service is killed.

Exits with 1 when an acknowledged report is missing or stored twice, when a reader passed an event by, when the number
order is not the commit order, when the read log does not verify, or when a call was answered by anything but a receipt
or UDB009104. With 2, and what is missing, when this machine cannot run it.
"""

import argparse
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import typer
from sqlalchemy import select, text

from benchmarks.callers import NoAnswerError, WrongAnswerError, report
from benchmarks.cluster import NODES, Cluster, missing, wait
from benchmarks.feed import Course, Reader
from benchmarks.land import Task, build, kommuner, tasks
from udb.settings import Settings
from udb.store.engine import make_engine, reading
from udb.store.migrate import upgrade
from udb.store.tables import haendelse

DEFAULTS: Final = {"ttl": 30, "loop_wait": 10, "retry_timeout": 10}
"""Patroni's own; ``deploy/cluster/patroni.yml`` has shorter ones."""
STALLED: Final = 5.0
"""Seconds from which on a call counts as stalled; one that failed is stalled too."""
FROZEN: Final = 70.0
AWAY: Final = 20.0
_PAUSE: Final = 0.1
_CALM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a writer: when it began and ended (monotonic seconds), and whether it got a receipt."""

    began: float
    ended: float
    acknowledged: bool


@dataclass(slots=True)
class Watch:
    """The record of all attempts, and of what was done to the cluster."""

    attempts: list[Attempt] = field(default_factory=list)
    done: list[tuple[str, float, float]] = field(default_factory=list)
    """What was done, when, and when the cluster was whole again."""
    over: threading.Event = field(default_factory=threading.Event)


def write(bind: str, share: Sequence[Task], course: Course, watch: Watch) -> None:
    """Report until it is over, each until there is a receipt."""
    for task in share:
        while True:
            began = time.monotonic()
            try:
                number = report(bind, task.service, task.payload, task.key)
            except NoAnswerError:
                watch.attempts.append(Attempt(began, time.monotonic(), acknowledged=False))
            except WrongAnswerError as error:
                course.wrong.append(str(error)[:500])
                return
            else:
                watch.attempts.append(Attempt(began, time.monotonic(), acknowledged=True))
                if number in course.receipts:
                    course.wrong.append(f"{number} was given to two reports")
                course.receipts[number] = task
                break
            time.sleep(_PAUSE)
        if watch.over.wait(_PAUSE):
            return
    course.wrong.append("there were too few reports for so long a run")


def kill(cluster: Cluster) -> None:
    """Kill the primary with its Patroni; start both again."""
    node = cluster.leader()
    node.kill()
    _led_by_another(cluster, node.name)
    node.start()


def freeze(cluster: Cluster) -> None:
    """Freeze the primary with its Patroni, and let them go when another leads."""
    node = cluster.leader()
    node.signal(signal.SIGSTOP)
    time.sleep(FROZEN)
    _led_by_another(cluster, node.name)
    node.signal(signal.SIGCONT)


def hand_over(cluster: Cluster) -> None:
    """Let the standby that confirms commits lead."""
    next_one = next(member["name"] for member in cluster.members() if member["role"] == "sync_standby")
    node = cluster.leader()
    node.ask("/switchover", "POST", leader=node.name, candidate=next_one)


def lose_standby(cluster: Cluster) -> None:
    """Kill the standby that confirms commits, and start it again."""
    name = next(member["name"] for member in cluster.members() if member["role"] == "sync_standby")
    cluster.nodes[name].kill()
    time.sleep(AWAY)
    cluster.nodes[name].start()


def lose_etcd(cluster: Cluster) -> None:
    """Kill all of etcd, for longer than a lock lasts, and start it again."""
    cluster.stop_etcd()
    time.sleep(2 * AWAY)
    cluster.start_etcd()


def lose_host(cluster: Cluster) -> None:
    """Kill a host of the service, and start it again."""
    service = cluster.services[0]
    service.kill()
    time.sleep(AWAY / 2)
    service.start()


KINDS: Final[dict[str, Callable[[Cluster], None]]] = {
    "kill": kill,
    "freeze": freeze,
    "hand-over": hand_over,
    "standby": lose_standby,
    "etcd": lose_etcd,
    "host": lose_host,
}


def _led_by_another(cluster: Cluster, name: str) -> None:
    def is_led() -> bool:
        # The old leader answers nothing, or is about to find out.
        others = [cluster.nodes[other] for other in NODES if other != name]
        for node in others:
            with suppress(OSError, ValueError):
                return any(
                    member["role"] == "leader" and member["name"] != name for member in node.ask("/cluster")["members"]
                )
        return False

    wait(is_led, f"no other node leads than {name}")


def _goes_on(course: Course, before: int) -> bool:
    """Return whether there are more receipts than before, or something is wrong."""
    return len(course.receipts) > before or bool(course.wrong)


def disturb(cluster: Cluster, watch: Watch, course: Course, kinds: Sequence[str]) -> None:
    """Do each thing in turn, and wait in between until the cluster is whole and calls go through."""
    time.sleep(_CALM)
    for kind in kinds:
        began = time.monotonic()
        KINDS[kind](cluster)
        cluster.wait_whole()
        before = len(course.receipts)
        wait(partial(_goes_on, course, before), f"{kind}: no receipts any more")
        time.sleep(_CALM)
        watch.done.append((kind, began, time.monotonic()))
        typer.echo(f"{kind}: {times(watch, began, time.monotonic())}; load average {os.getloadavg()[0]:.1f}")
        if course.wrong:
            return


@dataclass(frozen=True, slots=True)
class Times:
    """What callers saw of a disturbance, in seconds."""

    without: float
    """The longest time without a success."""
    first: float
    """From the disturbance to the success that ended it; 0: it was no longer than a call may take (STALLED)."""
    last: float
    """From the disturbance to the end of the last stalled call; 0: there was none."""
    failed: int
    """How many calls failed."""

    def __str__(self) -> str:
        """Return a line."""
        return (
            f"first success {self.first:.1f} s after ({self.without:.1f} s without any), "
            f"last stalled call {self.last:.1f} s after, {self.failed} calls failed"
        )


def times(watch: Watch, began: float, ended: float) -> Times:
    """Return what callers saw between two moments."""
    inside = [one for one in list(watch.attempts) if began <= one.ended <= ended]
    successes = sorted(one.ended for one in inside if one.acknowledged)
    gaps = [(after - before, after) for before, after in zip([began, *successes], successes, strict=False)]
    without, first = max(gaps, default=(ended - began, ended))
    stalled = [one.ended for one in inside if not one.acknowledged or one.ended - one.began > STALLED]
    return Times(
        without,
        first - began if without > STALLED else 0.0,
        max(stalled, default=began) - began,
        sum(not one.acknowledged for one in inside),
    )


def run(cluster: Cluster, kinds: Sequence[str], settings: dict[str, int], reports: int) -> tuple[Watch, Course]:
    """Build everything and run; return the record."""
    watch, course, there = Watch(), Course(), kommuner(3)
    waiting = tasks(reports, there)
    cluster.start_database(settings)
    url = Settings(database_url=cluster.url).url
    upgrade(url)
    engine = make_engine(url)
    build(engine, there, waiting)
    cluster.start_service()
    rolls = random.Random(1)  # noqa: S311 - no secret
    readers = [Reader(cluster.bind, kommune, course, rolls, 0.5) for kommune in there]
    writers = 4
    with ThreadPoolExecutor(writers + len(readers)) as pool:
        futures = [pool.submit(write, cluster.bind, waiting[i::writers], course, watch) for i in range(writers)]
        futures += [pool.submit(reader.run) for reader in readers]
        try:
            disturb(cluster, watch, course, kinds)
        finally:
            watch.over.set()
            for future in futures[:writers]:
                future.result()
            course.written.set()
        for future in futures[writers:]:
            future.result()
    _judge(cluster, url, course, readers)
    course.events["alarms of the guard"] = sum(service.log().count('"database.behind"') for service in cluster.services)
    engine.dispose()
    return watch, course


def _judge(cluster: Cluster, url: str, course: Course, readers: list[Reader]) -> None:
    engine = make_engine(url)
    with reading(engine) as connection:
        stored = set(connection.execute(select(haendelse.c.nummer)).scalars())
        late = connection.execute(_OUT_OF_ORDER).scalar_one()
    engine.dispose()
    if lost := course.receipts.keys() - stored:
        course.wrong.append(f"{len(lost)} acknowledged reports lost, the first {min(lost)}")
    if doubled := stored - course.receipts.keys():
        course.wrong.append(f"{len(doubled)} reports stored without a receipt, the first {min(doubled)}")
    if late:
        course.wrong.append(f"{late} events were committed before one with a lower number")
    for reader in readers:
        there = {number for number, task in course.receipts.items() if reader.nummer in task.seen_by}
        for mode, given in (("by number", set(reader.by_number)), ("without criterion", set(reader.all_new))):
            if passed := there - given:
                course.wrong.append(f"{reader.nummer} {mode}: {len(passed)} passed by, the first {min(passed)}")
    verified = subprocess.run(
        [sys.executable, "-m", "udb", "log", "verify"],
        env=os.environ | {"UDB_DATABASE_URL": cluster.url},
        capture_output=True,
        text=True,
        check=False,
    )
    if verified.returncode:
        course.wrong.append(f"the read log does not verify: {verified.stdout} {verified.stderr}")


_OUT_OF_ORDER: Final = text(
    "SELECT count(*) FROM (SELECT pg_xact_commit_timestamp(xmin) AS at, "
    "max(pg_xact_commit_timestamp(xmin)) OVER (ORDER BY nummer) AS before FROM haendelse) AS events WHERE at < before"
)


def _summary(watch: Watch) -> None:
    for kind in KINDS:
        found = [times(watch, began, ended) for name, began, ended in watch.done if name == kind]
        if found:
            firsts, lasts = [one.first for one in found], [one.last for one in found]
            typer.echo(
                f"{kind}, {len(found)} times: first success {statistics.median(firsts):.1f} s "
                f"(worst {max(firsts):.1f}), "
                f"last stalled call {statistics.median(lasts):.1f} s (worst {max(lasts):.1f})"
            )


def main() -> int:
    """Run and print; return 1 when anything was wrong, 2 when something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each thing is done")
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--patronis-defaults", action="store_true", help="ttl 30, loop_wait 10, retry_timeout 10")
    parser.add_argument("--reports", type=int, default=60_000, help="how many reports there are at most")
    given = parser.parse_args()
    if lacking := missing():
        typer.echo("This machine lacks:\n  " + "\n  ".join(lacking) + "\nSo nothing was counted.")
        return 2
    kinds = [kind for kind in given.kinds for _ in range(given.rounds)]
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as name:
        folder = Path(name)
        # The cluster's owner may be another user.
        folder.chmod(0o755)
        cluster = Cluster(folder)
        try:
            watch, course = run(cluster, kinds, DEFAULTS if given.patronis_defaults else {}, given.reports)
        finally:
            cluster.stop()
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    typer.echo(f"machine: {machine}, load average {os.getloadavg()[0]:.1f}")
    _summary(watch)
    typer.echo(f"acknowledged: {len(course.receipts)}")
    for what, count in sorted(course.events.items()):
        typer.echo(f"{what}: {count}")
    for line in course.wrong[:20]:
        typer.echo(f"WRONG: {line}", err=True)
    typer.echo(f"violations: {len(course.wrong)}")
    return bool(course.wrong)
