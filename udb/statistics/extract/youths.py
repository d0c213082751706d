"""Read a batch of youths: registers, events, diplomas and months, and what the definitions make of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from udb.domain.bevis import Bevis, gives
from udb.domain.cpr import birth_date
from udb.domain.forloeb import Forloeb, all_forloeb
from udb.domain.haendelse import PAALAEG, Haendelse
from udb.domain.kodesaet import UDDANNELSESNIVEAUER, Kodesaet
from udb.statistics.definitions.courses import courses_of
from udb.statistics.definitions.youth import Work, Youth, work_of
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.scratch import Scratch, Wage
from udb.statistics.extract.who import with_address
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.tables import eksamensbevis, haendelse, haendelse_raad, person
from udb.store.tables.indkomst import indkomstserie

_PERSON: Final = tuple(person.c[name] for name in ("id", "cprnr", "turns_15", "turns_18", "turns_25", "turns_30"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One youth. ``row``: of ``person`` with the address on the day; ``born``: None when the number says no date.

    ``events``: all, those that do not stand included; ``forloeb``: as the standing ones form them. ``systems``,
    ``advice``: of events, by number. ``fuldfoert``: the days of completed educations and diplomas up to the day, each
    with the level that it gives. ``series``: of eIndkomst.
    """

    id: str
    row: Row[Any]
    born: date | None
    events: Sequence[Haendelse]
    forloeb: Sequence[Forloeb]
    systems: Mapping[str, str]
    advice: Mapping[str, Sequence[str]]
    fuldfoert: Sequence[tuple[date, str | None]]
    wages: Sequence[Wage]
    series: Sequence[Row[Any]]
    youth: Youth

    @property
    def counted(self) -> list[Haendelse]:
        """The events that figures count, in ascending number."""
        return [event for event in self.events if event.standing and not event.udgaaet]


def load(connection: Connection, scratch: Scratch, batch: Mapping[int, str], moment: Moment) -> list[Found]:
    """Return the youths of a batch, in its order. ``batch``: person id to pseudonym."""
    persons = list(batch)
    people = connection.execute(with_address(moment.request, *_PERSON).where(person.c.id.in_(persons)))
    rows = {row.id: row for row in people}
    events, systems = _events(connection, persons)
    advice, diplomas = _advice(connection, persons), _diplomas(connection, persons, moment.codes)
    series, wages = _series(connection, persons), scratch.wages(persons)
    return [
        _found(
            batch[number],
            rows[number],
            events[number],
            diplomas[number],
            wages.get(number, ()),
            moment,
            systems=systems[number],
            advice=advice[number],
            series=series[number],
        )
        for number in persons
    ]


def _found(
    pseudonym: str,
    row: Row[Any],
    events: Sequence[Haendelse],
    diplomas: Sequence[tuple[date, str | None]],
    wages: Sequence[Wage],
    moment: Moment,
    **more: Any,
) -> Found:
    day = moment.request.day
    done = [(one.haendelse_dato, one.fuldfoerer) for one in events if one.standing and one.fuldfoerer is not None]
    fuldfoert = [one for one in (*done, *diplomas) if one[0] <= day]
    youth = Youth(
        row.status,
        row.turns_15,
        row.turns_25,
        row.turns_30,
        courses_of(events, moment.codes),
        [when for when, _ in fuldfoert],
        _work(wages, moment.month),
        _under_order(events, day),
    )
    return Found(
        id=pseudonym,
        row=row,
        born=birth_date(row.cprnr, invented_allowed=True),
        events=events,
        forloeb=all_forloeb(events),
        fuldfoert=fuldfoert,
        wages=wages,
        youth=youth,
        **more,
    )


def _work(wages: Sequence[Wage], month: date | None) -> Work:
    if month is None:
        return Work()
    return next((work_of(month, max(one.oere, 0), one.rate) for one in wages if one.month == month), Work(month))


def _under_order(events: Sequence[Haendelse], day: date) -> bool:
    """Return whether the youth had an uddannelsespaalaeg on a day."""
    said = [one for one in events if one.art == PAALAEG and one.standing and one.haendelse_dato <= day]
    latest = max(said, key=lambda one: (one.haendelse_dato, one.nummer), default=None)
    return latest is not None and bool(latest.har_uddannelsespaalaeg)


def highest_level(fuldfoert: Sequence[tuple[date, str | None]], codes: Kodesaet, day: date) -> str | None:
    """Return the code of the highest level that was completed; the lowest, which every youth has, for none."""
    described = ((kode, codes.describing(UDDANNELSESNIVEAUER, kode, day)) for kode in codes.codes(UDDANNELSESNIVEAUER))
    ranks = {kode: int(row.text("rang")) for kode, row in described if row is not None}
    if not ranks:
        return None
    reached = [kode for _, kode in fuldfoert if kode is not None and kode in ranks]
    return max(reached, key=ranks.__getitem__, default=min(ranks, key=ranks.__getitem__))


def _events(
    connection: Connection, persons: Sequence[int]
) -> tuple[dict[int, list[Haendelse]], dict[int, dict[str, str]]]:
    found: dict[int, list[Haendelse]] = defaultdict(list)
    systems: dict[int, dict[str, str]] = defaultdict(dict)
    query = (
        select(haendelse.c.person_id, haendelse.c.system_id, *EVENT_COLUMNS)
        .select_from(WITH_REPORTER)
        .where(haendelse.c.person_id.in_(persons))
        .order_by(haendelse.c.nummer)
    )
    for number, system, *row in connection.execute(query):
        event = as_event(row)
        found[number].append(event)
        if system is not None:
            systems[number][event.nummer] = system
    return found, systems


def _advice(connection: Connection, persons: Sequence[int]) -> dict[int, dict[str, list[str]]]:
    found: dict[int, dict[str, list[str]]] = defaultdict(dict)
    query = (
        select(haendelse.c.person_id, haendelse_raad.c.nummer, haendelse_raad.c.fejl_kode)
        .join(haendelse, haendelse.c.nummer == haendelse_raad.c.nummer)
        .where(haendelse.c.person_id.in_(persons))
        .order_by(haendelse_raad.c.nummer, haendelse_raad.c.fejl_kode)
    )
    for number, event, code in connection.execute(query):
        found[number].setdefault(event, []).append(code)
    return found


def _diplomas(
    connection: Connection, persons: Sequence[int], codes: Kodesaet
) -> dict[int, list[tuple[date, str | None]]]:
    found: dict[int, list[tuple[date, str | None]]] = defaultdict(list)
    columns = (eksamensbevis.c.person_id, eksamensbevis.c.cosa_formaal, eksamensbevis.c.dato)
    for number, formaal, dato in connection.execute(select(*columns).where(eksamensbevis.c.person_id.in_(persons))):
        found[number].append((dato, gives(Bevis(formaal, "", dato), codes)))
    return found


def _series(connection: Connection, persons: Sequence[int]) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    query = select(indkomstserie).where(indkomstserie.c.person_id.in_(persons)).order_by(indkomstserie.c.fra)
    for row in connection.execute(query):
        found[row.person_id].append(row)
    return found
