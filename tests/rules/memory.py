"""A register in memory: the real rules and forloeb, and the simplest storage that can hold events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from tests.rules.cases import Answer
from udb.domain import elementer
from udb.domain.bevis import Bevis, Beviser
from udb.domain.clock import DANISH, danish_date, midnight
from udb.domain.completion import VOCATIONAL, completes
from udb.domain.cpr import birth_date, birthdays
from udb.domain.forloeb import all_forloeb, forloeb_of
from udb.domain.haendelse import Haendelse, Indberetning, Kind
from udb.domain.identifiers import event_number, forloeb_id, next_number
from udb.domain.kodesaet import Kodesaet, Row
from udb.domain.persons import Institution, Person
from udb.domain.services import JOBCENTER, KONTAKT_TILBUDSTID, ONSKER, WITH_ANNULLERING
from udb.imports.csv_file import RefusedLine
from udb.imports.kodesaet_file import SAET, read_kodesaet
from udb.paths import CODESETS
from udb.rules.facts import Facts, education_code, placed
from udb.rules.premises import lives_with_caller
from udb.rules.rule import Alvor, Finding
from udb.rules.runner import evaluate

STORED = (
    *("afbrudsarsags_kode", "elev_trin", "klasse_trin", "klasse_type", "klasse_navn", "speciale", "praktiksted"),
    *("skoleperiode", "egu_uddannelsesniveau", "gennemfoert_hf", "frafaldstruet_markering", "status"),
    *("ifoelge_kommunen", "vedroerer_haendelse_nummer", "type", "afbrud_haendelse_nummer"),
)
WISHES = ("Job", "Uddannelse")
STAR = "280999"


@cache
def shipped_codes() -> Kodesaet:
    """Return the code sets as shipped."""
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
    """A person's current number, status and kommune, the events, and what each caller has registered.

    ``registered``: pairs of a kind (a service, or a kind of wish) and the number of the institution that registered it.
    """

    id: int
    cprnr: str
    status: str
    kommune: str | None
    events: tuple[Haendelse, ...] = ()
    registered: set[tuple[str, str]] = field(default_factory=set)
    paalaeg: bool = False
    beviser: list[Bevis] = field(default_factory=list)


class MemoryDriver:
    """See ``tests.rules.cases.Driver``. ``sent`` is the last report, ``findings`` what was found in it."""

    star = STAR
    """The number of the institution that a subscription's event is of."""

    def __init__(self) -> None:
        self.now = datetime.min.replace(tzinfo=DANISH)
        self.last = 0
        self.youths: dict[str, Youth] = {}
        self.institutions: dict[str, Institution] = {}
        self.accepted: dict[tuple[str, str, str], tuple[Mapping[str, Any], Answer]] = {}
        self.findings: tuple[Finding, ...] = ()
        self.sent: Mapping[str, Any] = {}
        self.delivered: date | None = None

    def set_clock(self, now: datetime) -> None:
        self.now = now

    def put_person(self, cprnr: str, *, status: str, kommune: str | None) -> None:
        youth = self.youths.setdefault(cprnr, Youth(len(self.youths), cprnr, status, kommune))
        youth.status, youth.kommune = status, kommune

    def change_number(self, old: str, new: str) -> None:
        youth = self.youths[new] = self.youths[old]
        youth.cprnr = new

    def put_paalaeg(self, cprnr: str, *, paalaeg: bool) -> None:
        self.youths[cprnr].paalaeg = paalaeg

    def put_beviser(self, til: date | None, beviser: Iterable[tuple[str, str, str, date]]) -> None:
        self.delivered = til
        for cprnr, *bevis in beviser:
            self.youths[cprnr].beviser.append(Bevis(*self.filed(*bevis)))

    def filed(self, institution: str, formaal: str, dato: date) -> tuple[str, str, date]:
        return formaal, self.institutions[institution].hovedinstitution, dato

    def put_institution(self, institution: Institution) -> None:
        self.institutions[institution.nummer] = institution

    def send(self, report: Mapping[str, Any]) -> Answer:
        self.sent = report
        content = {key: value for key, value in report.items() if key != elementer.SYSTEM_TRANSACTION_ID}
        transaction = report.get(elementer.SYSTEM_TRANSACTION_ID, f"own-{self.last}-{len(self.accepted)}")
        key = (report["service"], report[elementer.INSTITUTION_NUMMER], transaction)
        if key in self.accepted and self.accepted[key][0] == content:
            return self.accepted[key][1]
        answer = self.judged(indberetning(content), key_reused=key in self.accepted)
        if answer.accepted:
            self.accepted[key] = (content, answer)
        return answer

    def judged(self, report: Indberetning, *, key_reused: bool) -> Answer:
        youth = self.youths.get(report.cprnr)
        if youth is not None:
            self.end_subscription(youth)
        facts = placed(self.facts(report, youth, key_reused=key_reused), report)
        self.findings = evaluate(report, facts)
        codes = frozenset(finding.code for finding in self.findings)
        if any(finding.alvor is Alvor.HAARD for finding in self.findings):
            return Answer(accepted=False, codes=codes, number=None)
        assert youth is not None
        return Answer(accepted=True, codes=codes, number=self.take(report, youth, facts))

    def take(self, report: Indberetning, youth: Youth, facts: Facts) -> str | None:
        if report.handling is not None and not report.annullering:
            return self.subscribe(report, youth)
        if report.service not in WITH_ANNULLERING:
            return self.register(report, youth, facts)
        return self.cancel(report, youth) if report.annullering else self.store(report, youth, facts)

    def facts(self, report: Indberetning, youth: Youth | None, *, key_reused: bool) -> Facts:
        facts = Facts(
            today=danish_date(self.now),
            invented_cpr_allowed=True,
            person=person(youth) if youth else None,
            institution=self.institutions.get(report.institution_nummer),
            codes=shipped_codes(),
            key_reused=key_reused,
        )
        if youth is None:
            return facts
        return replace(
            facts,
            events=tuple(self.by_todays_register(youth.events)),
            registered=any((kind, report.institution_nummer) in youth.registered for kind in kinds(report)),
            visible=frozenset(event.nummer for event in youth.events if seen_by_caller(event, youth.events, facts)),
            paalaeg=youth.paalaeg,
            beviser=Beviser(self.delivered, tuple(youth.beviser)),
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
            art={KONTAKT_TILBUDSTID: "kontakttid", JOBCENTER: "jobcenter"}.get(report.service, "uddannelse"),
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
        joined = forloeb_of(event.nummer, all_forloeb(self.by_todays_register((*youth.events, event))))
        companions = (*joined.events, *joined.marks) if joined else ()
        named = max((e for e in companions if e.nummer != event.nummer), key=lambda e: e.nummer, default=None)
        name = twin.forloeb_id if twin else named.forloeb_id if named else forloeb_id(number)
        youth.events = (*youth.events, replace(event, forloeb_id=name))
        return event.nummer

    def subscribe(self, report: Indberetning, youth: Youth) -> str | None:
        if report.handling == "Ret":
            return None
        youth.paalaeg = report.handling == "Opret"
        begun = danish_date(report.startdato) if youth.paalaeg and report.startdato else danish_date(self.now)
        return self.order(youth, begun)

    def end_subscription(self, youth: Youth) -> None:
        """End the subscription if the youth has turned 30, is abroad or dead."""
        turns_30 = person(youth).turns_30
        if youth.paalaeg and (turns_30 <= danish_date(self.now) or youth.status in {"80", "90"}):
            youth.paalaeg = False
            self.order(youth, min(turns_30, danish_date(self.now)))

    def order(self, youth: Youth, day: date) -> str:
        """Add the event that the youth has an uddannelsespaalaeg from a day on, or has none; return its number."""
        nummer = event_number(self.draw())
        event = Haendelse(
            nummer=nummer,
            plads=nummer,
            art="paalaeg",
            cprnr=youth.cprnr,
            service=JOBCENTER,
            institution_nummer=self.star,
            hovedinstitution=self.star,
            haendelse_dato=day,
            registreringstid=self.now,
            kilde_leverandoer="DFDG",
            har_uddannelsespaalaeg=youth.paalaeg,
        )
        youth.events = (*youth.events, event)
        return nummer

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

    def register(self, report: Indberetning, youth: Youth, facts: Facts) -> None:
        at_home = lives_with_caller(facts)
        if report.kind is Kind.SLET:
            youth.registered = {
                (kind, whose)
                for kind, whose in youth.registered
                if kind not in removed(report) or (whose != report.institution_nummer and not at_home)
            }
        youth.registered |= {(kind, report.institution_nummer) for kind in registers(report)}

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


def kinds(report: Indberetning) -> tuple[str, ...]:
    """Return the kinds of what a report's service registers."""
    return WISHES if report.service == ONSKER else (report.service,)


def removed(report: Indberetning) -> tuple[str, ...]:
    """Return the kinds that a message with ``Slet`` removes."""
    return (str(report.slet),) if report.slet in WISHES else kinds(report)


def registers(report: Indberetning) -> set[str]:
    """Return the kinds that a message registers."""
    if report.service != ONSKER:
        return set() if report.slet else {report.service}
    return {kind for kind, texts in zip(WISHES, (report.job_onsker, report.uddannelses_onsker), strict=True) if texts}


def seen_by_caller(event: Haendelse, events: Iterable[Haendelse], facts: Facts) -> bool:
    """Return whether the calling kommune sees an event in the look-up (access.md, A1, A3-A7)."""
    youth = facts.person
    if youth is None or not lives_with_caller(facts) or not event.standing:
        return False
    if not youth.turns_15 <= facts.today < youth.turns_30:
        return False
    grown = facts.today >= youth.turns_25
    if grown and event.haendelse_dato < youth.turns_25:
        return False
    done = [other for other in events if (kind := completes(other, facts.codes)) and (not grown or kind in VOCATIONAL)]
    if not any((end.haendelse_dato, end.nummer) < (event.haendelse_dato, event.nummer) for end in done):
        return True
    own = forloeb_of(event.nummer, all_forloeb(events))
    return not grown and own is not None and any(end in own.events for end in done)


def indberetning(report: Mapping[str, Any]) -> Indberetning:
    """Return a report by element names as the value that the rules judge."""
    values = {
        elementer.ATTRIBUTE.get(element, element): tuple(value) if isinstance(value, list) else value
        for element, value in report.items()
    }
    days = {
        name: midnight(day)
        for name in ("haendelse_dato", "startdato")
        if isinstance(day := values.get(name), date) and not isinstance(day, datetime)
    }
    return Indberetning(**values | days)
