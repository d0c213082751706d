"""The rule book's messages, made from ``pairs.yml``: ``python -m tests.rules.examples`` writes them down.

Every message has a youth of its own, with a number that follows from the rule's place, so that the sandbox can have it
and examples can be tried in any order.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any, Final

import yaml
from lxml import etree

from tests.rules.cases import FOLDER, HOME, LOADER, SHARED, Case, Play, _read
from tests.rules.memory import MemoryDriver
from udb.domain import elementer
from udb.domain.clock import midnight
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.paths import CONTRACT
from udb.rulebook.examples import FILE, NUMBER_OF
from udb.sandbox.places import STAR_NUMBER

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
PREFIX: Final = "v1"
PAIRS: Final = FOLDER.parent / "pairs.yml"
KINDS: Final = ("wrong", "right")
DANISH: Final = {"wrong": "forkert", "right": "rigtigt"}
OWN_INSTITUTIONS: Final = {"star": {"nummer": STAR_NUMBER}}
"""The institutions that have another number in the sandbox."""
NAMES: Final = {
    "afdeling": "Hf og gymnasium ved åen, afdeling",
    "andet_gymnasium": "Gymnasiet ved søen",
    "erhvervsskole": "Erhvervsskolen ved havnen",
    "vuc": "VUC ved torvet",
    "fgu": "FGU-skolen ved broen",
    "professionshoejskole": "Professionshøjskolen ved fjorden",
    "nedlagt": "Nedlagt gymnasium",
    "udgaaet": "Udgået gymnasium",
}
"""The institutions that the sandbox has for the rule book alone, and their names."""
SERIALS: Final = 6
"""How many numbers a rule may use; the last three digits of a number count from here."""


class Recorder(MemoryDriver):
    """A driver that keeps the report that was sent last."""

    star = OWN_INSTITUTIONS["star"]["nummer"]

    def __init__(self) -> None:
        super().__init__()
        self.report: Mapping[str, Any] = {}

    def send(self, report: Mapping[str, Any]) -> Any:
        self.report = report
        return super().send(report)


@dataclass
class Example:
    """One message while it is played. ``serials``: those of its rule's numbers."""

    code: str
    kind: str
    pair: Mapping[str, Any]
    serials: Iterator[int]
    story: list[dict[str, Any]] = field(default_factory=list)
    points: dict[str, int] = field(default_factory=dict)
    """The place in the story of the report that has a number, counted from 1."""

    def played(self) -> dict[str, Any]:
        """Return the youths, the story, the message and the codes in its answer."""
        steps = (*self.pair.get("before", ()), *self.pair.get(f"before_{self.kind}", ()), self.pair[self.kind])
        given = {"youths": self.pair.get("youths", {}), "institutions": institutions()}
        driver = Recorder()
        play = Play(driver, self.serials)
        play.begin(Case(self.code, self.kind, "", given, steps))
        youths = [
            {"cprnr": play.numbers[name], "status": youth.get("status", "01"), "kommune": youth.get("kommune", HOME)}
            for name, youth in play.persons.items()
        ]
        self.story += [{"what": "youth", **youth} for youth in youths]
        today = None
        for index, step in enumerate(steps):
            number = dict(play.numbers)
            last = index == len(steps) - 1
            ends = step.get(elementer.SYSTEM_TRANSACTION_ID, "" if last else str(index + 1))
            transaction = "-".join(filter(None, ("regelbog", self.code, DANISH[self.kind], ends)))
            answer = play.step(step | {elementer.SYSTEM_TRANSACTION_ID: transaction} if sends(step) else step)
            if play.today != today:
                self.story.append({"what": "day", "day": play.today.isoformat()})
            today = play.today
            self.story.extend(changes(step, play, number))
            if answer is not None and not last:
                self.story.append(
                    {
                        "what": "report",
                        "service": driver.report["service"],
                        "transaction": driver.report[elementer.SYSTEM_TRANSACTION_ID],
                        "elements": self.without_numbers({**elements_of(driver.report), **own_id(step, transaction)}),
                        "accepted": answer.accepted,
                        "codes": sorted(answer.codes),
                        "xml": self.without_numbers(xml(driver.report)),
                    }
                )
                if answer.number is not None:
                    self.points[answer.number] = len(self.story)
        assert answer is not None
        return {
            "youths": youths,
            "before": self.story,
            "service": driver.report["service"],
            "transaction": driver.report[elementer.SYSTEM_TRANSACTION_ID],
            "xml": self.without_numbers(xml(driver.report)),
            "codes": sorted(answer.codes),
        }

    def without_numbers(self, value: Any) -> Any:
        """Return a text or elements with the name of a number for each number that an earlier report drew."""
        if isinstance(value, dict):
            return {key: self.without_numbers(text) for key, text in value.items()}
        for number, point in self.points.items():
            value = value.replace(number, NUMBER_OF.format(point))
        return value


def own_id(step: Mapping[str, Any], transaction: str) -> dict[str, str]:
    """Return the id of a step that names it, because the rule is about it."""
    return {elementer.SYSTEM_TRANSACTION_ID: transaction} if elementer.SYSTEM_TRANSACTION_ID in step else {}


def sends(step: Mapping[str, Any]) -> bool:
    return bool({"send", "cancel"} & step.keys())


@cache
def pairs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(PAIRS.read_text(encoding="utf-8"), LOADER)
    return found


@cache
def institutions() -> dict[str, dict[str, Any]]:
    """Return the institutions of the examples as the cases describe them, with the sandbox's own numbers."""
    shared = _read(SHARED)["institutions"]
    closed = {
        "nedlagt": {**shared["gymnasium"], "nummer": "461250", "lukket": date(2026, 8, 1)},
        "udgaaet": {**shared["gymnasium"], "nummer": "461251", "in_register": False},
    }
    return {name: {**of, **OWN_INSTITUTIONS.get(name, {})} for name, of in (shared | closed).items()}


def examples() -> dict[str, dict[str, Any]]:
    """Return by code: ``right`` and ``wrong``."""
    made: dict[str, dict[str, Any]] = {}
    for place, (code, pair) in enumerate(sorted(pairs().items())):
        serials = count(place * SERIALS)
        made[code] = {kind: Example(code, kind, pair, serials).played() for kind in KINDS}
    return made


def of_the_sandbox() -> list[dict[str, Any]]:
    """Return the institutions that the sandbox has for the examples."""
    known = institutions()
    return [
        {
            "nummer": known[name]["nummer"],
            "navn": navn,
            "type3": known[name]["type3"],
            "hovedinstitution": known[known[name].get("hovedinstitution", name)]["nummer"],
            "lukket": day.isoformat() if (day := known[name].get("lukket")) else None,
            "in_register": known[name].get("in_register", True),
        }
        for name, navn in NAMES.items()
    ]


def changes(step: Mapping[str, Any], play: Play, numbers: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield a step's changes to the registers. ``numbers``: the youths' numbers before it."""
    if "eksamensdatabasen" in step:
        delivery = step["eksamensdatabasen"]
        for bevis in delivery.get("beviser", ()):
            nummer = play.institutions[bevis["institution"]]["nummer"]
            youth = {"cprnr": play.numbers["ung"], "formaal": bevis["formaal"], "nummer": nummer}
            yield {"what": "bevis", **youth, "day": bevis["dato"].isoformat()}
        yield {"what": "leveret", "day": delivery["til"].isoformat()}
    if "change" in step:
        person = play.persons[step["to"]]
        yield {
            "what": "number",
            "old": numbers[step["change"]],
            "new": play.numbers[step["to"]],
            "kommune": person.get("kommune", HOME),
        }


def xml(report: Mapping[str, Any]) -> str:
    """Return the payload as it is sent."""
    service = report["service"]
    root = etree.Element(f"{{{PAYLOAD_NAMESPACE}}}{service}", nsmap={PREFIX: PAYLOAD_NAMESPACE})
    fill(root, f"{service}Type", report)
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")


def fill(parent: etree._Element, kind: str, report: Mapping[str, Any]) -> None:
    """Put the elements of a type into its element, in the schema's order; a list makes the element once for each."""
    for name, of in sequence(kind):
        for value in listed(report.get(name)):
            child = etree.Element(f"{{{PAYLOAD_NAMESPACE}}}{name}")
            if of in complex_types():
                fill(child, of, {**report, name: value})
            elif value is not None:
                child.text = text(value)
            if len(child) or child.text:
                parent.append(child)


def listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [value]


def elements_of(report: Mapping[str, Any]) -> dict[str, str]:
    """Return the elements to show of an earlier report, in the message's order; a date without its midnight."""
    elements = [element for element in etree.fromstring(xml(report)).iter() if not len(element)]
    found: dict[str, str] = {}
    for element in elements:
        name = etree.QName(element).localname
        found[name] = "; ".join(filter(None, (found.get(name), element.text)))
    dates = {key: str(value) for key, value in report.items() if type(value) is date}
    omitted = {elementer.CPRNR: None, elementer.KILDE_LEVERANDOER: None, elementer.ANNULLERING: "false"}
    return {
        key: value for key, value in {**found, **dates}.items() if value and omitted.get(key, "") not in {None, value}
    }


def text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return (value if isinstance(value, datetime) else midnight(value)).isoformat(timespec="milliseconds")
    return str(value)


@cache
def complex_types() -> dict[str, etree._Element]:
    return {str(kind.get("name")): kind for kind in etree.parse(CONTRACT / "udb.xsd").iter(f"{XS}complexType")}


@cache
def sequence(kind: str) -> list[tuple[str, str]]:
    """Return element and type names of a type, in order."""
    found = complex_types()[kind].iter(f"{XS}element")
    return [(str(e.get("name")), str(e.get("type", "")).rpartition(":")[2]) for e in found]


def written() -> str:
    content = {"institutioner": of_the_sandbox(), "eksempler": examples()}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
