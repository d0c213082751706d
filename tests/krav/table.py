"""Read docs/krav.csv.

Columns: ``nummer``; ``afsnit`` (of the vejledning; own: none); ``krav``; ``slags``; ``regel_eller_modul``: what does it
(``tests.krav.doers``); ``test``: a test function ``file::function``, or rule cases ``file::Fnnn``, which are those
whose name bears that number; ``konformitet``: scenarios; ``grund``: why there is no test, or what of it comes later.
"""

import csv
import re
from dataclasses import dataclass

from udb.paths import ROOT

COLUMNS = ["nummer", "afsnit", "krav", "slags", "regel_eller_modul", "test", "konformitet", "grund"]
CASES = "tests/rules/cases/"
CASES_IN_MEMORY = "tests/rules/test_cases.py"
"""Where the rule cases are, and where they are played without a database."""
MENTION = re.compile(r"\bF(\d{3})(?:-F(\d{3}))?\b")


@dataclass(frozen=True)
class Krav:
    """One row."""

    nummer: str
    afsnit: str
    krav: str
    slags: str
    doers: tuple[str, ...]
    tests: tuple[str, ...]
    scenarios: tuple[str, ...]
    grund: str

    @property
    def later(self) -> bool:
        return self.grund.startswith("senere")


def read() -> list[list[str]]:
    with (ROOT / "docs/krav.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


HEADER, *LINES = read()
ROWS = [
    Krav(nummer, afsnit, krav, slags, tuple(doers.split()), tuple(tests.split()), tuple(scenarios.split()), grund)
    for nummer, afsnit, krav, slags, doers, tests, scenarios, grund in LINES
]
BY_NUMBER = {row.nummer: row for row in ROWS}


def mentioned(text: str) -> set[str]:
    """Find the numbers in a text; F099-F101 are three."""
    return {
        f"F{number:03}" for first, last in MENTION.findall(text) for number in range(int(first), int(last or first) + 1)
    }
