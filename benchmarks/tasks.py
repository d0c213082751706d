"""The tasks of the contest: the register they are done in, and the calls that do them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import repeat
from types import SimpleNamespace
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select, text, update

from benchmarks.floor import make_table
from tests.support.endpoint import basic
from udb.callers import systems
from udb.context import Context
from udb.domain.call import Call as Caller
from udb.domain.clock import DANISH, add_years
from udb.domain.haendelse import OPTAGET, Indberetning
from udb.domain.identifiers import event_number
from udb.domain.persons import RESIDENT
from udb.domain.receipt import Resultat
from udb.domain.services import ALL_SERVICES, DATA_TIL_KOMMUNE, SERVICES, UNGDOMSUDDANNELSE
from udb.hentning.fetch import hent_haendelser
from udb.imports.institutioner import KOMMUNE
from udb.imports.kodesaet import load_shipped
from udb.indberetning.take import take_report
from udb.sandbox import places
from udb.sandbox.example import HF, Example, report
from udb.sandbox.seed import Parameters, seed
from udb.sandbox.soapcall import CALLER, Payload, envelope
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import counter, dataaftale, haendelse, institution, person, system

TODAY: Final = date(2026, 8, 10)
PAGE: Final = 1000
KEY: Final = "en-noegle-til-maaling"
SYSTEMS: Final = 400
BIG, SMALL, OPEN = "101", "825", "751"
"""The kommune whose pages are fetched, one without reports, and one of which the access clauses hide little."""
_FETCH: Final = "HentHaendelser"


@dataclass(frozen=True, slots=True)
class Task:
    """One kind of call: the number of calls in a round, and what every answer must contain how often (a pattern)."""

    name: str
    calls: int
    holds: tuple[str, int]

    def check(self, answer: bytes) -> None:
        """Raise unless the answer shows that the contestant has done the work."""
        what, times = self.holds
        found = len(re.findall(what.encode(), answer))
        assert found == times, f"{self.name}: {found} of {what}, not {times}, in {answer[:2000]!r}"


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it is sent."""

    path: str
    body: bytes
    headers: Mapping[str, str]


_NUMBER: Final = "[<:/]HaendelseNummer>"
"""The element with any prefix, but no longer name that ends in it."""
# Short calls need many per round, so that other work of the machine affects few of them.
REPORT: Final = Task("a report that is taken", 120, ("Resultat>Accepteret<", 1))
BY_NUMBER: Final = Task("a page of 1,000 events by number", 4, (_NUMBER, 2 * PAGE))
LITTLE_HIDDEN: Final = Task("the same where little is hidden", 4, (_NUMBER, 2 * PAGE))
ALL_NEW: Final = Task("a page of 1,000 new events", 4, (_NUMBER, 2 * PAGE))
NOTHING_AFTER: Final = Task("nothing after the number", 20, ("HaendelserUng>", 0))
NOTHING_NEW: Final = Task("nothing new", 20, ("HaendelserUng>", 0))
TASKS: Final = (REPORT, BY_NUMBER, LITTLE_HIDDEN, ALL_NEW, NOTHING_AFTER, NOTHING_NEW)


def set_up(url: str, youths: int) -> dict[str, Iterator[Call]]:
    """Set up the sandbox's invented world with systems of our own; return the calls of each task, each made once."""
    engine = make_engine(url)
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, Parameters(unge=youths, dato=TODAY), lambda *_: None)
    make_table(engine)
    with writing(engine) as connection:
        big, small, hiding_little = (_kommune(connection, code) for code in (BIG, SMALL, OPEN))
        _hide_little(connection)
        rows = [systems.row(system_name(i), system_name(i), KEY) for i in range(SYSTEMS)]
        connection.execute(insert(system), rows)
        everywhere = connection.execute(select(institution.c.nummer)).scalars().all()
        agreed = [(row["id"], nummer) for row in rows for nummer in (big, small, hiding_little)]
        agreed += [(system_name(0), nummer) for nummer in everywhere if nummer not in {big, small, hiding_little}]
        connection.execute(
            insert(dataaftale),
            [{"system_id": one, "service": ALL_SERVICES, "institution_nummer": nummer} for one, nummer in agreed],
        )
        last = event_number(int(connection.execute(select(counter.c.last)).scalar_one()))
        if engine.dialect.name == "postgresql":
            connection.execute(text("ANALYZE"))
    context = Context(engine, Settings(sandbox=True))
    _catch_up(context, system_name(0), small)
    reports = _reports(context)
    engine.dispose()
    return {
        REPORT.name: reports,
        BY_NUMBER.name: (fetch(system_name(i), big, HaendelseNummer=event_number(0)) for i in range(SYSTEMS)),
        LITTLE_HIDDEN.name: (
            fetch(system_name(i), hiding_little, HaendelseNummer=event_number(0)) for i in range(SYSTEMS)
        ),
        ALL_NEW.name: (fetch(system_name(i), big) for i in range(SYSTEMS)),
        NOTHING_AFTER.name: (fetch(system_name(0), small, HaendelseNummer=last) for _ in repeat(None)),
        NOTHING_NEW.name: (fetch(system_name(0), small) for _ in repeat(None)),
    }


def _kommune(connection: Connection, kode: str) -> str:
    found = select(institution.c.nummer).where(
        institution.c.administrerende_kommune == kode, institution.c.type3 == KOMMUNE
    )
    return str(connection.execute(found).scalar_one())


def _hide_little(connection: Connection) -> None:
    """Let the youths of one kommune be under 25, and none of them have completed an education.

    Of the invented register the clauses hide five events of six. How much they hide of a real one is not known.
    """
    days = {name: add_years(TODAY, years) for name, years in _UNDER_25.items()}
    connection.execute(update(person).where(person.c.kommunekode == OPEN).values(days))
    shown = {"fuldfoerer": None, "vises_under_25": haendelse.c.vist}
    connection.execute(update(haendelse).where(haendelse.c.hjemkommune == OPEN).values(shown))


_UNDER_25: Final = {"turns_15": -5, "turns_18": -2, "turns_25": 5, "turns_30": 10}


def system_name(number: int) -> str:
    """Return the id of one of the systems that call."""
    return f"maaler-{number}"


def _catch_up(context: Context, system_id: str, kommune: str) -> None:
    asked: Any = SimpleNamespace(haendelse_nummer=None, cprnr=None)
    more = True
    while more:
        call = Caller("", system_id, DATA_TIL_KOMMUNE, _FETCH, kommune, str(uuid4()))
        answer: Any = hent_haendelser(context, call, asked)
        more = getattr(answer, "payload", answer).findes_flere_haendelser


def fetch(system_id: str, kommune: str, **criterion: str) -> Call:
    """Return a call of HentHaendelser."""
    payload = {"InstitutionNummer": kommune, **criterion}
    return call_of(system_id, DATA_TIL_KOMMUNE, _FETCH, payload)


def call_of(system_id: str, service: str, operation: str, payload: Payload) -> Call:
    """Return a call of any operation, as it is sent."""
    body = envelope(service, operation, payload).replace(CALLER, system_id).encode()
    return Call(SERVICES[service].path, body, {"Authorization": basic(system_id, KEY)})


def _reports(context: Context) -> Iterator[Call]:
    """Yield reports of an optag, one for each youth who has a history and may begin."""
    with reading(context.engine) as connection:
        schools = dict(
            connection.execute(
                select(institution.c.beliggenhedskommune, func.min(institution.c.nummer))
                .where(institution.c.type3 == places.GYMNASIUM, institution.c.lukket.is_(None))
                .group_by(institution.c.beliggenhedskommune)
            ).all()
        )
        reported = select(haendelse.c.person_id).group_by(haendelse.c.person_id).having(func.count() > 1)
        youths = connection.execute(
            select(person.c.cprnr, person.c.kommunekode)
            .where(
                person.c.status.in_(RESIDENT),
                person.c.turns_25 > TODAY,
                person.c.kommunekode.not_in((BIG, SMALL, OPEN)),
            )
            .where(person.c.id.in_(reported))
            .order_by(person.c.id)
        ).all()
    for cprnr, kommune in youths:
        example = Example(cprnr, "", schools.get(kommune, next(iter(schools.values()))))
        if is_taken(context, example):
            yield call_of(system_name(0), UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, report(example, TODAY, formaal=HF))


def is_taken(context: Context, example: Example) -> bool:
    """Return whether the rules let a youth begin today."""
    asked = Indberetning(
        service=UNGDOMSUDDANNELSE,
        cprnr=example.cprnr,
        institution_nummer=example.gymnasium,
        haendelse_dato=datetime.combine(TODAY, time(), DANISH),
        status=OPTAGET,
        kilde_leverandoer="Sandkasse",
        cosa_formaal=HF,
        cosa_formaal_version=2,
    )
    names = (system_name(0), UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, example.gymnasium)
    call = Caller("", *names, str(uuid4()), validate_only=True)
    return take_report(context, call, asked).resultat is Resultat.ACCEPTERET
