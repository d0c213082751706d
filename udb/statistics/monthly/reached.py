"""Which youths without activity were contacted since they were without: read for these few alone."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, case, func, select

from udb.beskaeftigelse.grad import IKKE
from udb.domain.clock import danish_date
from udb.domain.haendelse import KONTAKTTID
from udb.statistics.definitions.afbrud import CONTACTED
from udb.statistics.definitions.kontaktede import entered, is_contacted
from udb.statistics.monthly.history import History
from udb.store.contacts import KOMMUNE
from udb.store.tables import haendelse, kontakt_historik
from udb.store.tables.indkomst import indkomstserie


def reached(connection: Connection, youths: Sequence[History], day: date, month: date | None) -> set[int]:
    """Return the ids of those who were contacted; ``month``: the last day of the last one of eIndkomst that is used."""
    ids = [one.person_id for one in youths]
    if not ids:
        return set()
    registered, work = _registered(connection, youths), _last_work(connection, ids, month)
    return {
        one.person_id
        for one in youths
        if is_contacted(
            registered[one.person_id], entered(one.courses, one.turns_15, work.get(one.person_id), day), day
        )
    }


def _registered(connection: Connection, youths: Sequence[History]) -> dict[int, list[date]]:
    """Return the days on which a contact person of a kommune, or a contact time, was registered."""
    found: dict[int, list[date]] = defaultdict(list)
    row = kontakt_historik.c
    contacts = select(row.person_id, row.fra).where(
        row.person_id.in_([one.person_id for one in youths]), row.art == KOMMUNE
    )
    for number, tid in connection.execute(contacts):
        found[number].append(danish_date(tid))
    times = {
        event.nummer: one.person_id
        for one in youths
        for event in one.events
        if event.standing and event.art == KONTAKTTID and event.type == CONTACTED
    }
    query = select(haendelse.c.nummer, haendelse.c.registreringstid).where(haendelse.c.nummer.in_(times))
    for nummer, tid in connection.execute(query):
        found[times[nummer]].append(danish_date(tid))
    return found


def _last_work(connection: Connection, ids: Sequence[int], month: date | None) -> dict[int, date]:
    """Return the last day of the last month with a wage, up to a month, of those who have one."""
    if month is None:
        return {}
    row = indkomstserie.c
    last = func.max(case((row.til > month, month), else_=row.til))
    query = select(row.person_id, last).where(row.person_id.in_(ids), row.fra <= month, row.status != IKKE)
    return {found.person_id: found[1] for found in connection.execute(query.group_by(row.person_id))}
