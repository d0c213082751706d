"""The rules' right and wrong cases: ``cases/<code>.yml``, played through any driver.

A file has two lists, ``right`` and ``wrong``. A case has a name, steps, and its changes to ``cases/shared.yml``. A step
may set the ``clock``, change a ``person`` or an ``institution``, give a youth another number (``change``, ``to``;
``born`` when it has another birth date), let Eksamensdatabasen deliver diplomas up to a day (``eksamensdatabasen``),
and then ``send`` a report of the shared kinds, or ``cancel`` an earlier step by the name in its ``as``: the same report
with ``Annullering`` and its number. Where a report refers to another by number, that name is replaced by the number.
``codes`` is the exact set of codes that the receipt must show; left out, it must show none. ``each`` plays the case
once for every value of one element, in the steps that do not set it themselves.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import yaml

from udb.domain import elementer
from udb.domain.clock import DANISH, danish_date
from udb.domain.cpr import INVENTED_DAY
from udb.domain.haendelse import RET
from udb.domain.persons import Institution
from udb.domain.services import JOBCENTER, WITH_ANNULLERING, WITH_STATUS
from udb.rules.catalogue import BY_CODE
from udb.rules.rule import Alvor

FOLDER = Path(__file__).parent / "cases"
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast; PyYAML has it when built with libyaml
SHARED = "shared"
MORNING = time(9)
HOME = "101"
REFERRING = (elementer.HAENDELSE_NUMMER, elementer.VEDROERER_HAENDELSE_NUMMER, elementer.AFBRUD_HAENDELSE_NUMMER)


class Answer(NamedTuple):
    """The caller's answer: whether the report was accepted, the codes of all findings, and the number when an accepted
    report made an event.
    """

    accepted: bool
    codes: frozenset[str]
    number: str | None


class Driver(Protocol):
    """A way to a register: in memory, or through its SOAP endpoint."""

    def set_clock(self, now: datetime) -> None: ...

    def put_person(self, cprnr: str, *, status: str, kommune: str | None) -> None: ...

    def change_number(self, old: str, new: str) -> None: ...

    def put_paalaeg(self, cprnr: str, *, paalaeg: bool) -> None:
        """Set whether the youth has an uddannelsespaalaeg."""
        ...

    def put_beviser(self, til: date | None, beviser: Iterable[tuple[str, str, str, date]]) -> None:
        """Set the diplomas of Eksamensdatabasen, and the day up to which all is delivered: CPR number, institution
        number, formål and day of each diploma. None: nothing is delivered at all.
        """
        ...

    def put_institution(self, institution: Institution) -> None: ...

    def send(self, report: Mapping[str, Any]) -> Answer:
        """Report by element names, groups of elements left out, ``service`` and perhaps ``SystemTransactionID`` added.

        ``HaendelseDato`` and ``Startdato`` are dates, or instants with offset; wishes are lists of text.
        """
        ...


@dataclass(frozen=True)
class Case:
    code: str
    kind: str
    name: str
    given: Mapping[str, Any]
    steps: tuple[Mapping[str, Any], ...]

    @property
    def expected(self) -> frozenset[str]:
        """Return every code that some step expects."""
        return frozenset(code for step in self.steps for code in expected(step))

    def __str__(self) -> str:
        return f"{self.code}-{self.kind}-{self.name}"


def expected(step: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(str(code) for code in step.get("codes", ()))


def makes_event(step: Mapping[str, Any]) -> bool:
    """Return whether what a step sends becomes an event with a number once it is accepted."""
    if "cancel" in step:
        return True
    report = _read(SHARED)["reports"][step["send"]] | step
    return report["service"] in WITH_ANNULLERING and report.get(elementer.HANDLING) != RET


@cache
def _read(name: str) -> dict[str, Any]:
    return yaml.load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"), LOADER)


def files() -> list[str]:
    """Return the codes that have a file."""
    return sorted(path.stem for path in FOLDER.glob("*.yml") if path.stem != SHARED)


def cases() -> Iterator[Case]:
    """Yield every case of every file."""
    for code in files():
        for kind in ("right", "wrong"):
            for case in _read(code)[kind]:
                for name, steps in _each(case):
                    yield Case(code, kind, name, case, steps)


def _each(case: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Mapping[str, Any], ...]]]:
    """Yield a case's name and steps, once for every value of its ``each``."""
    if "each" not in case:
        yield case["name"], tuple(case["steps"])
        return
    ((element, values),) = case["each"].items()
    for value in values:
        yield f"{case['name']} ({value})", tuple({element: value, **step} for step in case["steps"])


@dataclass
class Play:
    """A case while it is played: the youths, institutions and numbers behind its names.

    ``serials``: no two cases that are played against one register may use the same.
    """

    driver: Driver
    serials: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    today: date = date.min
    persons: dict[str, dict[str, Any]] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    institutions: dict[str, dict[str, Any]] = field(default_factory=dict)
    sent: dict[str, tuple[dict[str, Any], str | None]] = field(default_factory=dict)

    def begin(self, case: Case) -> None:
        """Put the persons and institutions of a case in place."""
        shared = _read(SHARED)
        self.clock(case.given.get("clock", shared["clock"]))
        self.driver.put_beviser(None, ())
        for name, institution in {**shared["institutions"], **case.given.get("institutions", {})}.items():
            self.institution({"name": name, **institution})
        for name, youth in {**shared["youths"], **case.given.get("youths", {})}.items():
            self.persons[name] = dict(youth)
            self.numbers[name] = self.invented(youth["born"])
            self.person({"youth": name, **youth})

    def invented(self, born: date) -> str:
        """Return a new invented CPR number for a birthday from 1937 to 2036."""
        centuries = "0123" if born.year < 2000 else "456789"
        thousands, rest = divmod(next(self.serials), 1000)
        return f"{born.day + INVENTED_DAY:02}{born:%m%y}{centuries[thousands % len(centuries)]}{rest:03}"

    def clock(self, when: date | datetime) -> None:
        now = when if isinstance(when, datetime) else datetime.combine(when, MORNING, DANISH)
        self.today = danish_date(now)
        self.driver.set_clock(now)

    def person(self, change: Mapping[str, Any]) -> None:
        name = change["youth"]
        person = self.persons[name]
        person.update(change)
        self.driver.put_person(
            self.numbers[name], status=person.get("status", "01"), kommune=person.get("kommune", HOME)
        )
        if "paalaeg" in change:
            self.driver.put_paalaeg(self.numbers[name], paalaeg=change["paalaeg"])

    def institution(self, change: Mapping[str, Any]) -> None:
        institution = self.institutions.setdefault(change["name"], {})
        institution.update(change)
        main = institution.get("hovedinstitution")
        kommune = institution.get("kommune", HOME)
        self.driver.put_institution(
            Institution(
                institution["nummer"],
                self.institutions[main]["nummer"] if main else institution["nummer"],
                institution["type3"],
                beliggenhedskommune=kommune,
                administrerende_kommune=kommune,
                lukket=institution.get("lukket"),
                in_register=institution.get("in_register", True),
            )
        )

    def delivered(self, delivery: Mapping[str, Any]) -> None:
        """Let Eksamensdatabasen deliver the ``beviser``, and all up to the day ``til``."""
        beviser = (
            (
                self.numbers[bevis.get("youth", "ung")],
                self.institutions[bevis["institution"]]["nummer"],
                bevis["formaal"],
                bevis["dato"],
            )
            for bevis in delivery.get("beviser", ())
        )
        self.driver.put_beviser(delivery["til"], list(beviser))

    def change_number(self, name: str, new_name: str, born: date | None) -> None:
        self.persons[new_name] = self.persons[name]
        self.numbers[new_name] = self.invented(born or self.persons[name]["born"])
        self.driver.change_number(self.numbers[name], self.numbers[new_name])

    def step(self, step: Mapping[str, Any]) -> Answer | None:
        """Play a step; return the register's answer, None for a step that sends nothing."""
        if "clock" in step:
            self.clock(step["clock"])
        if "person" in step:
            self.person(step["person"])
        if "institution" in step:
            self.institution(step["institution"])
        if "eksamensdatabasen" in step:
            self.delivered(step["eksamensdatabasen"])
        if "change" in step:
            self.change_number(step["change"], step["to"], step.get("born"))
        if "send" in step:
            return self.send(step, dict(_read(SHARED)["reports"][step["send"]]))
        if "cancel" in step:
            report, number = self.sent[step["cancel"]]
            return self.send(step, {**report, elementer.ANNULLERING: True, elementer.HAENDELSE_NUMMER: number})
        return None

    def send(self, step: Mapping[str, Any], kind: dict[str, Any]) -> Answer:
        report = {
            **self.head(kind["service"], kind | step),
            **kind,
            **{key: value for key, value in step.items() if key in elementer.ATTRIBUTE},
        }
        said = {element: self.resolved(element, value) for element, value in report.items() if value is not None}
        answer = self.driver.send(said)
        if "as" in step:
            self.sent[step["as"]] = (report, answer.number)
        return answer

    def head(self, service: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the default elements of a report; ``said``: the elements that its kind and step set."""
        youth = {elementer.CPRNR: "ung"}
        if service not in WITH_ANNULLERING:
            return youth
        source = {elementer.KILDE_LEVERANDOER: "Skolesystem"}
        if service == JOBCENTER and said.get(elementer.AKTIVITETSGRUPPE_KODE) is None:
            return youth | source
        status = {elementer.STATUS: 1} if service in WITH_STATUS else {}
        return {**youth, **source, elementer.ANNULLERING: False, **status, elementer.HAENDELSE_DATO: self.today}

    def resolved(self, element: str, value: Any) -> Any:
        """Return the value behind a name."""
        if element == elementer.CPRNR:
            return self.numbers.get(value, value)
        if element == elementer.INSTITUTION_NUMMER and value in self.institutions:
            return self.institutions[value]["nummer"]
        if element in REFERRING and value in self.sent:
            return self.sent[value][1]
        return value


CASES: Final = tuple(cases())


def played(play: Play, case: Case) -> None:
    """Play a case and compare every answer with what its step expects."""
    play.begin(case)
    for number, step in enumerate(case.steps, 1):
        answer = play.step(step)
        if answer is None:
            continue
        assert answer.codes == expected(step), f"step {number}: {sorted(answer.codes)} for {step}"
        refused = any(BY_CODE[code].alvor is Alvor.HAARD for code in answer.codes)
        assert answer.accepted != refused, f"step {number}: {step}"
        assert (answer.number is not None) == (answer.accepted and makes_event(step)), f"step {number}: {step}"
