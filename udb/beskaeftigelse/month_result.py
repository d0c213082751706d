"""Compute what follows from a month for all youths at once: the next series rows and the events to store.

It runs in the transaction that loads the lines. Youths with events are locked later, batch by batch (``run``).
"""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Subquery,
    case,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    not_,
    select,
    update,
)

from udb.beskaeftigelse.grad import IKKE
from udb.beskaeftigelse.month_diff import FOUND, let_wait
from udb.beskaeftigelse.pending_events import NEWS, STATUS_TOLD, news, note_untold
from udb.beskaeftigelse.population import Month
from udb.beskaeftigelse.serie import COLUMNS, months_from, rewrite
from udb.beskaeftigelse.temp_tables import remove
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.domain.kodesaet import Kodesaet
from udb.store.engine import analyze
from udb.store.tables import haendelse
from udb.store.tables.indkomst import indkomst_nyt, indkomst_venter, indkomstserie_ny


def settle(connection: Connection, months: Sequence[Month], codes: Kodesaet, *, again: bool) -> None:
    """Compute what follows from ``FOUND``, which is filled for the first of ``months``: all delivered from there on.

    ``again``: that month was delivered before.
    """
    if len(months) > 1 or again or _is_left(connection):
        let_wait(connection, months)
    else:
        _note_news(connection, months[0].day)
        _note_series(connection, months[0].day)
        remove(connection, FOUND)
    work_out(connection, codes)


def work_out(connection: Connection, codes: Kodesaet) -> None:
    """Calculate the series of everyone who waits, and note the events to store."""
    _take_back_news(connection)
    analyze(connection, indkomst_venter)
    for fra in connection.execute(select(indkomst_venter.c.fra).distinct().order_by(indkomst_venter.c.fra)).scalars():
        rewrite(connection, months_from(connection, fra, codes), fra)
        note_untold(connection, fra)
    connection.execute(delete(indkomst_venter))


def _is_left(connection: Connection) -> bool:
    """Return whether another import has left news: they must not be stored together with what contradicts them."""
    return connection.execute(select(indkomst_nyt.c.person_id).limit(1)).first() is not None


def _take_back_news(connection: Connection) -> None:
    """Remove the news of those who wait, and let them wait from its earliest month, to be computed with the rest."""
    news_of = indkomst_nyt.c.person_id == indkomst_venter.c.person_id
    earliest = select(func.min(indkomst_nyt.c.maaned)).where(news_of).correlate(indkomst_venter).scalar_subquery()
    connection.execute(update(indkomst_venter).where(indkomst_venter.c.fra > earliest).values(fra=earliest))
    connection.execute(delete(indkomst_nyt).where(exists().where(news_of).correlate(indkomst_nyt)))


def _waits() -> ColumnElement[bool]:
    return FOUND.c.person_id.in_(select(indkomst_venter.c.person_id))


def _note_series(connection: Connection, day: date) -> None:
    """Queue the next series row for each youth whose latest month differs from the current row."""
    values = (case((FOUND.c.inside, FOUND.c[name])) for name in COLUMNS[3:])
    rows = select(FOUND.c.person_id, literal(day, Date), *values).where(FOUND.c.differs, not_(_waits()))
    names = ["person_id", "fra", *COLUMNS[3:]]
    connection.execute(insert(indkomstserie_ny).from_select(names, rows))


def _note_news(connection: Connection, day: date) -> None:
    """Note the changes in the latest month that have no event yet.

    The row of the series that covers the month before has the old values; without such a row the events have them.
    """
    told_status, told_ydelse = (_latest(day, art, value) for art, value in _VALUES)
    found = (
        select(
            FOUND.c.person_id,
            FOUND.c.status,
            FOUND.c.grad,
            FOUND.c.social_ydelse,
            func.coalesce(FOUND.c.told_status, told_status.c.value, IKKE).label("told_status"),
            func.coalesce(FOUND.c.told_ydelse, told_ydelse.c.value, false()).label("told_ydelse"),
        )
        .outerjoin(told_status, told_status.c.person_id == FOUND.c.person_id)
        .outerjoin(told_ydelse, told_ydelse.c.person_id == FOUND.c.person_id)
        .where(FOUND.c.differs, FOUND.c.inside, not_(_waits()))
        .subquery("found")
    )
    missing = news(
        found,
        literal(day, Date),
        found.c.status != found.c.told_status,
        found.c.social_ydelse != found.c.told_ydelse,
    )
    rows = select(*(missing.c[name] for name in NEWS)).order_by(missing.c.person_id)
    connection.execute(insert(indkomst_nyt).from_select(NEWS, rows))


_VALUES = ((BESKAEFTIGELSE, STATUS_TOLD), (SOCIAL_YDELSE, haendelse.c.modtager_social_ydelse))


def _latest(day: date, art: str, value: ColumnElement[object]) -> Subquery:
    """Select the latest value in the events of the youths without a row of the series that covers the day."""
    uncovered = select(FOUND.c.person_id).where(FOUND.c.differs, FOUND.c.fra.is_(None))
    order = (haendelse.c.haendelse_dato.desc(), haendelse.c.nummer.desc())
    place = func.row_number().over(partition_by=haendelse.c.person_id, order_by=order)
    events = (
        select(haendelse.c.person_id, value.label("value"), place.label("place"))
        .where(haendelse.c.art == art, haendelse.c.haendelse_dato <= day, haendelse.c.person_id.in_(uncovered))
        .subquery()
    )
    return select(events.c.person_id, events.c.value).where(events.c.place == 1).subquery()
