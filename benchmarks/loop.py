"""``make bench WHAT=loop``: what HTTP costs a call, and how long honest calls take beside strangers.

First an application that does nothing is served by the worker of ``udb serve`` and by gunicorn's own with threads,
paired: in every round both answer the same calls. A figure is the median of the rounds, the least in brackets:
processor time of the worker per call, how often it gave up the processor of itself, and, by strace where that is
installed, its system calls and the futexes among them.

Then ``udb serve`` runs without nginx, plain and with TLS, and strangers of one kind after another hold it up
(tests/support/strangers.py): the time of honest calls, each on a connection of its own, and how many workers ended.
"""

import argparse
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from statistics import median
from typing import Any, Final
from wsgiref.types import StartResponse, WSGIApplication

import typer

from benchmarks.serving import GTHREAD, LOOP, Contestant, serving
from tests.support.certificates import folder
from tests.support.strangers import KINDS, Target, beset, call
from tests.support.tls import tls_options
from udb.sandbox.running import free_address
from udb.store import migrate

AIM: Final = 0.3
"""Of gunicorn's own worker, HTTP alone."""
LONGEST: Final = 1.0
"""Seconds that 99 of 100 honest calls may take at most."""
NOBODY: Final = "no strangers"
_PATH: Final = "/services/UDB/DataTilKommune/v1"
_BODY: Final = b"<x/>" * 400
_ANSWER: Final = b"<y/>" * 75
_STRACED: Final = 200


def nothing() -> WSGIApplication:
    """Return an application that reads a call and answers with as many bytes as a receipt has."""

    def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.input"].read()
        start_response("200 OK", [("Content-Type", "text/xml"), ("Content-Length", str(len(_ANSWER)))])
        return [_ANSWER]

    return application


def compare(rounds: int, calls: int) -> float:
    """Print what a call costs on both workers; return the median of the rounds' ratios."""
    costs: dict[str, list[tuple[float, float]]] = {LOOP: [], GTHREAD: []}
    with ExitStack() as stack:
        contestants = {name: stack.enter_context(serving(nothing, on=name, is_measured=False)) for name in costs}
        for turn in range(rounds + 1):
            names = [*costs] if turn % 2 else [*reversed(costs)]
            for name in names:
                cost = _cost(contestants[name], calls)
                # The first round warms up.
                if turn:
                    costs[name].append(cost)
        for name, of in costs.items():
            spent, switches = ([one[part] * 1e3 for one in of] for part in (0, 1))
            typer.echo(
                f"  {name:10}{median(spent):8.3f} ms ({min(spent):.3f}), gives up the processor "
                f"{median(switches) / 1e3:.1f} times{_traced(contestants[name])}"
            )
    ratio = median(ours / theirs for (ours, _), (theirs, _) in zip(costs[LOOP], costs[GTHREAD], strict=True))
    typer.echo(f"  {LOOP} of {GTHREAD}: {ratio:.2f}, aim {AIM}")
    return ratio


def _cost(contestant: Contestant, calls: int) -> tuple[float, float]:
    """Return the mean of a call: seconds of the processor, and voluntary switches."""
    contestant.new_connection()
    used, switched = contestant.outside(), _switches(contestant.worker())
    for _ in range(calls):
        contestant.post(_PATH, _BODY, {})
    return (contestant.outside() - used) / calls, (_switches(contestant.worker()) - switched) / calls


def _switches(pid: int) -> int:
    return sum(
        int(re.findall(r"^voluntary_ctxt_switches:\s*(\d+)", (thread / "status").read_text(), re.MULTILINE)[0])
        for thread in Path(f"/proc/{pid}/task").iterdir()
    )


def _traced(contestant: Contestant) -> str:
    """Return the system calls per call as text."""
    strace = shutil.which("strace")
    if strace is None:
        return "; strace is not installed"
    with tempfile.NamedTemporaryFile("r") as file:
        command = [strace, "-f", "-c", "-U", "calls,name", "-o", file.name, "-p", str(contestant.worker())]
        with subprocess.Popen(command, stderr=subprocess.DEVNULL) as tracing:
            time.sleep(1)
            contestant.new_connection()
            for _ in range(_STRACED):
                contestant.post(_PATH, _BODY, {})
            tracing.terminate()
        found = {name: int(number) for number, name in re.findall(r"^ *(\d+) (\w+)$", file.read(), re.MULTILINE)}
    total = found.pop("total", 0)
    return f"; {total / _STRACED:.1f} system calls, of them {found.get('futex', 0) / _STRACED:.1f} futexes"


@contextmanager
def service(*options: str, files: int) -> Iterator[tuple[Target, Path]]:
    """Run ``udb serve`` with two workers and so many file numbers while the block runs; yield it and its log."""
    bind = free_address()
    host, _, port = bind.rpartition(":")
    secure = ssl.create_default_context(cafile=str(folder() / "ca.pem")) if options else None
    target = Target(host, int(port), secure)
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as at:
        url = f"sqlite:///{Path(at, 'udb.sqlite')}"
        migrate.upgrade(url)
        log = Path(at, "log")
        start = ["sh", "-c", f'ulimit -n {files}; exec "$@"', "sh"]
        command = [*start, sys.executable, "-m", "udb", "serve", "--bind", bind, *options]
        with log.open("wb") as output:
            settings = os.environ | {"UDB_DATABASE_URL": url}
            with subprocess.Popen(command, env=settings, stdout=output, stderr=output) as process:
                try:
                    _wait(target, process, log)
                    yield target, log
                finally:
                    process.terminate()


def _wait(target: Target, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 300
    while time.monotonic() < end and process.poll() is None:
        try:
            call(target)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(log.read_text())


def hold_up(names: list[str], seconds: float, files: int) -> float:
    """Print the times of honest calls beside each kind of stranger; return the longest 99th of 100."""
    longest = 0.0
    for how, options in (("plain", []), ("TLS", tls_options())):
        with service(*options, files=files) as (target, log):
            for name in (NOBODY, *names):
                before = log.read_text().count("Booting worker")
                times, failed = _timed(target, name, seconds)
                ended = log.read_text().count("Booting worker") - before
                late = sorted(times)[int(len(times) * 0.99)] if times else float("inf")
                longest = max(longest, late)
                typer.echo(
                    f"  {how:6}{name:16}{len(times):6} calls{failed:4} failed{median(times or [late]) * 1e3:9.1f} ms"
                    f"{late * 1e3:10.1f} ms for 99 of 100{ended:4} workers ended"
                )
    return longest


def _timed(target: Target, name: str, seconds: float) -> tuple[list[float], int]:
    times, failed = [], 0
    with nullcontext() if name == NOBODY else beset(target, name):
        time.sleep(min(1, seconds / 5))
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            try:
                call(target)
            except OSError:
                failed += 1
            else:
                times.append(time.monotonic() - began)
    return times, failed


def main() -> int:
    """Run both; return 1 when an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--calls", type=int, default=200, help="calls of each worker in a round")
    parser.add_argument("--seconds", type=float, default=10, help="how long each kind of stranger calls")
    parser.add_argument("--strangers", choices=KINDS, nargs="*", default=[*KINDS])
    parser.add_argument("--files", type=int, default=1024, help="ulimit -n of the service")
    given = parser.parse_args()
    typer.echo("HTTP alone, an application that does nothing, one caller on one connection:")
    ratio = compare(given.rounds, given.calls)
    typer.echo("\nhonest calls of /health/live beside strangers, two workers, without nginx:")
    longest = hold_up(given.strangers, given.seconds, given.files)
    typer.echo(f"\nmachine: {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    typer.echo(f"load average {os.getloadavg()[0]:.1f}; {given.rounds} rounds of {given.calls} calls")
    typer.echo(f"longest time for 99 of 100 calls: {longest:.2f} s, aim {LONGEST:.0f} s")
    return int(ratio > AIM or longest > LONGEST)
