"""Every measurement runs to its end. Its figures mean nothing at such a size, so a missed aim is no failure."""

import subprocess
import sys

import pytest

from benchmarks.__main__ import MEASUREMENTS
from tests.support.size import LARGE
from udb.paths import ROOT

ENDS = {
    "eindkomst": ("--youths 2000", "target: the ordinary month"),
    "extract": ("--events 4000 --database sqlite", "memory:"),
    "figures": ("--youths 2000", "target: at most 300 MiB"),
    "leak": ("--pairs 10", "pairs of calls that can be told apart by time"),
    "loop": ("--rounds 1 --calls 20 --seconds 1 --strangers silent", "longest"),
    "memory": ("--calls 800 --warm 400 --database sqlite", "ratio"),
    "trip": ("", "  access/"),
    "people": ("--rounds 1 --seconds 1 --calls 20 --pages 20 --database sqlite", "a form page"),
    "polling": ("--rounds 1 --seconds 1 --pause 2", "with readers here, against the same readers elsewhere"),
}
"""By module: its smallest size, and how its last line begins."""
APART = {"feed", "restart"}
"""These have tests of their own, which check their figures."""
LONG = {
    "failover": ("--rounds 1 --kinds hand-over host --reports 4000", "violations: 0"),
    "calls": ("--rounds 1 --youths 4500 --database sqlite", "1 rounds"),
    "instructions": ("--only udb --youths 100", "aim: at most"),
    "pages": ("--youths 1000 --database sqlite", "list of 100, filtered"),
    "nation": ("--youths 55000 --events 500000 --rounds 1 --seconds 5", "highest ratio"),
}
"""These take minutes, so only make check-large runs them: pages of a thousand events need many youths, and valgrind is
slow.
"""
NOT_HERE = "nothing was counted.\n"
"""The end of a measurement that lacks a program of the machine's, and says which."""


def test_every_measurement_is_tried_unless_it_is_long() -> None:
    files = (ROOT / "benchmarks").glob("[a-z]*.py")
    programs = {file.stem for file in files if "def main()" in file.read_text("utf-8")}
    assert programs == MEASUREMENTS.keys() == ENDS.keys() | APART | LONG.keys()


@pytest.mark.parametrize("name", [*ENDS, *(pytest.param(name, marks=pytest.mark.large) for name in LONG if LARGE)])
def test_a_measurement_runs_to_its_end(name: str) -> None:
    # In a process of its own: the package that contains PostgreSQL remembers the first folder it was used with.
    size, last = (ENDS | LONG)[name]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", name, *size.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=3600, check=False)
    assert done.returncode in {0, 1} or done.stdout.endswith(NOT_HERE), done.stderr
    *_, final = done.stdout.splitlines() or [""]
    assert final.startswith(last) or done.stdout.endswith(NOT_HERE), (done.stdout, done.stderr)
