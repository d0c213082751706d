"""Read the histories of all youths, some hundred at a time, so that memory stays flat however many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Connection, Row, select

from udb.domain.bopael import Address
from udb.domain.haendelse import BESKAEFTIGELSE, FIELDS, PAALAEG, SOCIAL_YDELSE, Haendelse, event_of
from udb.domain.kodesaet import Kodesaet
from udb.statistics.definitions.courses import courses_of
from udb.statistics.monthly.history import History, Home
from udb.store.events import MAIN_INSTITUTION, WITH_REPORTER
from udb.store.tables import bopael, haendelse, person
from udb.store.tables.beviser import eksamensbevis

AT_ONCE: Final = 500
"""Youths per batch."""
_NEEDED: Final = (
    *("nummer", "plads", "art", "service", "institution_nummer", "hovedinstitution", "haendelse_dato"),
    *("gentaget", "status", "afbrudsarsags_kode", "kodesaet", "kode", "kode_version"),
    *("ifoelge_kommunen", "vedroerer_haendelse_nummer", "frafaldstruet_markering", "type", "afbrud_haendelse_nummer"),
    *("har_uddannelsespaalaeg", "fuldfoerer"),
)
"""The fields of an event that a definition looks at. The others are empty: reading them takes half the time.

The registration, which costs most, is read for few (``contact_facts``); here it is NOT_READ.
"""
NOT_READ: Final = datetime(1, 1, 2, tzinfo=UTC)
_COLUMNS: Final = [MAIN_INSTITUTION if name == "hovedinstitution" else haendelse.c[name] for name in _NEEDED]
_PLACES: Final = [FIELDS.index(name) for name in _NEEDED]
_FIXED: Final[dict[str, Any]] = {
    **dict.fromkeys(("annullering", "annulleret", "udgaaet"), False),
    **dict.fromkeys(("cprnr", "kilde_leverandoer"), ""),
    "registreringstid": NOT_READ,
}
_EMPTY: Final[list[Any]] = [_FIXED.get(name) for name in FIELDS]
_OF_INCOME: Final = (BESKAEFTIGELSE, SOCIAL_YDELSE)


def histories(connection: Connection, codes: Kodesaet, first: date, last: date) -> Iterator[list[History]]:
    """Yield everybody of 15 to 29 on any day from ``first`` to ``last``, in batches, in the order of their ids."""
    query = (
        select(person).where(person.c.turns_15 <= last, person.c.turns_30 > first).order_by(person.c.id).limit(AT_ONCE)
    )
    seen = 0
    while rows := connection.execute(query.where(person.c.id > seen)).all():
        yield _batch(connection, codes, rows)
        seen = rows[-1].id


def _batch(connection: Connection, codes: Kodesaet, rows: Sequence[Row[Any]]) -> list[History]:
    ids = [row.id for row in rows]
    homes, events, diplomas = _homes(connection, ids), _events(connection, ids), _diplomas(connection, ids)
    return [_history(row, homes[row.id], events[row.id], diplomas[row.id], codes) for row in rows]


def _history(
    row: Row[Any], homes: Sequence[Home], events: Sequence[Haendelse], diplomas: Sequence[date], codes: Kodesaet
) -> History:
    return History(
        person_id=row.id,
        koen="M" if int(row.cprnr[-1]) % 2 else "K",
        turns_15=row.turns_15,
        turns_18=row.turns_18,
        turns_25=row.turns_25,
        turns_30=row.turns_30,
        now=Address(row.status, row.kommunekode),
        homes=homes,
        events=events,
        courses=courses_of(events, codes) if events else (),
        fuldfoert=[*diplomas, *(one.haendelse_dato for one in events if one.fuldfoerer is not None)],
        # Of one day, the later report holds: sorting keeps the order of the numbers.
        paalaeg=sorted(
            ((one.haendelse_dato, bool(one.har_uddannelsespaalaeg)) for one in events if one.art == PAALAEG),
            key=itemgetter(0),
        ),
    )


def _homes(connection: Connection, ids: Collection[int]) -> dict[int, list[Home]]:
    row = bopael.c
    query = select(row.person_id, row.fra, row.til, row.status, row.kommunekode)
    found: dict[int, list[Home]] = defaultdict(list)
    for number, fra, til, *address in connection.execute(query.where(row.person_id.in_(ids), row.rettet.is_(None))):
        found[number].append(Home(fra, til, Address(*address)))
    return found


def _events(connection: Connection, ids: Collection[int]) -> dict[int, list[Haendelse]]:
    row = haendelse.c
    query = select(row.person_id, *_COLUMNS).select_from(WITH_REPORTER)
    # A repeated report is read too: a mark may name it.
    of_them = (row.person_id.in_(ids), row.art.not_in(_OF_INCOME), ~row.annullering, ~row.annulleret)
    found: dict[int, list[Haendelse]] = defaultdict(list)
    for number, *values in connection.execute(query.where(*of_them).order_by(row.person_id, row.nummer)):
        whole = _EMPTY.copy()
        for place, value in zip(_PLACES, values, strict=True):
            whole[place] = value
        found[number].append(event_of(whole))
    return found


def _diplomas(connection: Connection, ids: Collection[int]) -> dict[int, list[date]]:
    query = select(eksamensbevis.c.person_id, eksamensbevis.c.dato).where(eksamensbevis.c.person_id.in_(ids))
    found: dict[int, list[date]] = defaultdict(list)
    for number, day in connection.execute(query):
        found[number].append(day)
    return found
