"""The rows of docs/krav.csv."""

import csv
import re
from dataclasses import dataclass
from typing import Final

from udb.paths import ROOT

MENTION: Final = re.compile(r"\bF(\d{3})(?:-F(\d{3}))?\b")


@dataclass(frozen=True)
class Krav:
    """One row; ``tests/test_krav.py`` says what its columns hold."""

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
        """Return whether the row waits for something that is not built yet."""
        return self.grund.startswith("senere")


def read() -> list[list[str]]:
    """Read the file."""
    with (ROOT / "docs/krav.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


HEADER, *LINES = read()
ROWS: Final = [
    Krav(nummer, afsnit, krav, slags, tuple(doers.split()), tuple(tests.split()), tuple(scenarios.split()), grund)
    for nummer, afsnit, krav, slags, doers, tests, scenarios, grund in LINES
]


def mentioned(text: str) -> set[str]:
    """Return the numbers in a text; F099-F101 are three."""
    return {
        f"F{number:03}" for first, last in MENTION.findall(text) for number in range(int(first), int(last or first) + 1)
    }
