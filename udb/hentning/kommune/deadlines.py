"""The deadlines after the afbrud that the look-up shows (docs/spec/figures.md, From afbrud to contact)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from udb.access.clauses import Recipient
from udb.domain.clock import danish_date
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.readlog.home_looks import home_looks
from udb.statistics.definitions.afbrud import calls_for_contact, contact_days, is_of_age, is_owed, marks_of
from udb.statistics.definitions.courses import Course
from udb.statistics.definitions.frist import Afbrud, Frist, frist
from udb.store.tables import bopael as addresses
from udb.store.tables import haendelse, hentet

Days = dict[str, list[date]]


def deadlines(
    connection: Connection,
    caller: Recipient,
    youths: Mapping[int, Row[Any]],
    events: Mapping[int, Sequence[Haendelse]],
    courses: Mapping[int, Sequence[Course]],
    codes: Kodesaet,
) -> dict[int, dict[str, Frist]]:
    """Return each youth's deadlines by the number of the afbrud, of those that were here when it happened."""
    found: dict[int, dict[str, Frist]] = {number: {} for number in youths}
    owed = {
        number: broken_off
        for number, shown in events.items()
        if (
            broken_off := [
                one
                for one in shown
                if calls_for_contact(one) and is_of_age(one, youths[number].turns_15, youths[number].turns_18)
            ]
        )
    }
    if not owed:
        return found
    replaced = _replaced(connection, owed)
    known_ats = {
        one.nummer: {one.nummer: one.registreringstid, **replaced.get(one.plads, {})}
        for broken_off in owed.values()
        for one in broken_off
    }
    fetched = _fetched(connection, caller, {same for known_at in known_ats.values() for same in known_at})
    looks = home_looks(connection, owed, caller.institution_nummer)
    lived = _lived(connection, owed)
    for number, broken_off in owed.items():
        for one in broken_off:
            if not _was_here(lived.get(number, ()), one.haendelse_dato, caller.kommunekode):
                continue
            known_at = known_ats[one.nummer]
            known = [day for same in known_at for day in fetched.get(same, ())]
            seen = (look for look in looks.get(number, ()) if any(look.had(same, at) for same, at in known_at.items()))
            known += [danish_date(look.tid) for look in seen]
            marks = marks_of(one, events[number], {caller.institution_nummer})
            known += [danish_date(mark.registreringstid) for mark in marks]
            afbrud = Afbrud(
                danish_date(min(known_at.values())),
                known,
                contact_days(known_at, events[number]),
                is_owed(one, events[number], courses[number], codes),
            )
            found[number][one.nummer] = frist(afbrud, caller.today)
    return found


def _replaced(connection: Connection, persons: Collection[int]) -> dict[str, dict[str, datetime]]:
    """Return the reports that others have replaced after changes of CPR number, by place: number and registration."""
    row = haendelse.c
    query = select(row.plads, row.nummer, row.registreringstid)
    found: dict[str, dict[str, datetime]] = {}
    for plads, nummer, tid in connection.execute(query.where(row.person_id.in_(persons), row.gentaget)):
        found.setdefault(plads, {})[nummer] = tid
    return found


def _fetched(connection: Connection, caller: Recipient, numbers: Collection[str]) -> Days:
    query = (
        select(hentet.c.nummer, func.min(hentet.c.hentet_tid))
        .where(hentet.c.nummer.in_(numbers), hentet.c.modtager == caller.institution_nummer)
        .group_by(hentet.c.nummer)
    )
    return {nummer: [danish_date(tid)] for nummer, tid in connection.execute(query)}


def _lived(connection: Connection, persons: Collection[int]) -> dict[int, list[Any]]:
    query = select(addresses.c.person_id, addresses.c.kommunekode, addresses.c.fra, addresses.c.til)
    found: dict[int, list[Any]] = {}
    for row in connection.execute(query.where(addresses.c.person_id.in_(persons), addresses.c.rettet.is_(None))):
        found.setdefault(row.person_id, []).append(row)
    return found


def _was_here(lived: Sequence[Any], day: date, kommunekode: str | None) -> bool:
    """Return whether the youth lived in the kommune on a day; where that is not known, today's kommune counts."""
    row = next((one for one in lived if one.fra <= day <= one.til), None)
    return row is None or row.kommunekode == kommunekode
