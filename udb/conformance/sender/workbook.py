"""The workbook of ``udb conformance sender``: the tasks, and the youths and events invented for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from udb.conformance.shared.reporting import report
from udb.conformance.shared.scenario import LOADER, Scenario, shared
from udb.conformance.shared.stage import Stage
from udb.domain.errors import WrongUse

FILE: Final = Path(__file__).parent / "opgaver.yaml"
EACH: Final = "TJENESTE"
"""The kind of report in a task that is given for each service."""
FREE: Final = "VALGFRI"
"""A value of a message that is not judged."""
SIGNED: Final = "Signerede kald"
"""Where tasks are counted by service: those with signed calls."""
NAMED: Final = "som"
CANCELS: Final = "annullerer"
ABOUT: Final = "om"
_ADVICE: Final = "Læs vejledningen til afsendere, og sammenlign beskeden med eksemplerne i regelbogen."


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the file; ``messages`` are what must be accepted, in order unless ``any_order``.

    ``refused_first``: the codes that the first message must be refused with; ``wrong_code``: what is wrong in it.
    ``before``: what the suite reports; ``changes``: who gets the number of whom when the first message is accepted.
    """

    id: str
    name: str
    krav: tuple[str, ...]
    text: str
    advice: str
    youths: Mapping[str, Mapping[str, Any]]
    messages: tuple[Mapping[str, Any], ...]
    refused_first: frozenset[str] = frozenset()
    wrong_code: Mapping[str, Any] | None = None
    before: tuple[Mapping[str, Any], ...] = ()
    changes: tuple[str, str] | None = None
    cut: bool = False
    any_order: bool = False
    signed: bool = False

    @property
    def services(self) -> tuple[str, ...]:
        """The services that it shows something about."""
        kinds = [message["send"] for message in self.messages if "send" in message]
        found = dict.fromkeys(str(shared().reports[kind]["service"]) for kind in kinds)
        return (SIGNED,) if self.signed else tuple(found)

    @property
    def scenario(self) -> Scenario:
        """The task as a scenario of the reports."""
        return Scenario(self.id, self.name, self.krav, self.advice, None, (), last=False, services=self.services)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A task with its invented youths, their CPR numbers by name; ``events``: the numbers of what the suite reported.

    ``text`` names the numbers.
    """

    task: Task
    numbers: Mapping[str, str]
    events: Mapping[str, str]
    text: str

    @property
    def cprnr(self) -> str:
        """The number of its first youth."""
        return next(iter(self.numbers.values()))


@dataclass(frozen=True, slots=True)
class Handed:
    """What a sender's vendor is given: the address to call, the file to sign with, and how long it may take."""

    address: str
    certificate: Path | None
    minutes: float


@cache
def day() -> date:
    """Return the sandbox's day while the tasks are done."""
    found: date = _read()["dag"]
    return found


@cache
def tasks() -> tuple[Task, ...]:
    """Return all tasks, in the file's order."""
    return tuple(_task(data) for one in _read()["opgaver"] for data in _for_each(one))


def choose(only: Sequence[str], services: Sequence[str]) -> list[Task]:
    """Return the tasks whose id begins so, and that are about one of the services; of neither, all.

    Raises WrongUse when there is none.
    """
    known = dict.fromkeys(service for task in tasks() for service in task.services)
    for service in services:
        if service not in known:
            raise WrongUse(f"No task is about {service}. The services: {', '.join(known)}.")
    chosen = [
        task
        for task in tasks()
        if (not only or task.id.startswith(tuple(only))) and (not services or set(services) & set(task.services))
    ]
    if not chosen:
        about = f" and is about {' or '.join(services)}" if services else ""
        raise WrongUse(f"No task's id begins with {' or '.join(only)}{about}.")
    return chosen


def _for_each(data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield a task, or, of one for each service, that of each."""
    if not data.get("hver_tjeneste"):
        yield data
        return
    for name, of in _read()["tjenester"].items():
        messages = [{**one, "send": of["send"]} if one.get("send") == EACH else one for one in data["beskeder"]]
        refused = {"afvist": of["koder"], "forkert": of["kode"]} if data.get("afvist") else {}
        text = data["tekst"].replace("{hvad}", of["hvad"]).replace("{forkert}", of["forkert"])
        yield {**data, **refused, "id": "-".join(filter(None, (data["id"], name))), "tekst": text, "beskeder": messages}


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
        wrong_code=data.get("forkert"),
        before=tuple(data.get("forud", ())),
        changes=next(iter(data.get("skift", {}).items()), None),
        cut=data.get("afbryd", False),
        any_order=data.get("fri_raekkefoelge", False),
        signed=data.get("signeret", False),
    )


def assign(stage: Stage, chosen: Sequence[Task]) -> list[Assignment]:
    """Invent the youths, set the clock, report what the tasks build on, and write them out. Raises UdbRefused."""
    stage.set_clock(day())
    numbers = stage.invented([task.youths for task in chosen])
    return [_assigned(stage, task, own) for task, own in zip(chosen, numbers, strict=True)]


def _assigned(stage: Stage, task: Task, own: Mapping[str, str]) -> Assignment:
    numbers = dict(own)
    if task.changes is not None:
        old, new = task.changes
        numbers[new] = stage.invent(task.youths[old]["born"])
    first = next(iter(own))
    if task.youths[first].get("paalaeg"):
        report(stage, own[first], "OPRET", {})
    events = {one[NAMED]: report(stage, own[first], one["send"], _elements(one)) for one in task.before}
    names = {**shared().reports, **stage.places.institutioner, **numbers, **events}
    return Assignment(task, numbers, events, " ".join(task.text.format_map(names).split()))


def _elements(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in message.items() if name not in {"send", NAMED}}


def change_number(stage: Stage, assignment: Assignment) -> None:
    """Give a task's youth the new CPR number. Raises TargetUnavailable, UdbRefused."""
    assert assignment.task.changes is not None
    old, new = (assignment.numbers[name] for name in assignment.task.changes)
    youth = assignment.task.youths[assignment.task.changes[0]]
    stage.change_number(old, new, youth)


@cache
def _read() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(FILE.read_text(encoding="utf-8"), LOADER)  # noqa: S506 - a safe loader
    return found
