"""``make bench WHAT=memory``: check that one worker does not grow under many mixed calls.

Reports (most of them repeated under their key, some new, some refused), fetches of all three kinds, Ping, messages
that are no XML or not the schema, wrong keys and contracts, from several callers at once. Prints the worker's resident
memory after the first ten thousand calls and at the end; exit 1 when the latter is more than 1.1 times the former, or
when a worker died.
"""

import argparse
import http.client
import os
import platform
import random
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import typer

from benchmarks.callers import PATIENCE
from benchmarks.land import Kommune, Task, build, kommuner, tasks
from benchmarks.postgres import postgres
from tests.support.endpoint import basic
from tests.support.service import Service
from udb.domain.services import DATA_TIL_KOMMUNE, SERVICES
from udb.sandbox.soapcall import envelope
from udb.store import migrate
from udb.store.engine import make_engine
from udb.wsdl.soap import SOAP11

ALLOWED: Final = 1.1
WARM: Final = 10_000
_YOUTHS: Final = 2000
_KOMMUNER: Final = 98
_CALLERS: Final = 4

Request = tuple[str, str, bytes, dict[str, str]]


class Caller:
    """One caller with a connection of its own; makes calls of every kind."""

    def __init__(self, bind: str, reports: list[Task], there: list[Kommune], seed: int) -> None:
        self.bind, self.reports = bind, reports
        self.kommuner = there
        self.rolls = random.Random(seed)  # noqa: S311 - no secret
        self.statuses: Counter[int] = Counter()

    def make(self, count: int) -> None:
        """Make this many calls, one after the other."""
        connection = http.client.HTTPConnection(self.bind, timeout=PATIENCE)
        for _ in range(count):
            method, path, body, headers = self.next_request()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1
        connection.close()

    def next_request(self) -> Request:
        """Return a request of a random kind: method, path, body and headers."""
        kinds = (self._report, self._new, self._by_number, self._look_up, self._ping, self._broken, self._contract)
        (kind,) = self.rolls.choices(kinds, weights=(40, 15, 15, 15, 5, 8, 2))
        return kind()

    def _report(self) -> Request:
        task = self.rolls.choice(self.reports)
        payload = {**task.payload, **({"HaendelseDato": "2031-01-01T00:00:00"} if self.rolls.random() < 0.2 else {})}  # noqa: PLR2004 - a fifth is refused
        return self._post(task.service, task.service, payload, f"{task.key} {payload['HaendelseDato']}")

    def _new(self) -> Request:
        return self._fetch()

    def _by_number(self) -> Request:
        return self._fetch(HaendelseNummer=f"UDB-{99 * 10**21}")

    def _look_up(self) -> Request:
        return self._fetch(CPRNr=self.rolls.choice(self.reports).payload["CPRNr"])

    def _fetch(self, **criterion: str) -> Request:
        payload = {"InstitutionNummer": self.rolls.choice(self.kommuner).nummer, **criterion}
        return self._post(DATA_TIL_KOMMUNE, "HentHaendelser", payload, f"hentning {self.rolls.getrandbits(64)}")

    def _ping(self) -> Request:
        body = f'<PingRequest xmlns="{SERVICES[DATA_TIL_KOMMUNE].namespace}"/>'
        return self._send(DATA_TIL_KOMMUNE, self._soap(body))

    def _broken(self) -> Request:
        task = self.rolls.choice(self.reports)
        body = envelope(task.service, task.service, task.payload, "uden gyldig form")
        mistake = self.rolls.randrange(4)
        if mistake == 0:
            return self._send(task.service, body[: self.rolls.randrange(len(body))])
        if mistake == 1:
            return self._send(task.service, re.sub(r"<(\S*HaendelseDato)>[^<]*", rf"<\1>{self.rolls.random()}", body))
        if mistake == 2:  # noqa: PLR2004 - one of four
            return self._send(task.service, body.replace("KildeLeverandoer", f"Ukendt{self.rolls.getrandbits(64)}"))
        return self._send(task.service, body, basic(key=f"forkert {self.rolls.random()}"))

    def _contract(self) -> Request:
        return "GET", f"{self.rolls.choice(list(SERVICES.values())).path}?wsdl", b"", {}

    def _post(self, service: str, operation: str, payload: dict[str, str], key: str) -> Request:
        return self._send(service, envelope(service, operation, payload, key))

    def _soap(self, body: str) -> str:
        return f'<s:Envelope xmlns:s="{SOAP11.namespace}"><s:Body>{body}</s:Body></s:Envelope>'

    def _send(self, service: str, body: str, authorization: str | None = None) -> Request:
        headers = {"Content-Type": SOAP11.content_type, "Authorization": authorization or basic()}
        return "POST", SERVICES[service].path, body.encode(), headers


@contextmanager
def database(kind: str, folder: str) -> Iterator[str]:
    """Yield the URL of a migrated database."""
    # SQLite keeps its pages in the worker's own memory: up to 2 MB for each connection.
    if kind == "postgresql":
        with postgres() as server:
            yield server.url
    else:
        url = f"sqlite:///{folder}/udb.sqlite"
        migrate.upgrade(url)
        yield url


def resident(pid: int) -> int:
    """Return a process's resident memory in KiB."""
    found = re.search(r"^VmRSS:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found, "every process has one"
    return int(found[1])


def watch(pid: int, every: float, stopped: threading.Event, seen: list[int]) -> None:
    """Note a process's memory until stopped."""
    while not stopped.wait(every):
        seen.append(resident(pid))


def _tenths(seen: list[int]) -> str:
    return " ".join(str(seen[len(seen) * i // 10]) for i in range(10) if seen)


def main() -> int:
    """Run and print; return 1 when the worker grew."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=1_000_000)
    parser.add_argument("--warm", type=int, default=WARM, help="calls after which memory is first looked at")
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder, database(given.database, folder) as url:
        there = kommuner(_KOMMUNER)
        reports = tasks(_YOUTHS, there)
        engine = make_engine(url)
        build(engine, there, reports)
        engine.dispose()
        service = Service(url, Path(os.devnull), "--workers", "1", TMPDIR=folder)
        service.start()
        try:
            callers = [Caller(service.bind, reports, there, seed) for seed in range(_CALLERS)]
            pid = service.only_worker()
            seen: list[int] = []
            began = time.monotonic()
            with ThreadPoolExecutor(_CALLERS) as pool:
                list(pool.map(lambda caller: caller.make(given.warm // _CALLERS), callers))
                first = resident(pid)
                stopped = threading.Event()
                watching = threading.Thread(target=watch, args=(pid, 10, stopped, seen))
                watching.start()
                try:
                    list(pool.map(lambda caller: caller.make((given.calls - given.warm) // _CALLERS), callers))
                finally:
                    stopped.set()
                    watching.join()
            last, same = resident(pid), service.only_worker() == pid
            seconds = time.monotonic() - began
        finally:
            service.kill()
    statuses = sum((caller.statuses for caller in callers), Counter[int]())
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    typer.echo(f"machine: {machine}, load average {os.getloadavg()[0]:.1f}")
    typer.echo(f"calls: {statuses.total()} in {seconds:.0f} s; by HTTP status: {dict(sorted(statuses.items()))}")
    typer.echo(f"resident memory of the worker after {given.warm} calls: {first} KiB; at the end: {last} KiB")
    typer.echo(f"most in between: {max([first, *seen])} KiB; as it went: {_tenths(seen)}")
    typer.echo(f"ratio: {last / first:.3f}")
    if not same:
        typer.echo("WRONG: the worker died.", err=True)
    return not same or last > ALLOWED * first
