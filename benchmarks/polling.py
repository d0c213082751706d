"""``make bench WHAT=polling``: measure how much the feeds of all 98 kommuner slow the senders.

Eight writers report in turns of a few seconds: alone; while 98 kommuner poll another database of the same server, which
costs the same processor time and shares no row with the writers; and while the 98 poll the writers' own. The
difference of the first two turns is what the readers' work costs on this machine's cores. The difference of the last
two is what the feeds themselves cost the writers: locks, dead rows, written pages. Each kommune polls in both
kinds, every ten seconds, by the use cases that the service calls.
"""

import argparse
import multiprocessing
import os
import platform
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from multiprocessing.synchronize import Event
from statistics import mean, median
from types import SimpleNamespace
from typing import Any, Final
from unittest.mock import patch
from uuid import uuid4

import psycopg
import typer

from benchmarks.land import Kommune, Task, build, kommuner, tasks
from benchmarks.postgres import postgres
from tests.support.world import GYMNASIUM, SYSTEM
from udb.context import Context
from udb.domain.call import Call
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Resultat
from udb.domain.services import DATA_TIL_KOMMUNE, UNGDOMSUDDANNELSE
from udb.hentning.answer import HaendelserSvar
from udb.hentning.fetch import hent_haendelser
from udb.indberetning import take as take_module
from udb.indberetning.take import take_report
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.store.sql import together

KOMMUNER: Final = 98
WRITERS: Final = 8
READING_PROCESSES: Final = 2
READING_THREADS: Final = 8
BEFORE: Final = 1000
"""The number of events at the beginning."""
FASTEST: Final = 1500
"""More reports per second than the service can take."""
ALLOWED: Final = 0.8
TURNS: Final = ("alone", "readers elsewhere", "readers here")
_BEGINNING: Final = "UDB-" + "0" * 23


@dataclass
class Turn:
    """The record of the writers in one kind of turn."""

    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    stores: list[float] = field(default_factory=list)


def take(context: Context, task: Task) -> None:
    """Make one report by the use case."""
    cprnr = task.payload["CPRNr"]
    call = Call(str(uuid4()), SYSTEM, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, GYMNASIUM, cprnr)
    told = Indberetning(
        service=UNGDOMSUDDANNELSE,
        cprnr=cprnr,
        institution_nummer=GYMNASIUM,
        haendelse_dato=datetime.fromisoformat("2026-08-10T00:00:00+02:00"),
        status=1,
        kilde_leverandoer="LUDUS",
        cosa_formaal="3017",
        cosa_formaal_version=2,
    )
    assert take_report(context, call, told).resultat is Resultat.ACCEPTERET


def poll(url: str, there: list[Kommune], pause: float, stop: Event, fetched: Any) -> None:
    """Run one process of readers: each kommune in both kinds, then a pause."""
    engine = make_engine(url)
    context = Context(engine, Settings(sandbox=True))
    with ThreadPoolExecutor(READING_THREADS) as pool:
        shares = [there[i::READING_THREADS] for i in range(READING_THREADS)]
        for future in [pool.submit(_poll_share, context, share, pause, stop, fetched) for share in shares]:
            future.result()
    engine.dispose()


def _poll_share(context: Context, share: list[Kommune], pause: float, stop: Event, fetched: Any) -> None:
    cursors = {kommune.nummer: _BEGINNING for kommune in share}
    while not stop.is_set():
        for kommune in share:
            nummer = kommune.nummer
            for cursor in (cursors[nummer], None):
                call = Call(str(uuid4()), SYSTEM, DATA_TIL_KOMMUNE, "HentHaendelser", nummer, str(uuid4()))
                asked: Any = SimpleNamespace(haendelse_nummer=cursor, cprnr=None)
                answer = hent_haendelser(context, call, asked)
                if isinstance(answer, HaendelserSvar):
                    cursors[nummer] = answer.hoejeste_haendelse_nummer or cursors[nummer]
                with fetched.get_lock():
                    fetched.value += 1
            if stop.wait(pause / len(share)):
                return


@contextmanager
def polled(url: str | None, pause: float) -> Iterator[Any]:
    """Let 98 kommuner poll a database while the block runs; they have caught up when it begins."""
    context = multiprocessing.get_context("spawn")
    stop, fetched = context.Event(), context.Value("i", 0)
    there = kommuner(KOMMUNER)
    readers = [
        context.Process(target=poll, args=(url, there[i::READING_PROCESSES], pause, stop, fetched))
        for i in range(READING_PROCESSES if url else 0)
    ]
    for reader in readers:
        reader.start()
    while readers and fetched.value < 2 * KOMMUNER:
        assert all(reader.is_alive() for reader in readers), "a reader has ended"
        time.sleep(0.1)
    try:
        yield fetched
    finally:
        stop.set()
        for reader in readers:
            reader.join()


def write(context: Context, left: Iterator[Task], seconds: float, turn: Turn) -> None:
    """Let eight writers report for some seconds."""
    lock = threading.Lock()
    end = time.monotonic() + seconds
    count = 0

    def work() -> None:
        nonlocal count
        while time.monotonic() < end:
            with lock:
                task = next(left)
                count += 1
            began, processor = time.perf_counter(), time.thread_time()
            take(context, task)
            turn.seconds.append(time.perf_counter() - began)
            turn.processor.append(time.thread_time() - processor)

    began = time.monotonic()
    with ThreadPoolExecutor(WRITERS) as pool:
        for future in [pool.submit(work) for _ in range(WRITERS)]:
            future.result()
    turn.rates.append(count / (time.monotonic() - began))


@contextmanager
def timed_stores(stores: list[float]) -> Iterator[None]:
    """Note how long each report takes to draw its number, store its rows and commit, by one message."""

    def timed(*given: Any, **named: Any) -> Any:
        began = time.perf_counter()
        stored = right(*given, **named)
        stores.append(time.perf_counter() - began)
        return stored

    right = together.add_rows_and_commit
    with patch.object(take_module, "add_rows_and_commit", timed):
        yield


def main() -> int:
    """Run and print; return 1 when the feeds slow the writers by more than a fifth."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="how often each kind of turn comes")
    parser.add_argument("--seconds", type=float, default=10, help="of each turn")
    parser.add_argument("--pause", type=float, default=10, help="seconds between a kommune's polls")
    given = parser.parse_args()
    turns = {name: Turn() for name in TURNS}
    most = BEFORE + int(given.rounds * len(TURNS) * given.seconds * FASTEST)
    reports = tasks(most, kommuner(KOMMUNER))
    polls: dict[str, list[float]] = {name: [] for name in TURNS}
    with postgres() as server:
        engine = make_engine(server.url)
        engine.dispose()
        build(engine, kommuner(KOMMUNER), reports)
        context = Context(engine, Settings(sandbox=True))
        left = iter(reports)
        for _ in range(BEFORE):
            take(context, next(left))
        engine.dispose()
        plain = server.url.replace("+psycopg", "")
        with psycopg.connect(plain.replace("/postgres?", "/template1?"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE elsewhere TEMPLATE postgres")
        where = dict(zip(TURNS, (None, server.url.replace("/postgres?", "/elsewhere?"), server.url), strict=True))
        for _ in range(given.rounds):
            for name in TURNS:
                turn = turns[name]
                with polled(where[name], given.pause) as fetched, timed_stores(turn.stores):
                    before = fetched.value
                    write(context, left, given.seconds, turn)
                    polls[name].append((fetched.value - before) / given.seconds)
        engine.dispose()
    typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
    for name, turn in turns.items():
        rates = " ".join(f"{rate:.0f}" for rate in turn.rates)
        typer.echo(
            f"{name}: {mean(turn.rates):.1f} reports a second ({rates}), {mean(polls[name]):.1f} fetches a second"
        )
        wall, processor, storing = (median(of) * 1e3 for of in (turn.seconds, turn.processor, turn.stores))
        typer.echo(f"  a report: {wall:.1f} ms, processor {processor:.1f} ms, storing it {storing:.1f} ms")
    alone, elsewhere, here = (mean(turns[name].rates) for name in TURNS)
    typer.echo(f"with readers here, against alone: {here / alone - 1:+.0%}")
    typer.echo(f"with readers here, against the same readers elsewhere: {here / elsewhere - 1:+.0%}")
    return here < ALLOWED * alone and here < ALLOWED * elsewhere
