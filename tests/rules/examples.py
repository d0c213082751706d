"""The rule book's right and wrong messages, made from the cases: ``python -m tests.rules.examples`` writes them down.

A rule's examples are the first wrong case's first report that shows the code, and the first right case's last report;
``example: true`` in a step chooses that report instead.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from lxml import etree

from tests.rules.cases import HOME, SHARED, Case, Play, _read, cases, expected
from tests.rules.memory import MemoryDriver
from udb.domain import elementer
from udb.domain.clock import midnight
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.paths import CONTRACT
from udb.rulebook.examples import FILE

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
PREFIX: Final = "v1"
MARK: Final = "example"
INSTITUTION: Final = ("type3", "hovedinstitution", "lukket", "in_register")


class Recorder(MemoryDriver):
    """A driver that keeps the report that was sent last."""

    def __init__(self) -> None:
        super().__init__()
        self.report: Mapping[str, Any] = {}

    def send(self, report: Mapping[str, Any]) -> Any:
        self.report = report
        return super().send(report)


def examples() -> dict[str, dict[str, Any]]:
    """Return by code: ``right`` and ``wrong``, each with the steps before, the message and the codes in its answer."""
    chosen: dict[tuple[str, str], tuple[Case, int]] = {}
    for case in cases():
        sending = [number for number, step in enumerate(case.steps) if {"send", "cancel"} & step.keys()]
        marked = [number for number in sending if case.steps[number].get(MARK)]
        if case.kind == "wrong":
            sending = [number for number in sending if case.code in expected(case.steps[number])]
        if marked or (case.code, case.kind) not in chosen:
            default = sending[0] if case.kind == "wrong" else sending[-1]
            chosen[case.code, case.kind] = case, marked[0] if marked else default
    made: dict[str, dict[str, Any]] = {}
    for (code, kind), (case, number) in sorted(chosen.items()):
        made.setdefault(code, {})[kind] = played(case, number)
    return made


def played(case: Case, number: int) -> dict[str, Any]:
    """Return the report of one step, after all that came before it."""
    driver = Recorder()
    play = Play(driver)
    play.begin(case)
    today = None
    before = list(given(case))
    for index, step in enumerate(case.steps[: number + 1]):
        answer = play.step(step)
        if play.today != today:
            before.append({"what": "day", "day": play.today.isoformat()})
        today = play.today
        before.extend(changes(step, play))
        if answer is not None and index < number:
            sent = {"what": "report", "service": driver.report["service"], "elements": elements_of(driver.report)}
            result = {"accepted": answer.accepted, "number": answer.number, "codes": sorted(answer.codes)}
            before.append({**sent, **result})
    assert answer is not None
    transaction = driver.report.get(elementer.SYSTEM_TRANSACTION_ID)
    return {"before": before, "transaction": transaction, "xml": xml(driver.report), "codes": sorted(answer.codes)}


def given(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the case's changes to the shared world."""
    for name, youth in case.given.get("youths", {}).items():
        if youth["born"] != _read(SHARED)["youths"].get(name, youth)["born"]:
            yield {"what": "born", "day": youth["born"].isoformat()}
        if youth.get("paalaeg"):
            yield {"what": "paalaeg"}
    for institution in case.given.get("institutions", {}).values():
        yield described(institution["nummer"], institution, {})


def changes(step: Mapping[str, Any], play: Play) -> Iterator[dict[str, Any]]:
    """Yield a step's changes to the registers."""
    if "person" in step:
        youth = play.persons[step["person"]["youth"]]
        changed = {"status": youth.get("status", "01"), "kommune": youth.get("kommune", HOME)}
        yield {"what": "person", **{key: value for key, value in changed.items() if key in step["person"] and value}}
    if "institution" in step:
        change = step["institution"]
        yield described(play.institutions[change["name"]]["nummer"], change, play.institutions)
    if "eksamensdatabasen" in step:
        delivery = step["eksamensdatabasen"]
        for bevis in delivery.get("beviser", ()):
            nummer = play.institutions[bevis["institution"]]["nummer"]
            yield {"what": "bevis", "formaal": bevis["formaal"], "nummer": nummer, "day": bevis["dato"].isoformat()}
        yield {"what": "leveret", "day": delivery["til"].isoformat()}
    if "change" in step:
        yield {"what": "number"}


def described(nummer: str, institution: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    changed = {key: institution[key] for key in INSTITUTION if key in institution}
    if changed.get("hovedinstitution") in known:
        changed["hovedinstitution"] = known[changed["hovedinstitution"]]["nummer"]
    if isinstance(changed.get("lukket"), date):
        changed["lukket"] = changed["lukket"].isoformat()
    return {"what": "institution", "nummer": nummer, **changed}


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
    found[elementer.SYSTEM_TRANSACTION_ID] = report.get(elementer.SYSTEM_TRANSACTION_ID, "")
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
    return json.dumps(examples(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
