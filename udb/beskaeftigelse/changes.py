"""What a series says that has not been told, as events (rules.md, Beskæftigelse and Corrections)."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Integer,
    String,
    Subquery,
    Text,
    and_,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
    update,
)

from udb.beskaeftigelse.grad import IKKE, STATUS
from udb.beskaeftigelse.serie import ARTS
from udb.haendelse import BESKAEFTIGELSE, SOCIAL_YDELSE
from udb.identifiers import event_number
from udb.store.among import among
from udb.store.indkomst_tables import indkomst_venter, indkomstserie
from udb.store.numbers import draw
from udb.store.tables import haendelse, person

SERVICE: Final = "eIndkomst"
SOURCE: Final = "SKAT"
_DIGITS: Final = 12
"""The last digits of a number: a thousand numbers on, those before them change by one at most."""


def counted(connection: Connection, fra: date, ids: Sequence[int]) -> list[tuple[int, int]]:
    """How many events each of those youths will get, in ascending id; those who get none are left out."""
    found = _untold(connection, fra, ids)
    query = select(found.c.person_id, func.count()).group_by(found.c.person_id).order_by(found.c.person_id)
    return [(person_id, count) for person_id, count in connection.execute(query)]


def tell(connection: Connection, fra: date, ids: Sequence[int], count: int, now: datetime) -> None:
    """Store the ``count`` events of those youths under numbers drawn now; the caller has locked them."""
    first = draw(connection, now, count)[0]
    found = _untold(connection, fra, ids)
    place = func.row_number().over(order_by=(found.c.person_id, found.c.maaned, found.c.art)) - 1
    values: dict[str, Any] = {
        "nummer": _number(first, place),
        "plads": _number(first, place),
        "art": found.c.art,
        "person_id": found.c.person_id,
        "cprnr": person.c.cprnr,
        "service": literal(SERVICE),
        "gentaget": false(),
        "institution_nummer": literal(SOURCE),
        "haendelse_dato": found.c.maaned,
        "registreringstid": literal(now, haendelse.c.registreringstid.type),
        "kilde_leverandoer": literal(SOURCE),
        "annullering": false(),
        "annulleret": false(),
        "status_beskaeftigelse": found.c.status,
        "beskaeftigelsesgrad": found.c.grad,
        "modtager_social_ydelse": found.c.social_ydelse,
        "udgaaet": false(),
        "i_fuldfoert": false(),
        "til_10": false(),
        "vist": true(),
        "vis_praktiksted": false(),
    }
    rows = select(*values.values()).select_from(found.join(person, person.c.id == found.c.person_id))
    connection.execute(insert(haendelse).from_select(list(values), rows, include_defaults=False))


def _number(first: int, place: ColumnElement[int]) -> ColumnElement[str]:
    """``identifiers.event_number`` of the number that many after ``first``, in parts that an integer can hold."""
    head, tail = event_number(first)[:-_DIGITS], first % 10**_DIGITS
    carried = event_number(first + 10**_DIGITS)[:-_DIGITS]
    sum_ = literal(10**_DIGITS + tail) + place
    return case((sum_ < 2 * 10**_DIGITS, literal(head)), else_=literal(carried)) + func.substr(cast(sum_, Text), 2)


def _untold(connection: Connection, fra: date, ids: Sequence[int]) -> Subquery:
    """One row for each event: the month, and the new status or benefit.

    *Told* at a month is the latest event dated up to it; after the month before it in the series, what that month said
    counts, since by then it is told.
    """
    texts = case(dict(enumerate(STATUS)), value=indkomstserie.c.status)
    series = (
        select(
            indkomstserie.c.person_id,
            indkomstserie.c.fra.label("maaned"),
            texts.label("status"),
            indkomstserie.c.grad,
            indkomstserie.c.social_ydelse,
            _before(indkomstserie.c.fra).label("before"),
            _before(texts).label("status_before"),
            _before(indkomstserie.c.social_ydelse).label("ydelse_before"),
        )
        .where(indkomstserie.c.fra >= fra, among(connection, indkomstserie.c.person_id, ids))
        .subquery("series")
    )
    told_status = _told(series, BESKAEFTIGELSE, haendelse.c.status_beskaeftigelse)
    told_ydelse = _told(series, SOCIAL_YDELSE, haendelse.c.modtager_social_ydelse)
    status = select(
        series.c.person_id,
        series.c.maaned,
        literal(BESKAEFTIGELSE).label("art"),
        series.c.status,
        series.c.grad,
        cast(null(), Boolean).label("social_ydelse"),
    ).where(series.c.status != func.coalesce(told_status, series.c.status_before, STATUS[IKKE]))
    ydelse = select(
        series.c.person_id,
        series.c.maaned,
        literal(SOCIAL_YDELSE).label("art"),
        cast(null(), String).label("status"),
        cast(null(), Integer).label("grad"),
        series.c.social_ydelse,
    ).where(series.c.social_ydelse != func.coalesce(told_ydelse, series.c.ydelse_before, false()))
    return union_all(status, ydelse).subquery("untold")


def _before(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.lag(value).over(partition_by=indkomstserie.c.person_id, order_by=indkomstserie.c.fra)


def _told(series: Subquery, art: str, value: ColumnElement[Any]) -> ColumnElement[Any]:
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
    """Mark those youths' events that tell of no change any more, and those that do again: of the latest event of each
    date, the ones that differ from the one before stand in the look-up.
    """
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


def done(connection: Connection, ids: Sequence[int]) -> None:
    """Those youths wait no longer."""
    connection.execute(delete(indkomst_venter).where(among(connection, indkomst_venter.c.person_id, ids)))
