"""Youths active up to the 10th grade, whom eIndkomst is not drawn for (V 4.1; rules.md, Beskæftigelse)."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Select,
    String,
    and_,
    case,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    update,
)

from udb.beskaeftigelse.own import own, renew
from udb.forloeb import group
from udb.haendelse import OPTAGET, Haendelse, Key
from udb.kilder.fil import batches
from udb.kodesaet import ELEVTRIN
from udb.services import EDUCATION
from udb.store.engine import analyze
from udb.store.events import EVENT_COLUMNS, MAIN_INSTITUTION, WITH_REPORTER, as_event
from udb.store.tables import haendelse
from udb.store.types import Key as PersonId

_STANDING = and_(not_(haendelse.c.annullering), not_(haendelse.c.annulleret), not_(haendelse.c.gentaget))
_GRADE = and_(_STANDING, haendelse.c.kodesaet == ELEVTRIN, haendelse.c.til_10, haendelse.c.ifoelge_kommunen.is_(None))
_AT_A_TIME = 1000

_KEYS: Final = own(
    "indkomst_noegle",
    Column("person_id", PersonId),
    Column("kode", String),
    Column("hovedinstitution", String),
    Column("begun", Date, comment="when it has no end and all its events have one date: that date"),
)
"""The keys of forløb of which one may be active."""
TRIN: Final = own("indkomst_trin", Column("person_id", PersonId), Column("fra", Date), Column("foer", Date))
"""Who is exempt: from ``fra`` on, until the day before ``foer``. A youth may have more than one row."""


def find_exempt(connection: Connection, days: Sequence[date], who: ColumnElement[bool] | None = None) -> None:
    """Fill ``TRIN`` with those exempt on some days, given in ascending order. ``who``: a condition on
    ``haendelse.person_id``, None for everybody.
    """
    renew(connection, TRIN, _KEYS)
    connection.execute(insert(_KEYS).from_select(_KEYS.columns.keys(), _keys_that_may_be_active(days, who)))
    plain = select(_KEYS.c.person_id, _KEYS.c.begun, literal(date.max)).where(_KEYS.c.begun.is_not(None))
    connection.execute(insert(TRIN).from_select(TRIN.columns.keys(), plain))
    for rows in batches(_spans(connection), _AT_A_TIME):
        connection.execute(insert(TRIN), rows)
    analyze(connection, TRIN)
    _end_by_other_optag(connection, days[-1], who)


def exempt(person_id: ColumnElement[int], day: date) -> ColumnElement[bool]:
    """Whether somebody is exempt on one of the days that ``TRIN`` was filled for."""
    return person_id.in_(select(TRIN.c.person_id).where(TRIN.c.fra <= day, TRIN.c.foer > day))


def _keys_that_may_be_active(days: Sequence[date], who: ColumnElement[bool] | None) -> Select[Any]:
    """The last event is no end, or an end is not before the days. What is left out is surely not active;
    ``udb.forloeb`` judges the rest, where there is anything to judge.
    """
    ends = haendelse.c.status != OPTAGET
    last_end = func.max(case((ends, haendelse.c.plads)))
    latest_end = func.max(case((ends, haendelse.c.haendelse_dato)))
    begun = func.min(haendelse.c.haendelse_dato)
    is_plain = and_(last_end.is_(None), begun == func.max(haendelse.c.haendelse_dato))
    key = (haendelse.c.person_id, haendelse.c.kode, MAIN_INSTITUTION)
    return (
        select(*key, case((is_plain, begun)))
        .select_from(WITH_REPORTER)
        .where(_GRADE, *([] if who is None else [who]))
        .group_by(*key)
        .having(
            begun <= days[-1],
            or_(last_end.is_(None), func.max(haendelse.c.plads) > last_end, latest_end >= days[0]),
        )
    )


def _spans(connection: Connection) -> Iterator[dict[str, Any]]:
    """The other forløb of those keys that have a DatoOptag, as rows of ``TRIN``."""
    of_key = and_(
        _KEYS.c.person_id == haendelse.c.person_id,
        _KEYS.c.kode == haendelse.c.kode,
        _KEYS.c.hovedinstitution == MAIN_INSTITUTION.element,
        _KEYS.c.begun.is_(None),
    )
    query = (
        select(haendelse.c.person_id, *EVENT_COLUMNS)
        .select_from(WITH_REPORTER.join(_KEYS, of_key))
        .where(_GRADE)
        .order_by(haendelse.c.person_id, haendelse.c.kode, "hovedinstitution", haendelse.c.plads, haendelse.c.nummer)
    )
    rows = connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
    events = ((person_id, as_event(row)) for person_id, *row in rows)
    for (person_id, key), members in groupby(events, key=lambda found: (found[0], _key(found[1]))):
        for forloeb in group(key, [event for _, event in members]):
            if forloeb.dato_optag is not None:
                end = forloeb.end.haendelse_dato if forloeb.end else date.max
                foer = end + timedelta(days=1) if end < date.max else end
                yield {"person_id": person_id, "fra": forloeb.dato_optag, "foer": foer}


def _key(event: Haendelse) -> Key:
    assert event.key is not None, "an event with a grade has a key"
    return event.key


def _end_by_other_optag(connection: Connection, until: date, who: ColumnElement[bool] | None) -> None:
    """A later optag of the education services on another code than those up to the 10th grade ends it."""
    is_other = and_(
        _STANDING,
        haendelse.c.status == OPTAGET,
        func.coalesce(haendelse.c.frafaldstruet_markering, false()) == false(),
        haendelse.c.ifoelge_kommunen.is_(None),
        haendelse.c.service.in_(sorted(EDUCATION)),
        not_(haendelse.c.til_10),
        haendelse.c.haendelse_dato <= until,
        *([] if who is None else [who]),
    )
    ends = and_(is_other, haendelse.c.person_id == TRIN.c.person_id, haendelse.c.haendelse_dato > TRIN.c.fra)
    first = select(func.min(haendelse.c.haendelse_dato)).where(ends, haendelse.c.haendelse_dato < TRIN.c.foer)
    connection.execute(
        update(TRIN)
        .where(TRIN.c.person_id.in_(select(haendelse.c.person_id).where(is_other)))
        .values(foer=func.coalesce(first.correlate(TRIN).scalar_subquery(), TRIN.c.foer))
    )
