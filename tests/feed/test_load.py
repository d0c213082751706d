"""A small ``make bench WHAT=feed``: killed workers and a restart of PostgreSQL lose nothing and send nothing twice."""

import subprocess
import sys

from udb.paths import ROOT


def test_a_small_load_with_kills_and_a_restart() -> None:
    # In a process of its own: the package that contains PostgreSQL remembers the first folder it was used with.
    size = ["--receipts", "300", "--restarts", "1", "--kill-every", "2"]
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks", "feed", *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert done.returncode == 0, done.stderr
    assert said["receipts"].startswith("300 in ")
    assert (said["violations"], said["PostgreSQL restarted"], said["events told"]) == ("0", "1", "900")
    assert int(said["workers killed"]) > 0
