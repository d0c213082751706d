"""The mutants that no test kills, each with its reason, and the page that lists them.

``survivors.yml`` holds the reasons and the figures of the last whole run; ``docs/mutation.md`` is made from it.
"""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from udb.paths import ROOT

HERE = Path(__file__).parent
FILE = HERE / "survivors.yml"
PAGE = ROOT / "docs" / "mutation.md"
LEAST = 95
"""The least per cent of mutants to kill."""


class Mutant(NamedTuple):
    """One change of one line."""

    module: str
    was: str
    now: str


def ledger() -> dict[str, Any]:
    """Return the ledger: ``command``, ``run`` (figures) and ``survivors``."""
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))


def write(held: Mapping[str, Any]) -> None:
    """Write the ledger and its page."""
    FILE.write_text(yaml.safe_dump(dict(held), allow_unicode=True, sort_keys=False, width=110), encoding="utf-8")
    PAGE.write_text(page(held), encoding="utf-8")


def reasons(held: Mapping[str, Any]) -> dict[Mutant, str]:
    """Return why each listed survivor survives."""
    return {mutant: entry["reason"] for mutant, entry in _entries(held)}


def listed(held: Mapping[str, Any]) -> Counter[Mutant]:
    """Return the listed survivors; the same change of the same line may survive in several places."""
    return Counter({mutant: entry.get("times", 1) for mutant, entry in _entries(held)})


def _entries(held: Mapping[str, Any]) -> list[tuple[Mutant, dict[str, Any]]]:
    return [
        (Mutant(module, entry["was"], entry["now"]), entry)
        for module, entries in held["survivors"].items()
        for entry in entries
    ]


def percent(run: Mapping[str, int]) -> float:
    """Return the per cent killed, rounded down to a tenth."""
    return int(1000 * run["killed"] / run["mutants"]) / 10


def page(held: Mapping[str, Any]) -> str:
    """Return the page as markdown."""
    run = held["run"]
    parts = []
    for module, entries in held["survivors"].items():
        parts.append(f"### {module}\n")
        parts += [f"{entry['reason']}\n\n```diff\n- {entry['was']}\n+ {entry['now']}\n```\n" for entry in entries]
    return (
        (HERE / "page.md")
        .read_text(encoding="utf-8")
        .format(
            **run,
            least=LEAST,
            percent=percent(run),
            survived=run["mutants"] - run["killed"],
            command=held["command"],
            survivors="\n".join(parts).strip(),
        )
    )
