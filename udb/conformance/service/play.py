"""One part of a scenario while it is played: the values of its names, and the faults."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from lxml import etree

from udb.conformance.shared import receipts
from udb.conformance.shared.answers import Answer
from udb.conformance.shared.scenario import Part, Step, shared
from udb.conformance.shared.stage import Stage
from udb.domain import elementer
from udb.domain.clock import danish
from udb.domain.haendelse import RET
from udb.domain.services import JOBCENTER, KONTAKT_TILBUDSTID, WITH_ANNULLERING, WITH_STATUS
from udb.wsdl.soap import SOAP11, SOAP12, Version

REFERRING: Final = frozenset(
    {
        elementer.HAENDELSE_NUMMER,
        elementer.VEDROERER_HAENDELSE_NUMMER,
        elementer.AFBRUD_HAENDELSE_NUMMER,
        elementer.ANNULLERET_HAENDELSE_NUMMER,
    }
)
_VERSIONS: Final = {"1.1": SOAP11, "1.2": SOAP12}


@dataclass(frozen=True, slots=True)
class Sent:
    """A call that a later step may refer to."""

    report: Mapping[str, Any]
    number: str | None
    answer: Answer


@dataclass(slots=True)
class Play:
    """``numbers``: CPR numbers by the names of youths; ``wrong``: the faults of the target."""

    stage: Stage
    part: Part
    numbers: dict[str, str]
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, Sent] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    begun_after: str = ""
    today: date | None = None
    ids: set[str] = field(default_factory=set)
    key: str = field(default_factory=lambda: str(uuid4()))

    def begin(self) -> None:
        """Set the clock, and note the part's youths."""
        self.begun_after = self.stage.newest
        self.persons = {name: dict(youth) for name, youth in self.part.youths.items()}
        if self.part.clock is not None:
            self._clock(self.part.clock)

    def change(self, step: Step) -> None:
        """Make the changes of a step before its call: clock, a person, a number."""
        if "clock" in step:
            self._clock(step["clock"])
        if "person" in step:
            self._person(step["person"])
        if "change" in step:
            self._change(step["change"], step["to"], step.get("born"))

    def _clock(self, when: date | datetime) -> None:
        self.stage.set_clock(when)
        self.today = danish(when).date() if isinstance(when, datetime) else when

    def _person(self, change: Mapping[str, Any]) -> None:
        person = self.persons[change["youth"]]
        person.update(change)
        self.stage.put([self.stage.row(self.numbers[change["youth"]], person)])

    def _change(self, name: str, new_name: str, born: date | None) -> None:
        self.persons[new_name] = self.persons[name]
        self.numbers[new_name] = self.stage.invent(born or self.persons[name]["born"])
        self.stage.change_number(self.numbers[name], self.numbers[new_name], self.persons[name])

    # Sending ----------------------------------------------------------------------------------------------------------

    def report(self, step: Step) -> dict[str, Any]:
        """Return the report of a ``send`` or ``cancel``, with the names still in it."""
        if "cancel" in step:
            earlier = self.sent[step["cancel"]]
            kind = {**earlier.report, elementer.ANNULLERING: True, elementer.HAENDELSE_NUMMER: earlier.number}
        else:
            kind = dict(shared().reports[step["send"]])
        said = {key: value for key, value in step.items() if key in elementer.ATTRIBUTE}
        return {**self._head(kind["service"], kind | said), **kind, **said}

    def _head(self, service: str, said: Mapping[str, Any]) -> dict[str, Any]:
        head: dict[str, Any] = {elementer.CPRNR: "ung"}
        if service in WITH_ANNULLERING:
            head[elementer.KILDE_LEVERANDOER] = "Skolesystem"
        if service == JOBCENTER and said.get(elementer.AKTIVITETSGRUPPE_KODE) is None:
            return head
        if service in WITH_ANNULLERING:
            head |= {elementer.ANNULLERING: False, elementer.HAENDELSE_DATO: self.today}
        if service in WITH_STATUS:
            head[elementer.STATUS] = 1
        return head

    def resolved(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return values with the names of youths, institutions and earlier reports replaced by what they name."""
        return {name: self._resolved(name, value) for name, value in values.items() if value is not None}

    def _resolved(self, element: str, value: Any) -> Any:
        if isinstance(value, Mapping):
            return self.resolved(value)
        if element == elementer.CPRNR:
            return self.numbers.get(value, value)
        if element == elementer.INSTITUTION_NUMMER:
            return self.stage.places.institutioner.get(value, value)
        if element in REFERRING and value in self.sent:
            return self.sent[value].number
        return value

    def value(self, path: str, value: Any) -> Any:
        """Return an expected value at a path of element names, with its name replaced; for a list, each."""
        if isinstance(value, list):
            return [self.value(path, one) for one in value]
        return None if value is None else self._resolved(path.rpartition("/")[2], value)

    def version(self, step: Step) -> Version:
        """Return the SOAP version of a step."""
        return _VERSIONS[str(step.get("soap", "1.2"))]

    def transaction(self, said: Mapping[str, Any]) -> str:
        """Return the id of a call; within a part the same name is the same id."""
        name = said.get(elementer.SYSTEM_TRANSACTION_ID)
        return f"{self.key}-{name}" if name is not None else str(uuid4())

    def is_repeated(self, report: Mapping[str, Any]) -> bool:
        """Note a report's id; return whether one with the same id was sent before, and may get its receipt again."""
        name = report.get(elementer.SYSTEM_TRANSACTION_ID)
        repeated = name in self.ids
        if name is not None:
            self.ids.add(name)
        return repeated

    def keep(self, step: Step, report: Mapping[str, Any], answer: Answer) -> None:
        """Keep a call under the step's ``as``, and note the highest number."""
        number = receipts.number_of(answer)
        if number is not None:
            self.stage.newest = max(self.stage.newest, number)
        if "as" in step:
            self.sent[step["as"]] = Sent(report, number, answer)


def makes_event(report: Mapping[str, Any]) -> bool:
    """Return whether an accepted report of this kind is an event with a number."""
    return report["service"] in WITH_ANNULLERING and (
        report.get(elementer.HANDLING) != RET or bool(report.get(elementer.ANNULLERING))
    )


def has_forloeb(report: Mapping[str, Any]) -> bool:
    """Return whether such an event belongs to a forløb."""
    return report["service"] != KONTAKT_TILBUDSTID and (
        report.get(elementer.HANDLING) is None or bool(report.get(elementer.ANNULLERING))
    )


def same(one: etree._Element | None, other: etree._Element | None) -> bool:
    """Return whether two payloads are equal."""
    if one is None or other is None:
        return one is other
    return etree.tostring(one, method="c14n", exclusive=True) == etree.tostring(other, method="c14n", exclusive=True)
