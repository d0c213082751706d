"""A client's program tried on a running service: its parameters, its expected output, and the differences."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from pathlib import Path
from typing import Final

from tests.clients.toolkits import TOOLKITS, Toolkit
from tests.clients.wire import Wire
from tests.support.programs import NotMade, direct
from tests.support.world import GYMNASIUM, World
from udb.domain.services import ALL_SERVICES
from udb.rules import r4005, r5002
from udb.rules.rule import Rule
from udb.store.tables import dataaftale
from udb.wsdl import faults

RUN_SECONDS: Final = 120
DAY: Final = "2026-08-10"
"""The day of the world's clock."""
_NUMBERS: Final = {"HaendelseNummer": r"UDB-\d{23}", "ForloebId": r"UDB-FL-\d{23}"}

FETCHES: Final = ("new", "number", "cpr")
GENERATE: Final = "generate"
PARTS: Final = {
    "Ping": {"ping"},
    "receipt": {"optag"},
    "refused report": {"afvist", "afvist.fejl"},
    "fault": {"fault"},
    "three fetches": {*FETCHES, *(f"{step}.haendelse" for step in FETCHES)},
}
"""The steps of each part of a trial."""
SIGNED: Final = "signed"
ALL_PARTS: Final = (GENERATE, *PARTS, SIGNED)

Line = Mapping[str, str | datetime]


@dataclass(frozen=True, slots=True)
class Trial:
    """A toolkit over one SOAP version, with a system, a youth and a kommune that no other trial has."""

    toolkit: Toolkit
    soap: str
    system: str
    youth: str
    kommune: str

    @property
    def key(self) -> str:
        """The system's key."""
        return f"noegle-til-{self.system}"

    def parameters(self, address: str) -> list[str]:
        """Return the parameters of every program, in order."""
        return [address, self.system, self.key, self.soap, self.youth, GYMNASIUM, self.kommune, DAY]


def prepare(world: World, toolkit: Toolkit, soap: str, number: int) -> Trial:
    """Put the data of a trial into the world; ``number``: below 90, another for each trial."""
    trial = Trial(toolkit, soap, f"{toolkit.name}-{soap}-{number}", f"71030751{number + 10}", f"2819{number + 10}")
    kommune = f"9{number + 10}"
    world.institution(trial.kommune, type3="KOM", kommune=kommune)
    world.person(trial.youth, kommune=kommune)
    world.system(trial.system, trial.key, trial.kommune)
    world.add(dataaftale, system_id=trial.system, service=ALL_SERVICES, institution_nummer=GYMNASIUM)
    return trial


@dataclass(frozen=True, slots=True)
class Result:
    """The parts of a trial that are right, of ALL_PARTS, and the faults in words."""

    right: frozenset[str]
    faults: tuple[str, ...] = ()


def result_of(trial: Trial, wire: Wire, made: Path) -> Result:
    """Make the program in the folder ``made``, unless that is there, and try it."""
    if not made.exists():
        made.mkdir(parents=True)
        try:
            trial.toolkit.make(wire.address, trial.soap, made)
        except NotMade as error:
            shutil.rmtree(made)
            return Result(frozenset(), (f"its program could not be made: {error}",))
    printed, faults = ran(trial, wire, [*trial.toolkit.command(made), *trial.parameters(wire.address)])
    right = frozenset({GENERATE, *right_parts(trial, printed)})
    return Result(right, tuple(faults or differences(trial, printed)))


def ran(trial: Trial, wire: Wire, command: list[str]) -> tuple[str, list[str]]:
    """Run a program; return what it printed, and the faults that show without reading it."""
    wire.spoken()
    try:
        done = subprocess.run(
            command, env=direct(), capture_output=True, encoding="utf-8", check=False, timeout=RUN_SECONDS
        )
    except subprocess.TimeoutExpired:
        return "", [f"its program did not end within {RUN_SECONDS} seconds"]
    spoken = wire.spoken()
    if done.returncode:
        return done.stdout, [f"its program ended with {done.returncode}: {done.stderr[-2000:]}"]
    if spoken != {trial.soap}:
        return done.stdout, [f"it was to speak SOAP {trial.soap} and spoke {sorted(spoken)}"]
    return done.stdout, []


def differences(trial: Trial, printed: str) -> list[str]:
    """Return the differences between the printed steps and the expected ones."""
    try:
        said = [read(line) for line in printed.splitlines()]
    except ValueError as error:
        return [f"what it printed is not as README.md says ({error})"]
    return [
        f"it said {got}, and should have said {want}"
        for got, want in zip_longest(said, expected(trial, said))
        if got != want
    ]


def right_parts(trial: Trial, printed: str) -> set[str]:
    """Return the parts whose lines are all as expected."""
    try:
        said = [read(line) for line in printed.splitlines()]
    except ValueError:
        return set()
    wanted = list(expected(trial, said))
    return {part for part, steps in PARTS.items() if of_steps(said, steps) == of_steps(wanted, steps)}


def of_steps(lines: Sequence[Line], steps: set[str]) -> list[Line]:
    """Return the lines of some steps."""
    return [line for line in lines if line.get("step") in steps]


def read(line: str) -> dict[str, str | datetime]:
    """Read a printed step; times as instants, since each toolkit writes them in an offset of its own."""
    fields: dict[str, str] = json.loads(line)
    times = {"HaendelseDato", "Registreringstid"}
    return {name: datetime.fromisoformat(value) if name in times else value for name, value in fields.items()}


def expected(trial: Trial, said: list[dict[str, str | datetime]]) -> Iterator[Line]:
    """Yield the expected output. Numbers and times made by the service are taken from their first mention in the
    output.
    """
    receipt = next((line for line in said if line.get("step") == "optag"), {})
    refused = next((line for line in said if line.get("step") == "afvist"), {})
    numbers = {
        name: value if re.fullmatch(form, value := str(receipt.get(name))) else f"a number like {form}"
        for name, form in _NUMBERS.items()
    }
    registered = {"Registreringstid": _on_the_day(receipt)}
    yield {"step": "ping", "Status": "up"}
    yield {"step": "optag", "Resultat": "Accepteret", **numbers, **registered}
    yield {"step": "afvist", "Resultat": "Afvist", "Registreringstid": _on_the_day(refused)}
    yield {"step": "afvist.fejl", **_finding(r4005.RULE)}
    yield {"step": "afvist.fejl", **_finding(r5002.RULE), "VedroererHaendelseNummer": numbers["HaendelseNummer"]}
    yield {"step": "fault", "ErrorCode": faults.NO_DATAAFTALE.error_code, "ErrorMessage": faults.NO_DATAAFTALE.text}
    for step in FETCHES:
        yield {
            "step": step,
            "FindesFlereHaendelser": "false",
            "HoejesteHaendelseNummer": numbers["HaendelseNummer"],
        }
        yield {
            "step": f"{step}.haendelse",
            "CPRNr": trial.youth,
            **numbers,
            "HaendelseDato": datetime.fromisoformat(f"{DAY}T00:00:00+02:00"),
            "Status": "1",
            "KildeLeverandoer": "Klient på prøve",
            "COsAFormaal": "3017",
            **registered,
        }


def _on_the_day(line: Line) -> str | datetime:
    time = line.get("Registreringstid")
    return time if isinstance(time, datetime) and time.date().isoformat() == DAY else f"a time of {DAY}"


def _finding(rule: Rule) -> dict[str, str]:
    return {
        "FejlKode": rule.code,
        "Alvor": rule.alvor.value,
        "FejlTekst": rule.tekst,
        "Element": str(rule.element),
    }


ZEEP: Final = TOOLKITS[0]
TRIAL: Final = Trial(ZEEP, "1.1", "zeep-1.1", "7103075110", "281910")
