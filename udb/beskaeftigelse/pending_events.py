"""Changes in the series that have no event yet, and events that no longer describe a change.

Both are computed for many youths at once (rules.md, Beskæftigelse and Corrections).
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    SmallInteger,
    Subquery,
    and_,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    null,
    select,
    union_all,
    update,
)

from udb.beskaeftigelse.grad import IKKE, STATUS
from udb.beskaeftigelse.serie import ARTS
from udb.domain.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.store.sql.dialects import among
from udb.store.tables import haendelse
from udb.store.tables.indkomst import indkomst_nyt, indkomst_venter, indkomstserie

SEE: Final = ""
"""Instead of a kind of event: the youth's stored events must be checked (``mark_gone``)."""
NEWS: Final = ("person_id", "maaned", "art", "status", "grad", "social_ydelse")
"""The columns of ``indkomst_nyt``."""
STATUS_TOLD: Final = case({text: place for place, text in enumerate(STATUS)}, value=haendelse.c.status_beskaeftigelse)
"""The place of an event's status in ``STATUS``."""


def note_untold(connection: Connection, fra: date) -> None:
    """Note in ``indkomst_nyt`` the changes without an event of those who wait from a month on.

    Also note for each of them that the stored events must be checked.
    """
    waits = indkomst_venter.c.fra == fra
    missing = _missing(fra)
    connection.execute(insert(indkomst_nyt).from_select(NEWS, select(*(missing.c[name] for name in NEWS))))
    see = select(indkomst_venter.c.person_id, indkomst_venter.c.fra, literal(SEE), null(), null(), null()).where(waits)
    connection.execute(insert(indkomst_nyt).from_select(NEWS, see))


def _missing(fra: date) -> Subquery:
    """Return one row for each missing event of those who wait from a month on, as ``indkomst_nyt`` has them.

    A month is compared with the latest event dated up to it. If there is none after the previous month of the series,
    it is compared with that previous month, whose event exists by then.
    """
    series = (
        select(
            indkomstserie.c.person_id,
            indkomstserie.c.fra.label("maaned"),
            indkomstserie.c.status,
            indkomstserie.c.grad,
            indkomstserie.c.social_ydelse,
            _before(indkomstserie.c.fra).label("before"),
            _before(indkomstserie.c.status).label("status_before"),
            _before(indkomstserie.c.social_ydelse).label("ydelse_before"),
        )
        .join(indkomst_venter, indkomst_venter.c.person_id == indkomstserie.c.person_id)
        .where(indkomst_venter.c.fra == fra, indkomstserie.c.fra >= fra)
        .subquery("series")
    )
    old_status = _latest(series, BESKAEFTIGELSE, STATUS_TOLD)
    old_ydelse = _latest(series, SOCIAL_YDELSE, haendelse.c.modtager_social_ydelse)
    return news(
        series,
        series.c.maaned,
        series.c.status != func.coalesce(old_status, series.c.status_before, IKKE),
        series.c.social_ydelse != func.coalesce(old_ydelse, series.c.ydelse_before, false()),
    )


def news(source: FromClause, maaned: Any, status: ColumnElement[bool], ydelse: ColumnElement[bool]) -> Subquery:
    """Return rows for ``indkomst_nyt``: status rows where ``status`` holds, benefit rows where ``ydelse`` holds.

    The conditions say that the events have another value than ``source``.
    """
    of_status = select(
        source.c.person_id,
        maaned.label("maaned"),
        literal(BESKAEFTIGELSE).label("art"),
        source.c.status,
        source.c.grad,
        cast(null(), Boolean).label("social_ydelse"),
    ).where(status)
    of_ydelse = select(
        source.c.person_id,
        maaned.label("maaned"),
        literal(SOCIAL_YDELSE).label("art"),
        cast(null(), SmallInteger).label("status"),
        cast(null(), Integer).label("grad"),
        source.c.social_ydelse,
    ).where(ydelse)
    return union_all(of_status, of_ydelse).subquery("news")


def _before(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.lag(value).over(partition_by=indkomstserie.c.person_id, order_by=indkomstserie.c.fra)


def _latest(series: Subquery, art: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
    return (
        select(value)
        .where(
            haendelse.c.person_id == series.c.person_id,
            haendelse.c.art == art,
            haendelse.c.haendelse_dato <= series.c.maaned,
            haendelse.c.haendelse_dato > func.coalesce(series.c.before, literal(date.min)),
        )
        .order_by(haendelse.c.haendelse_dato.desc(), haendelse.c.nummer.desc())
        .limit(1)
        .correlate(series)
        .scalar_subquery()
    )


def mark_gone(connection: Connection, ids: Sequence[int]) -> None:
    """Mark these youths' events that no longer describe a change, and unmark those that do again.

    Of the latest event of each date, those that differ from the one before are visible in the look-up.
    """
    if not ids:
        return
    theirs = and_(among(connection, haendelse.c.person_id, ids), haendelse.c.art.in_(ARTS))
    value = func.coalesce(
        haendelse.c.status_beskaeftigelse, case((haendelse.c.modtager_social_ydelse, "ja"), else_="nej")
    )
    who = (haendelse.c.person_id, haendelse.c.art)
    later = func.row_number().over(partition_by=(*who, haendelse.c.haendelse_dato), order_by=haendelse.c.nummer.desc())
    dated = select(*who, haendelse.c.haendelse_dato, haendelse.c.nummer, value.label("value"), later.label("later"))
    latest = dated.where(theirs).subquery("dated")
    before = func.lag(latest.c.value).over(
        partition_by=(latest.c.person_id, latest.c.art), order_by=latest.c.haendelse_dato
    )
    nothing = case((latest.c.art == BESKAEFTIGELSE, STATUS[IKKE]), else_="nej")
    steps = (
        select(latest.c.nummer, latest.c.value, func.coalesce(before, nothing).label("before"))
        .where(latest.c.later == 1)
        .subquery("steps")
    )
    standing = haendelse.c.nummer.in_(select(steps.c.nummer).where(steps.c.value != steps.c.before))
    connection.execute(
        update(haendelse).where(theirs, haendelse.c.udgaaet == standing).values(udgaaet=~haendelse.c.udgaaet)
    )


def of_range(first: Any, last: Any) -> ColumnElement[bool]:
    """Return the condition for the news of the youths from one id to another.

    PostgreSQL estimates a range with both ends as small, and looks its youths up one by one.
    """
    return indkomst_nyt.c.person_id.between(first, last)
