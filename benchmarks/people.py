"""``make bench WHAT=people``: measure what the pages for people cost the senders, a worker's memory, and themselves.

Writers report at a steady rate, in turns of some seconds: alone, and while 20 people click: user administrators open
forms and their reports, guidance officers find youths and open lists, five pages a second in all; and while a leader
reconciles lists of 5,000 rows, one after the other. Beside each stands its floor: turns in which a process that knows
nothing of the service computes as much on the same cores. Prints the 95th percentile of a report's time in each kind of
turn; then a worker's memory with and without the portal after the same calls; then a form page's processor time. Exits
with 1 when a limit is passed, with 2 when a page or a report failed.
"""

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection
from itertools import cycle
from operator import truediv
from pathlib import Path
from statistics import median, quantiles
from typing import Final
from urllib.parse import urlencode

import typer
from sqlalchemy import Engine

from benchmarks.callers import PATIENCE, report
from benchmarks.land import Kommune, Task, build, kommuner, tasks
from benchmarks.machine import machine
from benchmarks.memory import database, resident
from tests.support.reporting import Administrator, agree
from tests.support.service import Service
from tests.support.world import GYMNASIUM
from udb.context import Context
from udb.domain.formaal import Formaal
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.portal import sessions
from udb.portal.app import ROOT, application
from udb.portal.roles import Role
from udb.settings import Settings
from udb.store.engine import make_engine, writing

PEOPLE: Final = 20
PAGES_A_SECOND: Final = 5
WRITERS: Final = 4
SLOWER: Final = 1.2
"""How much higher a report's 95th percentile may be while people click or a list is reconciled."""
HAND_OVER_AFTER: Final = 0.0001
"""Seconds after which this process's own threads let each other go on: its readers of pages would delay its writers."""
PAGE: Final = 0.02
"""Seconds that a page computes in worker and database together: what the floor computes five times a second."""
MORE_MEMORY: Final = 25
"""MiB that the portal may add to a worker."""
FORM_PAGE: Final = 5.0
"""Milliseconds of processor time that a form page may take."""
WARM: Final = 50
FORM: Final = "application/x-www-form-urlencoded"
_FORM: Final = f"{ROOT}/indberet/oplysninger?" + urlencode({"tjeneste": UNGDOMSUDDANNELSE, "hvad": "optaget"})
_OF_ADMINISTRATORS: Final = (f"{ROOT}/indberet/", f"{ROOT}/indberet/ny", _FORM, f"{ROOT}/indberet/mine/")
_OF_OFFICERS: Final = (f"{ROOT}/unge/", f"{ROOT}/unge/liste/", f"{ROOT}/unge/egne/")


@dataclass
class Seen:
    """The milliseconds that reports and pages took in one turn."""

    reports: list[float] = field(default_factory=list)
    pages: list[float] = field(default_factory=list)


ALONE, CLICKED, RECONCILED = "alone", f"while {PEOPLE} people click", "while a leader reconciles lists"
AS_CLICKED, AS_RECONCILED = "while another process computes as much as the pages", "while another process computes on"
FLOORS: Final = {CLICKED: AS_CLICKED, RECONCILED: AS_RECONCILED}
_COMPUTE: Final = """
import sys, time
much, pause = map(float, sys.argv[1:])
while True:
    end = time.process_time() + much
    while time.process_time() < end:
        pass
    time.sleep(pause)
"""
LINES: Final = 5000
"""Of the list that a leader reconciles: the most that a file may have."""


class Person:
    """A person who has logged in, and clicks from page to page."""

    def __init__(self, engine: Engine, bind: str, role: Role, nummer: str, number: int) -> None:
        with writing(engine) as connection:
            choice = sessions.Choice(role, nummer)
            self._cookie = sessions.begin(
                connection, udbyder="maaling", subjekt=f"person-{number}", sid=None, choices=[choice]
            )
            sessions.set_purpose(connection, self._cookie, Formaal.VEJLEDNING)
            session, _ = sessions.find(connection, self._cookie)
        assert session is not None
        self._csrf = session.csrf
        self._bind = bind

    def click(self, path: str) -> None:
        """Open a page. Anything but a page is a defect of the benchmark."""
        self._ask("GET", path)

    def find(self, cprnr: str) -> None:
        """Look a youth up and open the page."""
        found = self._ask("POST", f"{ROOT}/unge/find", urlencode({"csrf": self._csrf, "CPRNr": cprnr}))
        assert found is not None, "a youth was not found"
        self.click(found)

    def reconcile(self, rows: str) -> None:
        """Compare a list of contacts with UDB."""
        fields = {"csrf": self._csrf, "hvad": "kontakt", "som": "vis", "dag": "", "fra": "", "til": ""}
        part = '--delen\r\nContent-Disposition: form-data; name="{}"{}\r\n\r\n{}'
        parts = [part.format(name, "", said) for name, said in fields.items()]
        parts.append(part.format("fil", '; filename="liste.csv"\r\nContent-Type: text/csv', rows))
        body = "\r\n".join([*parts, "--delen--", ""])
        self._ask("POST", f"{ROOT}/afstemning/", body, "multipart/form-data; boundary=delen")

    def _ask(self, method: str, path: str, body: str | None = None, kind: str = FORM) -> str | None:
        connection = HTTPConnection(self._bind, timeout=PATIENCE)
        headers = {"Cookie": f"{sessions.COOKIE}={self._cookie}", "Origin": f"http://{self._bind}"}
        form = {"Content-Type": kind} if body else {}
        connection.request(method, path, body, {**headers, **form})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        assert answer.status in {200, 303}, (answer.status, path, re.sub(r"\s+", " ", text)[-600:])
        return answer.getheader("Location")


def ways(engine: Engine, bind: str, there: list[Kommune], reports: list[Task]) -> list[Iterator[Callable[[], None]]]:
    """Return what each person clicks, without an end: half are administrators, half are officers."""
    rolls = random.Random(3)  # noqa: S311 - no secret
    found: list[Iterator[Callable[[], None]]] = []
    for number in range(PEOPLE):
        if number % 2:
            administrator = Person(engine, bind, Role.BRUGERADMINISTRATOR, GYMNASIUM, number)
            found.append(cycle([partial(administrator.click, path) for path in _OF_ADMINISTRATORS]))
        else:
            home = there[number]
            officer = Person(engine, bind, Role.VEJLEDER, home.nummer, number)
            youths = [task.payload["CPRNr"] for i, task in enumerate(reports) if there[i % len(there)] is home]
            clicks: list[Callable[[], None]] = [partial(officer.click, path) for path in _OF_OFFICERS]
            clicks += [partial(officer.find, cprnr) for cprnr in rolls.sample(youths, 4)]
            found.append(cycle(clicks))
    return found


@contextmanager
def clicked(ways: list[Iterator[Callable[[], None]]], seen: Seen) -> Iterator[None]:
    """Let people click while the block runs."""
    over = threading.Event()

    def person(way: Iterator[Callable[[], None]], number: int) -> None:
        pause = PEOPLE / PAGES_A_SECOND
        if over.wait(pause * number / PEOPLE):
            return
        while True:
            began = time.perf_counter()
            next(way)()
            took = time.perf_counter() - began
            seen.pages.append(took * 1e3)
            if over.wait(max(0.0, pause - took)):
                return

    with ThreadPoolExecutor(max(1, len(ways))) as pool:
        running = [pool.submit(person, way, number) for number, way in enumerate(ways)]
        try:
            yield
        finally:
            over.set()
        for one in running:
            one.result()


@contextmanager
def reconciled(engine: Engine, bind: str, there: list[Kommune], reports: list[Task], seen: Seen) -> Iterator[None]:
    """Let a leader reconcile the largest list, one after the other, while the block runs."""
    over = threading.Event()
    leader = Person(engine, bind, Role.LEDER, there[0].nummer, PEOPLE)
    numbers = [task.payload["CPRNr"] for task in reports[:LINES]]
    rows = "\n".join(["CPRNr;KontaktNavn", *(f"{cprnr};Vera Vejleder" for cprnr in numbers)])

    def upload() -> None:
        while not over.is_set():
            began = time.perf_counter()
            leader.reconcile(rows)
            seen.pages.append((time.perf_counter() - began) * 1e3)

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(upload)
        try:
            yield
        finally:
            over.set()
        running.result()


@contextmanager
def computed(seconds: float, pause: float) -> Iterator[None]:
    """Let another process compute for some seconds and pause, again and again, while the block runs."""
    with subprocess.Popen([sys.executable, "-c", _COMPUTE, str(seconds), str(pause)]) as process:
        try:
            yield
        finally:
            process.kill()


def write(bind: str, left: Iterator[Task], rate: float, seconds: float, seen: Seen) -> None:
    """Report at a steady rate for some seconds; a report that is late does not delay the clock of the next."""
    lock, end = threading.Lock(), time.monotonic() + seconds

    def writer(number: int) -> None:
        due = time.monotonic() + number / rate
        while due < end:
            time.sleep(max(0.0, due - time.monotonic()))
            with lock:
                task = next(left)
            began = time.perf_counter()
            report(bind, task.service, task.payload, task.key)
            seen.reports.append((time.perf_counter() - began) * 1e3)
            due += WRITERS / rate

    with ThreadPoolExecutor(WRITERS) as pool:
        for one in [pool.submit(writer, number) for number in range(WRITERS)]:
            one.result()


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(times, n=20)[-1]


@contextmanager
def service(url: str, folder: str, portal: str, workers: int) -> Iterator[Service]:
    """Serve while the block runs."""
    # Whoever clicks ten hours' worth of pages in a minute must not be held back.
    found = Service(url, Path(folder, f"{portal}.log"), "--workers", str(workers), "--portal", portal, TMPDIR=folder)
    address = f"http://{found.bind}"
    found.start(UDB_PORTAL_ADRESSE=address, UDB_OPSLAG_I_TIMEN="0", UDB_AFSTEMNING_MAKS="0", UDB_KALD_I_MINUTTET="0")
    try:
        yield found
    finally:
        found.kill()


def memory(url: str, folder: str, engine: Engine, there: list[Kommune], reports: list[Task], calls: int) -> float:
    """Return how many MiB more a worker with the portal has, after the same calls and every kind of page."""
    used = {}
    for portal in ("off", "on"):
        with service(url, folder, portal, 1) as one:
            for task in reports[:calls]:
                report(one.bind, task.service, task.payload, task.key)
            if portal == "on":
                for way in ways(engine, one.bind, there, reports):
                    for _ in range(8):
                        next(way)()
            used[portal] = resident(one.only_worker()) / 1024
    typer.echo(f"a worker's memory: {used['off']:.1f} MiB without the portal, {used['on']:.1f} with it and its pages")
    return used["on"] - used["off"]


def form_page(engine: Engine, rounds: int) -> float:
    """Return the processor time of a form page in milliseconds: the median."""
    browser = Administrator(
        application(Context(engine, Settings(sandbox=True)), "https://127.0.0.1:8080"), engine, GYMNASIUM
    )
    times = []
    for _ in range(rounds + WARM):
        began = time.process_time()
        page = browser.get(_FORM)
        times.append((time.process_time() - began) * 1e3)
        assert page.status_code == 200, page.text  # noqa: PLR2004 - OK
    return median(times[WARM:])


def main() -> int:
    """Measure and print; return 1 when a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=6, help="how often each kind of turn comes")
    parser.add_argument("--seconds", type=float, default=12, help="of each turn")
    parser.add_argument("--rate", type=float, default=20, help="reports a second")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--calls", type=int, default=500, help="before memory is read")
    parser.add_argument("--pages", type=int, default=300, help="form pages that are timed")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    given = parser.parse_args()
    # Who reports here waits for no one who reads a page here.
    sys.setswitchinterval(HAND_OVER_AFTER)
    there = kommuner(98)
    kinds = (ALONE, CLICKED, AS_CLICKED, RECONCILED, AS_RECONCILED)
    most = max(LINES, 2000) + int(given.rounds * len(kinds) * given.seconds * given.rate)
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder, database(given.database, folder) as url:
        reports = tasks(most, there)
        engine = make_engine(url)
        build(engine, there, reports)
        for nummer in (GYMNASIUM, *(kommune.nummer for kommune in there)):
            agree(engine, nummer)
        added = memory(url, folder, engine, there, reports, given.calls)
        form = form_page(engine, given.pages)
        turns: dict[str, list[Seen]] = {kind: [] for kind in kinds}
        with service(url, folder, "on", given.workers) as served:
            left, people = iter(reports[1000:]), ways(engine, served.bind, there, reports)
            for kind in kinds * given.rounds:
                seen = Seen()
                beside: dict[str, AbstractContextManager[None]] = {
                    ALONE: nullcontext(),
                    CLICKED: clicked(people, seen),
                    AS_CLICKED: computed(PAGE, 1 / PAGES_A_SECOND - PAGE),
                    RECONCILED: reconciled(engine, served.bind, there, reports, seen),
                    AS_RECONCILED: computed(1.0, 0.0),
                }
                with beside[kind]:
                    write(served.bind, left, given.rate, given.seconds, seen)
                turns[kind].append(seen)
        engine.dispose()
    p95s = {kind: [p95(seen.reports) for seen in found] for kind, found in turns.items()}
    typer.echo(machine())
    for kind, found in p95s.items():
        typer.echo(f"p95 of a report, {kind}: {median(found):.1f} ms ({' '.join(f'{one:.1f}' for one in found)})")
    ratios = {kind: median(map(truediv, p95s[kind], p95s[ALONE])) for kind in kinds}
    for kind, floor in FLOORS.items():
        took = [one for seen in turns[kind] for one in seen.pages]
        typer.echo(f"{kind}: median of the rounds' ratios {ratios[kind]:.2f} (at most {SLOWER})")
        typer.echo(f"  {floor}: {ratios[floor]:.2f}")
        typer.echo(f"  {len(took)} pages, median {median(took):.0f} ms, longest {max(took):.0f} ms")
    typer.echo(f"the portal adds {added:.1f} MiB to a worker (at most {MORE_MEMORY})")
    typer.echo(f"a form page: {form:.2f} ms of processor time (at most {FORM_PAGE}); load {os.getloadavg()[0]:.1f}")
    return int(max(ratios[kind] for kind in FLOORS) > SLOWER or added > MORE_MEMORY or form > FORM_PAGE)
