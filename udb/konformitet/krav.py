"""The vejledning's requirements (docs/krav.csv) beside the scenarios that prove them, or the reason why none does."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from udb.konformitet.outcome import Outcome, Verdict, of_requirement
from udb.paths import ROOT

FILE: Final = ROOT / "docs/krav.csv"
WITHOUT: Final = Path(__file__).parent / "uden_scenarie.yaml"
COLUMNS: Final = ("nummer", "afsnit", "krav", "grund")
LATER: Final = "senere"
NOT_BUILT: Final = "Det er ikke bygget endnu."
NOT_CHOSEN: Final = "Kravets scenarier var ikke med i denne kørsel."


@dataclass(frozen=True, slots=True)
class Krav:
    """One row: number, where it stands in the vejledning, what it says (in English), and what of it comes later."""

    nummer: str
    afsnit: str
    text: str
    grund: str

    @property
    def source(self) -> str:
        """As the rules name it."""
        return f"V {self.afsnit}"


@cache
def rows() -> tuple[Krav, ...]:
    """All requirements, in the vejledning's order."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(Krav(*(row[name] for name in COLUMNS)) for row in csv.DictReader(file, delimiter=";"))


@cache
def reasons() -> dict[str, str]:
    """Why a requirement has no scenario, by number."""
    later = {krav.nummer: NOT_BUILT for krav in rows() if krav.grund.startswith(LATER)}
    return later | given_reasons()


def given_reasons() -> dict[str, str]:
    """Those of them that hold for good."""
    found = yaml.safe_load(WITHOUT.read_text(encoding="utf-8"))
    return {number: group["grund"] for group in found for number in group["krav"]}


@dataclass(frozen=True, slots=True)
class Judged:
    """A requirement after a run. ``reason``: why it was not tried."""

    krav: Krav
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    reason: str


def judged(outcomes: Iterable[Outcome]) -> list[Judged]:
    """Every requirement with how it came out."""
    by_number: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for number in outcome.scenario.krav:
            by_number.setdefault(number, []).append(outcome)
    found = []
    for krav in rows():
        own = tuple(by_number.get(krav.nummer, ()))
        verdict = of_requirement(own)
        reason = ""
        if verdict is Verdict.NOT_RUN:
            reason = own[0].reason if own else reasons().get(krav.nummer, NOT_CHOSEN)
        found.append(Judged(krav, verdict, own, reason))
    return found
