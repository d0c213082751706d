"""The scenarios: the data files of ``udb/conformance/scenarios``.

A file has ``scenarios``. A scenario has an ``id``, a ``name``, the rows of docs/krav.csv it proves (``krav``), what to
do when it fails (``advice``, or the ``rule`` whose text says it), the rows of docs/fortolkninger.md it relies on
(``readings``), and ``steps``, or ``parts`` that each have a name and steps of their own. ``clock``, ``youths`` and
``each`` belong to the scenario or the part. docs/konformitet.md describes the steps.
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
    """Steps played in one go. ``clock`` None: needs no clock; ``youths``: birth date, status and kommune by name."""

    name: str
    clock: date | datetime | None
    youths: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One test. ``last``: it runs after all others; ``services``: what a sender's or fetcher's task shows of it."""

    id: str
    name: str
    krav: tuple[str, ...]
    advice: str
    rule: str | None
    parts: tuple[Part, ...]
    last: bool
    readings: tuple[str, ...] = ()
    services: tuple[str, ...] = ()

    @property
    def needs_sandbox(self) -> bool:
        """True when it needs the sandbox's clock or imports."""
        return any(part.clock is not None or part.youths for part in self.parts)


@dataclass(frozen=True, slots=True)
class Shared:
    """The data of all scenarios: the day they begin, the youth of those that name none, the kinds of report."""

    clock: date
    youths: Mapping[str, Mapping[str, Any]]
    reports: Mapping[str, Mapping[str, Any]]


@cache
def shared() -> Shared:
    """Return the shared data of the rules' file."""
    found = _read(FOLDER / RULES_FILE)["shared"]
    return Shared(found["clock"], found["youths"], found["reports"])


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return all scenarios: the contract first, and last those that need what the others have left behind."""
    return of_data({"scenarios": [one for path in sorted(FOLDER.glob("*.yaml")) for one in _read(path)["scenarios"]]})


def of_data(data: Mapping[str, Any]) -> tuple[Scenario, ...]:
    """Return the scenarios of a file's data, those marked ``last`` last."""
    found = [_scenario(one) for one in data["scenarios"]]
    return tuple(sorted(found, key=lambda scenario: scenario.last))


def _scenario(data: Mapping[str, Any]) -> Scenario:
    parts = [data] if "steps" in data else data["parts"]
    return Scenario(
        id=data["id"],
        name=data["name"],
        krav=tuple(data.get("krav", ())),
        advice=data.get("advice", ""),
        rule=str(data["rule"]) if "rule" in data else None,
        parts=tuple(part for one in parts for part in _parts({**_of_all(data), **one})),
        last=data.get("last", False),
        readings=tuple(data.get("readings", ())),
    )


def _of_all(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: data[key] for key in ("clock", "youths") if key in data}


def _parts(data: Mapping[str, Any]) -> Iterator[Part]:
    """Yield one part, or one for every value of its ``each``."""
    clock = data.get("clock", shared().clock)
    youths = data.get("youths", {})
    if youths is not None and clock is not None:
        youths = {**shared().youths, **youths}
    if "each" not in data:
        yield Part(data["name"], clock, youths or {}, tuple(data["steps"]))
        return
    ((element, values),) = data["each"].items()
    for value in values:
        yield Part(
            f"{data['name']} ({value})", clock, youths or {}, tuple({element: value, **step} for step in data["steps"])
        )


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return found
