"""Youths of the monthly figures, told plainly, and stored as the rows that reports and registers would have left."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert

from tests.rules.memory import shipped_codes
from tests.support.told_afbrud import Contact, Fetch, Look, Mark, Work, contact, fetches, look, marked, work
from udb.domain.bopael import OPEN, UNKNOWN
from udb.domain.clock import DANISH
from udb.domain.cpr import birthdays
from udb.domain.haendelse import PAALAEG, UDDANNELSE, Haendelse
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import COSA, ELEVTRIN, KOMMUNE_AKTIVITETER, STADS
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, JOBCENTER, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.domain.services import VIDEREGAAENDE as HIGHER
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.tables import bopael, cprnummer, haendelse, hentet, person, read_log
from udb.store.tables.beviser import eksamensbevis
from udb.store.tables.indkomst import indkomst, indkomstloen, indkomstmaaned, indkomstsats
from udb.store.visible import refresh

STX, HF, HF_SINGLE, GF1, GF2, EUD, FGU_CODE, AVU, GRADE_10, TEST = (
    *("3009", "3017", "9017", "9101", "9102", "9100", "338", "3016", "332", "2997"),
)
"""Formaal; of which art: codesets/cosa_formaal.csv."""
WAGE: Final = "00"
RATES: Final = {"15-17": 7500, "18-24": 13000}
LEFT, DONE = 2, 3
_CODES: Final = shipped_codes()
REGISTERED: Final = datetime(2026, 9, 1, 12, tzinfo=DANISH)


@dataclass(frozen=True)
class Course:
    """A course at a school of its own. ``kind``: formaal, stads, elevtrin or kommune; ``ends``: LEFT or DONE.

    ``fra`` None: reported by its end alone. ``noise``: cancelled reports beside it, which count for nothing, and a mark
    that names no forloeb. Of an afbrud: ``registered``; ``repeated``: when, after a change of CPR number; who fetched
    it, and the contacts. ``marks``: the kommune's own, which ``fra`` must be there for.
    """

    kind: str
    kode: str
    fra: date | None
    til: date | None = None
    ends: int | None = None
    cause: str = "9"
    whole_hf: bool = False
    risk: bool = False
    noise: bool = False
    registered: datetime = REGISTERED
    repeated: datetime | None = None
    fetched: Sequence[Fetch] = ()
    contacts: Sequence[Contact] = ()
    marks: Sequence[Mark] = ()


@dataclass(frozen=True)
class Told:
    """A youth. ``moves``: from which day where and with which status; ``wages``: in oere by the month's last day.

    ``orders``: on which days an uddannelsespaalaeg began (True) or ended. ``looks``: of kommuner at the youth;
    ``work``: the changes of employment that were reported.
    """

    born: date
    koen: str = "K"
    status: str = "01"
    kommune: str | None = "851"
    moves: Sequence[tuple[date, str, str | None]] = ()
    courses: Sequence[Course] = ()
    wages: Mapping[date, int] = field(default_factory=dict)
    diplomas: Sequence[date] = ()
    orders: Sequence[tuple[date, bool]] = ()
    looks: Sequence[Look] = ()
    work: Sequence[Work] = ()


_SERVICES: Final = {
    "stads": (STADS, HIGHER),
    "elevtrin": (ELEVTRIN, FORBEREDENDE_AKTIVITET),
    "kommune": (KOMMUNE_AKTIVITETER, KOMMUNE_AKTIVITET),
}


def store(engine: Engine, told: Iterable[Told], first: int = 1) -> list[int]:
    """Store youths and return their ids, which count from ``first``."""
    numbers = count(first * 1000)
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (person, cprnummer, bopael, haendelse, eksamensbevis, indkomst, hentet, read_log)
    }
    ids = []
    with reading(engine) as connection:
        ahead = state.ahead(connection)
    for number, one in enumerate(told, first):
        ids.append(number)
        cprnr = _number(number, one.koen)
        days = birthdays(one.born)
        now = one.moves[-1] if one.moves else (None, one.status, one.kommune)
        rows[person].append({"id": number, "cprnr": cprnr, "status": now[1], "kommunekode": now[2], **asdict(days)})
        rows[cprnummer].append({"cprnr": cprnr, "person_id": number})
        rows[bopael] += _homes(number, one)
        for index, course in enumerate(one.courses):
            events, fetched = _followed(
                course, _events(course, cprnr, f"47{number % 100:02}{index:02}", numbers), numbers
            )
            rows[haendelse] += [_row(number, event) for event in events]
            rows[hentet] += fetched
        rows[haendelse] += [_row(number, work(each, cprnr, event_number(next(numbers)))) for each in one.work]
        rows[read_log] += [look(number, each, ahead) for each in one.looks]
        rows[haendelse] += [_row(number, _order(day, cprnr, numbers, on=on)) for day, on in one.orders]
        rows[eksamensbevis] += [
            {"cprnr": cprnr, "institution_nummer": f"{index:06}", "cosa_formaal": STX, "dato": day, "person_id": number}
            for index, day in enumerate(one.diplomas)
        ]
        rows[indkomst] += [_line(cprnr, month, oere) for month, oere in one.wages.items()]
    with writing(engine) as connection:
        for table, some in rows.items():
            if some:
                connection.execute(insert(table), some)
        refresh(connection, ids, load_codes(connection))
    return ids


def deliver(engine: Engine, *months: date) -> None:
    """Declare months delivered, with the rates and the one kind of wage."""
    with writing(engine) as connection:
        for month in months:
            connection.execute(insert(indkomstmaaned).values(maaned=month, leveret=month + timedelta(days=10)))
            rates = [{"maaned": month, "gruppe": name, "oere": oere} for name, oere in RATES.items()]
            connection.execute(insert(indkomstsats), rates)
            connection.execute(insert(indkomstloen).values(maaned=month, indtaegtsart=WAGE))


def forget(engine: Engine) -> None:
    """Remove all that ``store`` and ``deliver`` have added but for looks, which stay: use other ids after them."""
    with writing(engine) as connection:
        for table in (indkomst, indkomstloen, indkomstsats, indkomstmaaned, eksamensbevis, haendelse, hentet, bopael):
            connection.execute(delete(table))
        for table in (cprnummer, person):
            connection.execute(delete(table))


def set_wage(connection: Connection, person_id: int, koen: str, month: date, oere: int) -> None:
    """Replace a youth's wage of a month, as a correction of eIndkomst does."""
    cprnr = _number(person_id, koen)
    connection.execute(delete(indkomst).where(indkomst.c.cprnr == cprnr, indkomst.c.maaned == month))
    connection.execute(insert(indkomst), [_line(cprnr, month, oere)])


def _number(person_id: int, koen: str) -> str:
    """Return a number of no date, so that it can be nobody's; its last digit says the sex."""
    return f"{99_000_000 + person_id:09}{1 if koen == 'M' else 2}"


def _line(cprnr: str, month: date, oere: int) -> dict[str, Any]:
    return {"maaned": month, "cprnr": cprnr, "indberetter": "90000000", "indtaegtsart": WAGE, "oere": oere}


def _homes(number: int, one: Told) -> list[dict[str, Any]]:
    begins = [(UNKNOWN, one.status, one.kommune), *one.moves]
    ends = [*(day - timedelta(days=1) for day, *_ in begins[1:]), OPEN]
    return [
        {"person_id": number, "status": status, "kommunekode": kommune, "fra": fra, "til": til,
         "registreret": datetime(2020, 1, 1, tzinfo=DANISH)}
        for (fra, status, kommune), til in zip(begins, ends, strict=True)
    ]  # fmt: skip


def _version(course: Course) -> int:
    """Return the version of a formaal that holds when the course begins, so that it counts."""
    row = _CODES.on(COSA, course.kode, course.fra or date(2020, 1, 1))
    assert row is not None, course
    return int(row.variant or 0)


def _events(course: Course, cprnr: str, school: str, numbers: Iterator[int]) -> list[Haendelse]:
    kodesaet, service = _SERVICES.get(course.kind, (COSA, FGU if course.kode == FGU_CODE else UNGDOMSUDDANNELSE))

    def event(day: date, status: int, **more: Any) -> Haendelse:
        nummer = event_number(next(numbers))
        more.setdefault("registreringstid", REGISTERED)
        return Haendelse(
            nummer=nummer,
            plads=nummer,
            art=UDDANNELSE,
            cprnr=cprnr,
            service=service,
            institution_nummer=school,
            hovedinstitution=school,
            haendelse_dato=day,
            kilde_leverandoer="LUDUS",
            status=status,
            kodesaet=kodesaet,
            kode=course.kode,
            kode_version=_version(course) if kodesaet == COSA else None,
            elev_trin=int(course.kode) if kodesaet == ELEVTRIN else None,
            **more,
        )

    found = []
    if course.fra is not None:
        found.append(event(course.fra, 1, frafaldstruet_markering=course.risk))
    if course.noise:
        # A cancelled end, and a mark of the kommune: neither ends or opens anything.
        found.append(event(course.fra or date(2020, 1, 1), LEFT, annulleret=True, afbrudsarsags_kode="9"))
        found.append(event(course.fra or date(2020, 1, 1), LEFT, ifoelge_kommunen="Afbrud"))
    if course.ends is not None and course.til is not None:
        more: dict[str, Any] = {"afbrudsarsags_kode": course.cause} if course.ends == LEFT else {}
        if course.ends == DONE:
            more["gennemfoert_hf"] = course.whole_hf
        end = event(course.til, course.ends, **more, registreringstid=course.registered)
        found.append(end)
        if course.ends == LEFT and course.repeated is not None:
            again = event_number(next(numbers))
            found[-1] = end.but(gentaget=True)
            found.append(end.but(nummer=again, gentager=end.nummer, registreringstid=course.repeated))
    return found


def _followed(
    course: Course, events: Sequence[Haendelse], numbers: Iterator[int]
) -> tuple[list[Haendelse], list[dict[str, Any]]]:
    """Return a course's events with its marks and contacts, and the fetches of what was broken off."""
    found, fetched = list(events), []

    def follow(afbrud: Haendelse, contacts: Iterable[Contact], by: Sequence[Fetch]) -> None:
        found.extend(contact(one, afbrud, afbrud.gentager, event_number(next(numbers))) for one in contacts)
        fetched.extend(fetches(by, afbrud.nummer, afbrud.gentager))

    if course.ends == LEFT and course.til is not None:
        follow(events[-1], course.contacts, course.fetched)
    for one in course.marks:
        mark = marked(one, events[0], event_number(next(numbers)))
        found.append(mark)
        follow(mark, one.contacts, one.fetched)
    return found, fetched


def _order(day: date, cprnr: str, numbers: Iterable[int], *, on: bool) -> Haendelse:
    nummer = event_number(next(iter(numbers)))
    return Haendelse(
        nummer=nummer,
        plads=nummer,
        art=PAALAEG,
        cprnr=cprnr,
        service=JOBCENTER,
        institution_nummer="280999",
        hovedinstitution="280999",
        haendelse_dato=day,
        registreringstid=REGISTERED,
        kilde_leverandoer="DFDG",
        har_uddannelsespaalaeg=on,
    )


def _row(person_id: int, event: Haendelse) -> dict[str, Any]:
    row = asdict(event)
    del row["hovedinstitution"]
    return row | {"person_id": person_id}
