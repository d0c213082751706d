"""Judge 5007 again: its advice follows what Eksamensdatabasen has delivered since."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, exists, false, insert, or_, select

from udb.domain.bevis import Bevis, lacks
from udb.domain.clock import danish_date
from udb.domain.haendelse import GENNEMFOERT
from udb.domain.kodesaet import COSA, Kodesaet
from udb.rules.r5007 import RULE
from udb.store.beviser import beviser_by_person, delivered_to
from udb.store.events import MAIN_INSTITUTION, WITH_REPORTER
from udb.store.tables import haendelse, haendelse_raad

_PERSONS: Final = 500
"""How many persons are in memory at a time."""

_ADVISED: Final = exists().where(haendelse_raad.c.nummer == haendelse.c.nummer, haendelse_raad.c.fejl_kode == RULE.code)


def judge_again(connection: Connection, codes: Kodesaet, since: str | None = None) -> None:
    """Store the advice for exactly the events that lack a diploma today; ``since``: those with a higher number."""
    til = delivered_to(connection)
    conditions = [_may_be_advised(codes, til)]
    if since is not None:
        conditions.append(haendelse.c.nummer > since)
    for events in _by_persons(connection, and_(*conditions)):
        known = beviser_by_person(connection, {event.person_id for event in events})
        advised = {event.nummer for event in events if event.advised}
        lacking = {
            event.nummer
            for event in events
            if RULE.in_force(danish_date(event.registreringstid))
            and lacks(
                Bevis(event.kode, event.hovedinstitution, event.haendelse_dato),
                event.kode_version,
                known[event.person_id],
                codes,
            )
        }
        _change(connection, come=lacking - advised, gone=advised - lacking)


def _may_be_advised(codes: Kodesaet, til: date | None) -> ColumnElement[bool]:
    """Return the condition for events that 5007 may be about, and for those that have its advice."""
    formaal = [kode for kode in codes.codes(COSA) if any(row.flag("bevis") for row in codes.rows(COSA, kode))]
    delivered = haendelse.c.haendelse_dato <= til if til is not None else false()
    about = and_(
        haendelse.c.service.in_(sorted(RULE.services)),
        haendelse.c.status == GENNEMFOERT,
        haendelse.c.kodesaet == COSA,
        haendelse.c.kode.in_(formaal),
        haendelse.c.annullering.is_(False),
        delivered,
    )
    return or_(about, _ADVISED)


def _by_persons(connection: Connection, condition: ColumnElement[bool]) -> Iterator[list[Row[Any]]]:
    """Yield the events under a condition, some persons at a time."""
    last = 0
    query = select(
        haendelse.c.nummer,
        haendelse.c.person_id,
        haendelse.c.kode,
        haendelse.c.kode_version,
        haendelse.c.haendelse_dato,
        haendelse.c.registreringstid,
        MAIN_INSTITUTION,
        _ADVISED.label("advised"),
    ).select_from(WITH_REPORTER)
    while True:
        some = (
            select(haendelse.c.person_id)
            .distinct()
            .where(condition, haendelse.c.person_id > last)
            .order_by(haendelse.c.person_id)
            .limit(_PERSONS)
        )
        persons = connection.execute(some).scalars().all()
        if not persons:
            return
        yield list(connection.execute(query.where(condition, haendelse.c.person_id.in_(persons))))
        last = persons[-1]


def _change(connection: Connection, *, come: set[str], gone: set[str]) -> None:
    if gone:
        of_gone = haendelse_raad.c.nummer.in_(sorted(gone)), haendelse_raad.c.fejl_kode == RULE.code
        connection.execute(delete(haendelse_raad).where(*of_gone))
    if come:
        rows = [{"nummer": nummer, "fejl_kode": RULE.code} for nummer in sorted(come)]
        connection.execute(insert(haendelse_raad), rows)
