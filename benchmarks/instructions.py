"""Count the processor's instructions of a report that is taken, application alone, by valgrind's cachegrind.

The calls are replayed (``benchmarks.replay``), so a busy machine changes nothing: the figure can be compared between
two versions of the program, on the same Python and libraries. Needs valgrind (Debian: ``apt-get install valgrind``).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Final
from wsgiref.types import WSGIApplication

import typer

from benchmarks import calls, fair_floor, tasks
from benchmarks.floor import floor
from benchmarks.machine import machine
from benchmarks.postgres import postgres
from benchmarks.replay import Replay, opened_connections
from udb.paths import ROOT

CONTESTANTS: Final[dict[str, Callable[[str], WSGIApplication]]] = {
    calls.FAIR: fair_floor.fair_floor,
    calls.OURS: calls.ours,
    calls.STOCK: calls.on_spyne,
    calls.FLOOR: floor,
}
AIM: Final = 2_000_000
WARM, RECORDED = 12, 5
"""How many calls are made before the recorded ones, so that all forms of their statements are prepared, and how many
are recorded.
"""
SHORT, LONG = 4, 24
"""How many times the recorded calls are replayed: the figure is the difference, so that the start costs nothing."""
_COUNTED: Final = re.compile(r"==(\d+)== I +refs: +([\d,]+)")


def main() -> int:
    """Print the instructions per report of each contestant; 2 when valgrind is missing, 1 above the aim."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--youths", type=int, default=400)
    parser.add_argument("--only", choices=CONTESTANTS, help="count one contestant")
    parser.add_argument("--inside", nargs=2, metavar=("URL", "CONTESTANT"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        _inside(*given.inside)
        return 0
    if shutil.which("valgrind") is None:
        typer.echo(
            "make bench WHAT=instructions needs valgrind (Debian: apt-get install valgrind): nothing was counted."
        )
        return 2
    with postgres() as server:
        reports = tasks.set_up(server.url, given.youths)[tasks.REPORT.name]
        found = {name: _count(server.url, name, reports) for name in CONTESTANTS if given.only in {None, name}}
    for name, each in found.items():
        typer.echo(f"  {name:14}{each / 1e6:8.2f} million instructions a report")
    typer.echo(machine())
    ours = found.get(calls.OURS)
    typer.echo(f"aim: at most {AIM / 1e6:.1f} million" + (f", measured {ours / 1e6:.2f}" if ours else ""))
    return int(ours is not None and ours > AIM)


def _count(url: str, name: str, reports: Iterator[tasks.Call]) -> float:
    """Return the instructions of one report of a contestant."""
    made = [{**asdict(call), "body": call.body.decode()} for call in islice(reports, WARM + RECORDED)]
    with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder:
        log = Path(folder, "log")
        command = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
        command += [f"--log-file={log}", sys.executable, "-W", "ignore", "-m", "benchmarks.instructions"]
        done = subprocess.run(
            [*command, "--inside", url, name],
            cwd=ROOT,
            input=json.dumps(made),
            text=True,
            capture_output=True,
            check=False,
            # The order of a set's members decides which code runs.
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        assert done.returncode == 0, done.stderr
        by_process = {pid: int(count.replace(",", "")) for pid, count in _COUNTED.findall(log.read_text())}
        short, long = (by_process[pid] for pid in done.stdout.split())
    return (long - short) / ((LONG - SHORT) * RECORDED)


def _inside(url: str, name: str) -> None:
    """Record calls from standard input, replay them few times and many times in two processes; print their ids."""
    from udb.serve import technical_log

    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    technical_log.configure()
    made = [tasks.Call(one["path"], one["body"].encode(), one["headers"]) for one in json.load(sys.stdin)]
    with opened_connections() as opened:
        replay = Replay(CONTESTANTS[name](url), opened)
        for call in made[:WARM]:
            tasks.REPORT.check(replay.answer(call))
        for call in made[WARM:]:
            tasks.REPORT.check(replay.record(call))
    replay.again(SHORT)
    with ExitStack() as children:
        for rounds in (SHORT, LONG):
            child = os.fork()
            if not child:
                replay.again(rounds)
                # Not Python's exit: it would close the parent's connections.
                os._exit(0)
            children.callback(os.waitpid, child, 0)
            sys.stdout.write(f"{child}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
