"""The caller's own forloeb on a status day, each with its mark: which of them the figures drop, and why."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, and_, func, select

from udb.access.reconciled import own_reports
from udb.context import Context
from udb.domain.call import Call
from udb.domain.kodesaet import Kodesaet
from udb.hentning.reconciliation.kinds import Hvad, services_of
from udb.hentning.reconciliation.ours import Place
from udb.hentning.reconciliation.run import here_of
from udb.readlog.entries import NO_PERSON, log_read
from udb.statistics.definitions.opmaerkninger import Maerke, Opmaerkning, opmaerkninger
from udb.statistics.definitions.youth import Youth
from udb.store import bopael as addresses
from udb.store.engine import reading, writing
from udb.store.events import events_by_person
from udb.store.tables import bopael, haendelse, person

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Marked:
    """A forloeb of the caller with its mark, and what its reports say of it."""

    maerke: Maerke
    person_id: int
    cprnr: str
    kode: str
    optag: date | None
    slut: date | None
    afdeling: str
    nummer: str


@dataclass(frozen=True, slots=True)
class StatusDay:
    """The forloeb of the caller on a day. ``shown``: up to ``most`` of each mark; ``antal``: how many there are."""

    dag: date
    now: datetime
    antal: Mapping[Maerke, int]
    shown: Sequence[Marked]

    @property
    def i_alt(self) -> int:
        """All stored forloeb of the caller: the sum of the marks."""
        return sum(self.antal.values())


def status_day(context: Context, call: Call, dag: date | None, *, most: int | None = None) -> StatusDay:
    """Return the caller's stored forloeb with their marks on a day; None: the first of this month.

    ``most``: how many of each mark are shown, and logged; None: all. Raises NoDataaftale, DatabaseUnavailable.
    """
    antal: Counter[Maerke] = Counter()
    shown: list[Marked] = []
    with reading(context.engine) as connection:
        here = here_of(connection, context, call.institution_nummer, call)
        day = dag or here.now.date().replace(day=1)
        services = services_of(Hvad.FORLOEB, kommune=here.place.is_kommune)
        own = own_reports(here.place.numre, services)
        persons = sorted(connection.execute(select(haendelse.c.person_id).where(own).distinct()).scalars())
        for begin in range(0, len(persons), _AT_ONCE):
            for one in _marked(connection, persons[begin : begin + _AT_ONCE], here.place, services, here.codes, day):
                antal[one.maerke] += 1
                if most is None or antal[one.maerke] <= most:
                    shown.append(one)
    with writing(context.engine) as connection:
        ids = {one.person_id for one in shown}
        log_read(connection, call, ids or [NO_PERSON], clause=here.clause if ids else None)
    return StatusDay(day, here.now, antal, shown)


def _marked(
    connection: Connection,
    persons: Sequence[int],
    place: Place,
    services: frozenset[str],
    codes: Kodesaet,
    day: date,
) -> list[Marked]:
    youths = _youths(connection, persons, day)
    found = []
    for number, events in events_by_person(connection, persons).items():
        for one in opmaerkninger(events, youths[number], codes, day):
            first = one.events[0]
            if first.hovedinstitution == place.hovedinstitution and first.service in services:
                found.append(_shown(number, one))
    return found


def _youths(connection: Connection, persons: Sequence[int], day: date) -> dict[int, Youth]:
    """Return the youths with the CPR status of the day; of a day before what is known of addresses, today's."""
    then = person.outerjoin(bopael, and_(bopael.c.person_id == person.c.id, addresses.on(day)))
    status = func.coalesce(bopael.c.status, person.c.status)
    query = select(person.c.id, status, person.c.turns_15, person.c.turns_25, person.c.turns_30).select_from(then)
    return {row[0]: Youth(*row[1:]) for row in connection.execute(query.where(person.c.id.in_(persons)))}


def _shown(number: int, one: Opmaerkning) -> Marked:
    first, end = one.events[0], one.forloeb.end if one.forloeb else None
    return Marked(
        one.maerke,
        number,
        first.cprnr,
        first.kode or "",
        one.forloeb.dato_optag if one.forloeb else first.haendelse_dato,
        end.haendelse_dato if end else None,
        first.institution_nummer,
        first.nummer,
    )
