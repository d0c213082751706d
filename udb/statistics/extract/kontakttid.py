"""The file ``kontakttid``: each afbrud of a youth of 15 to 17 in the period, and what became of the contact by the day.

The deadline is that of the kommune in which the youth lived on the day of the afbrud.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from udb.domain.clock import danish_date
from udb.domain.haendelse import Haendelse
from udb.domain.persons import KOMMUNE_TYPE
from udb.readlog.home_looks import Look, home_looks
from udb.statistics.definitions.afbrud import (
    OFFERED,
    calls_for_contact,
    contact_days,
    is_of_age,
    is_owed,
    marks_of,
    numbers_of,
)
from udb.statistics.definitions.frist import Afbrud, Udfald, frist
from udb.statistics.extract.moment import Moment
from udb.statistics.extract.youths import Found
from udb.store.events import registered_at
from udb.store.tables import bopael, hentet

NAME: Final = "kontakttid"
COLUMNS: Final = (
    *("id", "haendelse_nummer", "afbrud_dato", "kendt_dato", "kilde_kendt", "frist", "kontakt", "tilbudsfrist"),
    *("tilbud", "udfald"),
)
FETCHED: Final = "hentet"
REGISTERED: Final = "registreret"


@dataclass(frozen=True, slots=True)
class _Learned:
    """When kommuner learned of events: ``fetched`` by event and kommune's number, ``looks`` by person.

    ``registered``: when an event was registered, or what it repeats, by number.
    """

    fetched: Mapping[tuple[str, str], date]
    looks: Mapping[int, Sequence[Look]]
    lived: Mapping[int, Sequence[Any]]
    registered: Mapping[str, datetime]


def rows(connection: Connection, batch: Sequence[Found], moment: Moment) -> dict[str, list[tuple[Any, ...]]]:
    """Return the rows of each youth of a batch, by number of the afbrud; ``batch`` id to rows."""
    owed = {found.row.id: broken for found in batch if (broken := _broken_off(found, moment))}
    if not owed:
        return {}
    numbers = {
        number for found in batch for event in owed.get(found.row.id, ()) for number in numbers_of(event, found.events)
    }
    learned = _Learned(
        _fetched(connection, numbers),
        home_looks(connection, owed),
        _lived(connection, owed),
        registered_at(connection, numbers),
    )
    kommuner = {
        one.administrerende_kommune: one.nummer
        for one in moment.institutions.values()
        if one.type3 == KOMMUNE_TYPE and one.in_register
    }
    made: dict[str, list[tuple[Any, ...]]] = {}
    for found in batch:
        for event in owed.get(found.row.id, ()):
            kommune = kommuner.get(_kommune_on(learned.lived.get(found.row.id, ()), event.haendelse_dato, found))
            if kommune is not None:
                made.setdefault(found.id, []).append(_row(found, event, kommune, learned, moment))
    return made


def _broken_off(found: Found, moment: Moment) -> list[Haendelse]:
    return [
        event
        for event in found.counted
        if calls_for_contact(event)
        and moment.request.covers(event.haendelse_dato)
        and is_of_age(event, found.row.turns_15, found.row.turns_18)
    ]


def _row(found: Found, event: Haendelse, kommune: str, learned: _Learned, moment: Moment) -> tuple[Any, ...]:
    day, courses, events = moment.request.day, found.youth.courses, found.counted
    known_at = {number: learned.registered[number] for number in numbers_of(event, found.events)}
    fetched = [learned.fetched[key] for number in known_at if (key := (number, kommune)) in learned.fetched]
    looks = learned.looks.get(found.row.id, ())
    fetched += [
        danish_date(look.tid)
        for look in looks
        if look.modtager == kommune and any(look.had(number, at) for number, at in known_at.items())
    ]
    marked = [danish_date(mark.registreringstid) for mark in marks_of(event, events, {kommune})]
    contacts = [one for one in contact_days(known_at, events) if one <= day]
    known = [one for one in (*fetched, *marked) if one <= day]
    owed = is_owed(event, events, courses, moment.codes)
    seen = frist(Afbrud(danish_date(min(known_at.values())), known, contacts, owed), day)
    offers = [one for one in contact_days(known_at, events, OFFERED) if one <= day]
    return (
        found.id,
        event.nummer,
        event.haendelse_dato,
        seen.kendt,
        FETCHED if seen.kendt in fetched else REGISTERED,
        seen.frist,
        seen.kontakt,
        seen.tilbudsfrist,
        min(offers, default=None),
        Udfald(seen.udfald).name.lower(),
    )


def _kommune_on(lived: Sequence[Any], day: date, found: Found) -> str | None:
    """Return the kommune on a day; where that is not known, that of the status day."""
    row = next((one for one in lived if one.fra <= day <= one.til), None)
    kode: str | None = found.row.kommunekode if row is None else row.kommunekode
    return kode


def _fetched(connection: Connection, numbers: Collection[str]) -> dict[tuple[str, str], date]:
    query = (
        select(hentet.c.nummer, hentet.c.modtager, func.min(hentet.c.hentet_tid))
        .where(hentet.c.nummer.in_(numbers))
        .group_by(hentet.c.nummer, hentet.c.modtager)
    )
    return {(nummer, modtager): danish_date(tid) for nummer, modtager, tid in connection.execute(query)}


def _lived(connection: Connection, persons: Mapping[int, Any]) -> dict[int, list[Any]]:
    query = select(bopael.c.person_id, bopael.c.kommunekode, bopael.c.fra, bopael.c.til)
    found: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(query.where(bopael.c.person_id.in_(list(persons)), bopael.c.rettet.is_(None))):
        found[row.person_id].append(row)
    return found
