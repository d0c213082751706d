"""Run the tests that rows of docs/krav.csv name, and compare what they enter with what the rows say does it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from tests.krav.table import CASES, CASES_IN_MEMORY, Krav
from udb.paths import ROOT

APART = {
    "tests/clients/test_clients.py::test_a_vendors_job": "the service runs in processes of its own",
}
"""Tests that enter nothing in their own process, with the reason. They are not run here and prove no row alone."""

Entered = Mapping[str, set[str]]
"""By test, the doers it entered."""


def entered(rows: Iterable[Krav], folder: Path, database: str = "sqlite") -> Entered:
    """Run the tests of some rows in a process of its own. Raise AssertionError when they do not pass."""
    tests: dict[str, set[str]] = {}
    for row in rows:
        for test in row.tests:
            if test not in APART:
                tests.setdefault(test, set()).update(row.doers)
    asked, answer = folder / "asked.json", folder / "entered.json"
    asked.write_text(json.dumps({test: sorted(doers) for test, doers in tests.items()}), encoding="utf-8")
    files = sorted({CASES_IN_MEMORY if test.startswith(CASES) else test.partition("::")[0] for test in tests})
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command += ["-p", "tests.krav.recorder", "--database", database, *files]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"KRAV_ASKED": str(asked), "KRAV_ENTERED": str(answer), "EINDKOMST_UNGE": "50"}
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-10_000:] + ran.stderr[-10_000:]
    return {test: set(found) for test, found in json.loads(answer.read_text(encoding="utf-8")).items()}


def faults(rows: Iterable[Krav], found: Entered) -> Iterator[str]:
    """Name each doer that none of its row's tests enters, and each test that enters none of its row's doers."""
    for row in rows:
        reached: set[str] = set().union(*(found.get(test, set()) for test in row.tests))
        for doer in row.doers:
            if row.tests and doer not in reached:
                yield f"{row.nummer}: no test of the row enters {doer}"
        for test in row.tests:
            if test not in APART and not found.get(test, set()).intersection(row.doers):
                yield f"{row.nummer}: {test} enters nothing of what the row names"
