"""The scenarios: data files beside this module, read and checked.

A file has ``scenarios``. A scenario has an ``id``, a ``name``, the rows of docs/krav.csv it proves (``krav``), what to
do when it fails (``advice``, or the ``rule`` whose text says it), the rows of docs/fortolkninger.md it leans on
(``readings``), and ``steps``, or ``parts`` that each have a name and steps of their own. ``clock``, ``youths`` and
``each`` are the scenario's or the part's. docs/konformitet.md tells the steps.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

FOLDER: Final = Path(__file__).parents[1] / "scenarios"
RULES_FILE: Final = "regler.yaml"
"""Written from the rules' cases by ``make docs``; also holds the shared youths and the kinds of report."""
LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Step = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """What is played in one go. ``clock`` None: needs no clock; ``youths``: birth date, status and kommune by name."""

    name: str
    clock: date | datetime | None
    youths: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One thing that is tried. ``last``: after all others."""

    id: str
    name: str
    krav: tuple[str, ...]
    advice: str
    rule: str | None
    parts: tuple[Part, ...]
    last: bool
    readings: tuple[str, ...] = ()

    @property
    def needs_sandbox(self) -> bool:
        """Whether it needs the sandbox's clock and imports."""
        return any(part.clock is not None or part.youths for part in self.parts)


@dataclass(frozen=True, slots=True)
class Shared:
    """What the scenarios share: the day they begin, the youth of those that name none, the kinds of report."""

    clock: date
    youths: Mapping[str, Mapping[str, Any]]
    reports: Mapping[str, Mapping[str, Any]]


@cache
def shared() -> Shared:
    """From the rules' file."""
    found = _read(FOLDER / RULES_FILE)["shared"]
    return Shared(found["clock"], found["youths"], found["reports"])


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return all of them: the contract first, those that need what the others have left behind last."""
    found = [_scenario(told) for path in sorted(FOLDER.glob("*.yaml")) for told in _read(path)["scenarios"]]
    return tuple(sorted(found, key=lambda scenario: scenario.last))


def _scenario(told: Mapping[str, Any]) -> Scenario:
    parts = [told] if "steps" in told else told["parts"]
    return Scenario(
        id=told["id"],
        name=told["name"],
        krav=tuple(told.get("krav", ())),
        advice=told.get("advice", ""),
        rule=told.get("rule"),
        parts=tuple(part for one in parts for part in _parts({**_of_all(told), **one})),
        last=told.get("last", False),
        readings=tuple(told.get("readings", ())),
    )


def _of_all(told: Mapping[str, Any]) -> dict[str, Any]:
    return {key: told[key] for key in ("clock", "youths") if key in told}


def _parts(told: Mapping[str, Any]) -> Iterator[Part]:
    """Yield one, or one for every value of its ``each``."""
    clock = told.get("clock", shared().clock)
    youths = told.get("youths", {})
    if youths is not None and clock is not None:
        youths = {**shared().youths, **youths}
    if "each" not in told:
        yield Part(told["name"], clock, youths or {}, tuple(told["steps"]))
        return
    ((element, values),) = told["each"].items()
    for value in values:
        yield Part(
            f"{told['name']} ({value})", clock, youths or {}, tuple({element: value, **step} for step in told["steps"])
        )


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return found
