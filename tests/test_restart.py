"""A small ``make bench WHAT=restart``: a real PostgreSQL is stopped under load, and started again."""

import re
import subprocess
import sys

from udb.paths import ROOT


def test_what_was_acknowledged_outlives_a_stop_and_a_crash_of_postgresql_and_the_service_goes_on() -> None:
    # In a process of its own: the package that contains PostgreSQL remembers the first folder it was used with.
    size = ["--receipts", "240", "--writers", "4", "--away", "1"]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", "restart", *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert (said["receipts"], said["violations"]) == ("240", "0")
    assert int(said["calls answered UDB009104 or cut off"]) > 0
    for mode in ("fast", "immediate"):
        assert float(re.fullmatch(r"(\d+\.\d+) s", said[f"first receipt after {mode}"])[1]) <= 5
