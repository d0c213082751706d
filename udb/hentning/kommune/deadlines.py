"""The deadlines after the afbrud that the look-up shows (docs/spec/figures.md, From afbrud to contact)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select

from udb.access.clauses import HOME_CLAUSES, Recipient
from udb.domain.clock import danish_date, system_time
from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.statistics.definitions.afbrud import calls_for_contact, contact_days, is_owed, marks_of
from udb.statistics.definitions.courses import Course
from udb.statistics.definitions.frist import Afbrud, Frist, frist
from udb.store.tables import bopael as addresses
from udb.store.tables import hentet
from udb.store.tables.log import read_log, read_log_person

Days = dict[str, list[date]]


class _Look(NamedTuple):
    """A logged answer with the youth, by the domain clock; the numbers are of its events, None when it is a list."""

    tid: datetime
    fra_nummer: str | None
    til_nummer: str | None


def deadlines(
    connection: Connection,
    caller: Recipient,
    youths: Mapping[int, Row[Any]],
    events: Mapping[int, Sequence[Haendelse]],
    courses: Mapping[int, Sequence[Course]],
    codes: Kodesaet,
    now: datetime,
) -> dict[int, dict[str, Frist]]:
    """Return each youth's deadlines by the number of the afbrud, of those that were here when it happened."""
    found: dict[int, dict[str, Frist]] = {number: {} for number in youths}
    owed = {
        number: broken_off
        for number, shown in events.items()
        if (
            broken_off := [
                one for one in shown if calls_for_contact(one) and one.haendelse_dato < youths[number].turns_18
            ]
        )
    }
    if not owed:
        return found
    fetched = _fetched(connection, caller, [one.nummer for each in owed.values() for one in each])
    looks = _looks(connection, caller, owed, now)
    lived = _lived(connection, owed)
    for number, broken_off in owed.items():
        for one in broken_off:
            if not _was_here(lived.get(number, ()), one.haendelse_dato, caller.kommunekode):
                continue
            known = [*fetched.get(one.nummer, ()), *_seen_after(looks.get(number, ()), one)]
            known += [danish_date(mark.registreringstid) for mark in marks_of(one, events[number], courses[number])]
            afbrud = Afbrud(
                danish_date(one.registreringstid),
                known,
                contact_days(one, events[number]),
                is_owed(one, events[number], courses[number], codes),
            )
            found[number][one.nummer] = frist(afbrud, caller.today)
    return found


def _fetched(connection: Connection, caller: Recipient, numbers: Collection[str]) -> Days:
    query = (
        select(hentet.c.nummer, func.min(hentet.c.hentet_tid))
        .where(hentet.c.nummer.in_(numbers), hentet.c.modtager == caller.institution_nummer)
        .group_by(hentet.c.nummer)
    )
    return {nummer: [danish_date(tid)] for nummer, tid in connection.execute(query)}


def _looks(
    connection: Connection, caller: Recipient, persons: Collection[int], now: datetime
) -> dict[int, list[_Look]]:
    """Return when the kommune was shown each youth."""
    # The log has system time. Where the domain clock is another, it has run beside it since it was set.
    ahead = now - system_time()
    query = (
        select(read_log_person.c.person_id, read_log.c.tid, read_log.c.fra_nummer, read_log.c.til_nummer)
        .join(read_log, read_log.c.id == read_log_person.c.row_id)
        .where(
            read_log_person.c.person_id.in_(persons),
            read_log.c.institution_nummer == caller.institution_nummer,
            read_log.c.klausul.in_(HOME_CLAUSES),
        )
    )
    found: dict[int, list[_Look]] = {}
    for number, tid, first, last in connection.execute(query):
        found.setdefault(number, []).append(_Look(tid + ahead, first, last))
    return found


def _seen_after(looks: Sequence[_Look], event: Haendelse) -> list[date]:
    return [danish_date(look.tid) for look in looks if look.tid >= event.registreringstid and _has(look, event)]


def _has(look: _Look, event: Haendelse) -> bool:
    """Return whether an answer had the event: a page of the feed may have had others of the youth's alone."""
    if look.fra_nummer is None or look.til_nummer is None:
        return True
    return look.fra_nummer <= event.nummer <= look.til_nummer


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
