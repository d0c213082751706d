"""The workbook of ``udb conformance sender``: tasks, and the youths invented for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from udb.conformance.shared.scenario import LOADER, Scenario, shared
from udb.conformance.shared.stage import Stage

FILE: Final = Path(__file__).parent / "opgaver.yaml"
_ADVICE: Final = "Læs vejledningen til afsendere, og sammenlign beskeden med eksemplerne i regelbogen."


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the file; ``messages`` are what must be accepted, in order unless ``any_order``."""

    id: str
    name: str
    krav: tuple[str, ...]
    text: str
    advice: str
    youths: Mapping[str, Mapping[str, Any]]
    messages: tuple[Mapping[str, Any], ...]
    refused_first: frozenset[str]
    cut: bool
    any_order: bool

    @property
    def scenario(self) -> Scenario:
        """The task as a scenario of the reports."""
        return Scenario(self.id, self.name, self.krav, self.advice, None, (), last=False)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task with its invented youths; ``text`` names their numbers."""

    task: Task
    numbers: Mapping[str, str]
    text: str

    @property
    def cprnr(self) -> str:
        """The number of its only youth."""
        (number,) = self.numbers.values()
        return number


@cache
def day() -> date:
    """Return the sandbox's day while the tasks are done."""
    found: date = _read()["dag"]
    return found


@cache
def tasks() -> tuple[Task, ...]:
    """Return all tasks, in the file's order."""
    return tuple(_task(data) for data in _read()["opgaver"])


def _task(data: Mapping[str, Any]) -> Task:
    return Task(
        id=data["id"],
        name=data["navn"],
        krav=tuple(data["krav"]),
        text=data["tekst"],
        advice=data.get("raad", _ADVICE),
        youths=data.get("unge", shared().youths),
        messages=tuple(data["beskeder"]),
        refused_first=frozenset(data.get("afvist", ())),
        cut=data.get("afbryd", False),
        any_order=data.get("fri_raekkefoelge", False),
    )


def assign(stage: Stage, chosen: Sequence[Task]) -> list[Assignment]:
    """Invent the youths, set the clock, and write out the tasks. Raises UdbRefused."""
    stage.set_clock(day())
    numbers = stage.invented([task.youths for task in chosen])
    places = stage.places.institutioner
    return [
        Assignment(task, own, " ".join(task.text.format_map({**places, **own}).split()))
        for task, own in zip(chosen, numbers, strict=True)
    ]


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return found
