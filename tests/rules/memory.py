"""A register in memory: the rules and the forloeb as they are, the rest the simplest thing that can hold events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from tests.rules.cases import Answer
from udb import elementer
from udb.clock import DANISH, danish_date, midnight
from udb.cpr import birth_date, birthdays
from udb.forloeb import all_forloeb
from udb.haendelse import Haendelse, Indberetning
from udb.identifiers import event_number, forloeb_id, next_number
from udb.kilder.csvfil import RefusedLine
from udb.kilder.kodesaetfil import SAET, read_kodesaet
from udb.kodesaet import Kodesaet, Row
from udb.paths import CODESETS
from udb.rules.facts import Facts, Institution, Person, education_code, placed
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate

STORED = (
    *("afbrudsarsags_kode", "elev_trin", "klasse_trin", "klasse_type", "klasse_navn", "speciale", "praktiksted"),
    *("skoleperiode", "egu_uddannelsesniveau", "gennemfoert_hf", "frafaldstruet_markering", "status"),
    *("ifoelge_kommunen", "vedroerer_haendelse_nummer"),
)


@cache
def shipped_codes() -> Kodesaet:
    """The code sets as shipped."""
    rows = []
    for saet in SAET:
        for row in read_kodesaet(
            saet, (CODESETS / f"{saet}.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        ):
            assert not isinstance(row, RefusedLine), row
            held = Row(row.kode, row.variant, row.tekst, row.gyldig_fra, row.gyldig_til, row.egenskaber)
            rows.append((saet, held))
    return Kodesaet(1, rows)


@dataclass
class Youth:
    """A person's current number, status and kommune, and the events."""

    id: int
    cprnr: str
    status: str
    kommune: str | None
    events: tuple[Haendelse, ...] = ()


class MemoryDriver:
    """See ``tests.rules.cases.Driver``. ``findings`` are those of the last report."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=DANISH)
        self.last = 0
        self.youths: dict[str, Youth] = {}
        self.institutions: dict[str, Institution] = {}
        self.accepted: dict[tuple[str, str, str], tuple[Mapping[str, Any], Answer]] = {}
        self.findings: tuple[Finding, ...] = ()

    def set_clock(self, now: datetime) -> None:
        self.now = now

    def put_person(self, cprnr: str, *, status: str, kommune: str | None) -> None:
        youth = self.youths.setdefault(cprnr, Youth(len(self.youths), cprnr, status, kommune))
        youth.status, youth.kommune = status, kommune

    def change_number(self, old: str, new: str) -> None:
        youth = self.youths[new] = self.youths[old]
        youth.cprnr = new

    def put_institution(
        self, nummer: str, *, type3: str, hovedinstitution: str, lukket: date | None, in_register: bool
    ) -> None:
        self.institutions[nummer] = Institution(nummer, hovedinstitution, type3, "101", None, lukket, in_register)

    def send(self, report: Mapping[str, Any]) -> Answer:
        content = {key: value for key, value in report.items() if key != elementer.SYSTEM_TRANSACTION_ID}
        transaction = report.get(elementer.SYSTEM_TRANSACTION_ID, f"own-{self.last}-{len(self.accepted)}")
        key = (report["service"], report[elementer.INSTITUTION_NUMMER], transaction)
        if key in self.accepted and self.accepted[key][0] == content:
            return self.accepted[key][1]
        answer = self.judged(indberetning(content), key_reused=key in self.accepted)
        if answer.number is not None:
            self.accepted[key] = (content, answer)
        return answer

    def judged(self, report: Indberetning, *, key_reused: bool) -> Answer:
        youth = self.youths.get(report.cprnr)
        facts = placed(self.facts(report, youth, key_reused=key_reused), report)
        self.findings = evaluate(report, facts)
        codes = frozenset(finding.code for finding in self.findings)
        if any(finding.alvor is Alvor.HAARD for finding in self.findings):
            return Answer(codes, None)
        assert youth is not None
        if report.annullering:
            return Answer(codes, self.cancel(report, youth))
        return Answer(codes, self.store(report, youth, facts))

    def facts(self, report: Indberetning, youth: Youth | None, *, key_reused: bool) -> Facts:
        return Facts(
            today=danish_date(self.now),
            invented_cpr_allowed=True,
            person=person(youth) if youth else None,
            institution=self.institutions.get(report.institution_nummer),
            codes=shipped_codes(),
            events=tuple(self.by_todays_register(youth.events)) if youth else (),
            key_reused=key_reused,
        )

    def by_todays_register(self, events: Iterable[Haendelse]) -> Iterable[Haendelse]:
        for event in events:
            yield replace(event, hovedinstitution=self.institutions[event.institution_nummer].hovedinstitution)

    def store(self, report: Indberetning, youth: Youth, facts: Facts) -> str:
        number = self.draw()
        twin = facts.placement.twin
        code = education_code(report)
        event = Haendelse(
            nummer=event_number(number),
            plads=twin.plads if twin else event_number(number),
            art="uddannelse",
            cprnr=report.cprnr,
            service=report.service,
            institution_nummer=report.institution_nummer,
            hovedinstitution=self.institutions[report.institution_nummer].hovedinstitution,
            haendelse_dato=report.dato,
            registreringstid=self.now,
            kilde_leverandoer=report.kilde_leverandoer,
            gentager=twin.nummer if twin else None,
            kodesaet=code[0] if code else None,
            kode=code[1] if code else None,
            kode_version=report.cosa_formaal_version,
            **{name: getattr(report, name) for name in STORED},
        )
        youth.events = tuple(
            replace(other, gentaget=True) if twin and other.nummer == twin.nummer else other for other in youth.events
        )
        others = self.by_todays_register((*youth.events, event))
        companions = next(f.events for f in all_forloeb(others) if any(e.nummer == event.nummer for e in f.events))
        named = max((e for e in companions if e.nummer != event.nummer), key=lambda e: e.nummer, default=None)
        name = twin.forloeb_id if twin else named.forloeb_id if named else forloeb_id(number)
        youth.events = (*youth.events, replace(event, forloeb_id=name))
        return event.nummer

    def cancel(self, report: Indberetning, youth: Youth) -> str:
        named = next(event for event in youth.events if event.nummer == report.haendelse_nummer)
        answer = ""
        for event in youth.events:
            if event.plads != named.plads or event.annullering:
                continue
            number = event_number(self.draw())
            answer = number if event.nummer == named.nummer else answer
            cancellation = replace(
                event,
                nummer=number,
                plads=number,
                registreringstid=self.now,
                annullering=True,
                gentaget=False,
                annulleret_haendelse_nummer=event.nummer,
            )
            cancelled = replace(event, annulleret=True)
            others = (cancelled if other.nummer == event.nummer else other for other in youth.events)
            youth.events = (*others, cancellation)
        return answer

    def draw(self) -> int:
        self.last = next_number(self.now, self.last)
        return self.last


def person(youth: Youth) -> Person:
    born = birth_date(youth.cprnr, invented_allowed=True)
    assert born is not None
    days = birthdays(born)
    return Person(
        youth.id,
        youth.cprnr,
        youth.status,
        youth.kommune,
        days.turns_15,
        days.turns_18,
        days.turns_25,
        days.turns_30,
    )


def indberetning(report: Mapping[str, Any]) -> Indberetning:
    """A report by element names as the value that the rules judge."""
    values = {elementer.ATTRIBUTE.get(element, element): value for element, value in report.items()}
    dato = values["haendelse_dato"]
    return Indberetning(**{**values, "haendelse_dato": dato if isinstance(dato, datetime) else midnight(dato)})
