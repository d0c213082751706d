"""The vejledning's requirements (docs/krav.csv) with the scenarios that prove them, or the reason why none does."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

from udb.conformance.fetcher.situations import SITUATIONS
from udb.conformance.sender.workbook import tasks
from udb.conformance.shared.outcome import Outcome, Tested, Verdict, of_requirement
from udb.conformance.shared.scenario import scenarios
from udb.domain.text import Text
from udb.paths import ROOT

FILE: Final = ROOT / "docs/krav.csv"
FILE_DA: Final = ROOT / "docs/krav.da.csv"
"""The same requirements in Danish, for the report."""
WITHOUT: Final = Path(__file__).parent / "without_scenario.yaml"
LATER: Final = "senere"
OWN: Final = "own"
"""The section of a requirement that the vejledning does not have."""
OWN_SOURCE: Final = "Eget krav"
NOT_BUILT: Final = "Det er endnu ikke bygget."
OF_CALLERS: Final = "Prøves hos den, der kalder: udb conformance sender og udb conformance fetcher."
NOT_CHOSEN: Final = "Kravets scenarier var ikke med i denne kørsel."


@dataclass(frozen=True, slots=True)
class Krav:
    """One row: number, section of the vejledning, text, and why it is not, or not yet, enforced."""

    nummer: str
    afsnit: str
    text: Text
    grund: str

    @property
    def source(self) -> str:
        """The section as the rules name it; of a requirement that the vejledning does not have, that it is ours."""
        return OWN_SOURCE if self.afsnit == OWN else f"V {self.afsnit}"


@cache
def rows() -> tuple[Krav, ...]:
    """Return all requirements, in the vejledning's order."""
    danish = {row["nummer"]: row["krav"] for row in _read(FILE_DA)}
    return tuple(
        Krav(row["nummer"], row["afsnit"], Text(danish[row["nummer"]], row["krav"]), row["grund"])
        for row in _read(FILE)
    )


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))


@cache
def reasons() -> dict[str, str]:
    """Return the reasons why requirements have no scenario, by number."""
    later = {krav.nummer: NOT_BUILT for krav in rows() if krav.grund.startswith(LATER)}
    return later | given_reasons()


def given_reasons() -> dict[str, str]:
    """Return the reasons that do not change, by number."""
    found = yaml.safe_load(WITHOUT.read_text(encoding="utf-8"))
    return {number: group["grund"] for group in found for number in group["krav"]}


@dataclass(frozen=True, slots=True)
class Judged:
    """A requirement after a run. ``reason``: why it was not tried."""

    krav: Krav
    verdict: Verdict
    outcomes: tuple[Outcome, ...]
    reason: str


def judged(outcomes: Iterable[Outcome], of: Tested = Tested.SERVICE) -> list[Judged]:
    """Return every requirement with its verdict; for a sender or a fetcher only those that its tasks are about."""
    by_number: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        for number in outcome.scenario.krav:
            by_number.setdefault(number, []).append(outcome)
    found = []
    for krav in rows():
        own = tuple(by_number.get(krav.nummer, ()))
        if not own and of is not Tested.SERVICE:
            continue
        verdict = of_requirement(own)
        reason = ""
        if verdict is Verdict.NOT_RUN:
            reason = str(own[0].reason) if own else _reason(krav.nummer)
        found.append(Judged(krav, verdict, own, reason))
    return found


def _reason(number: str) -> str:
    of_service = any(number in scenario.krav for scenario in scenarios())
    return reasons().get(number, NOT_CHOSEN if of_service else OF_CALLERS)


def proofs() -> dict[str, list[str]]:
    """Return what proves each requirement, by number: ids of scenarios, a sender's tasks, a fetcher's situations."""
    found: dict[str, list[str]] = {}
    callers = [task.scenario for task in tasks()] + [situation.scenario for situation in SITUATIONS]
    for scenario in (*scenarios(), *callers):
        for number in scenario.krav:
            found.setdefault(number, []).append(scenario.id)
    return {number: sorted(ids) for number, ids in found.items()}
