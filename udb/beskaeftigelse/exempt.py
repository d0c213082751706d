"""Youths active up to the 10th grade, whom eIndkomst is not drawn for (V 4.1; rules.md, Beskæftigelse)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, Subquery, and_, case, false, func, not_, or_, select

from udb.forloeb import group
from udb.haendelse import OPTAGET, Haendelse, Key
from udb.kodesaet import ELEVTRIN
from udb.services import EDUCATION
from udb.store.events import EVENT_COLUMNS, MAIN_INSTITUTION, WITH_REPORTER, as_event
from udb.store.tables import haendelse

_STANDING = and_(not_(haendelse.c.annullering), not_(haendelse.c.annulleret), not_(haendelse.c.gentaget))
_GRADE = and_(_STANDING, haendelse.c.kodesaet == ELEVTRIN, haendelse.c.til_10, haendelse.c.ifoelge_kommunen.is_(None))
_AT_A_TIME = 1000


def exempt(
    connection: Connection, days: Sequence[date], who: ColumnElement[bool] | None = None
) -> dict[date, set[int]]:
    """The ids of those exempt on each of some days, given in ascending order; ``who``: a condition on
    ``haendelse.person_id``, None for everybody.
    """
    found: dict[date, set[int]] = {day: set() for day in days}
    spans = [
        span
        for span in _spans(connection, _keys_that_may_be_active(days, who))
        if any(_active(span, (), day) for day in days)
    ]
    left = _other_optag(connection, sorted({span.person_id for span in spans}), days[-1])
    for span in spans:
        for day in days:
            if _active(span, left[span.person_id], day):
                found[day].add(span.person_id)
    return found


@dataclass(frozen=True, slots=True)
class _Span:
    """A forløb's DatoOptag and the day of its end: of a hundred thousand, no more is kept."""

    person_id: int
    begun: date
    end: date


def _active(span: _Span, others: Iterable[date], day: date) -> bool:
    return span.begun <= day <= span.end and not any(span.begun < other <= day for other in others)


def _keys_that_may_be_active(days: Sequence[date], who: ColumnElement[bool] | None) -> Subquery:
    """The keys of forløb of which one may be active on one of the days: the last event is no end, or an end is not
    before the days. What is left out is surely not; ``udb.forloeb`` judges the rest.
    """
    ends = haendelse.c.status != OPTAGET
    last_end = func.max(case((ends, haendelse.c.plads)))
    latest_end = func.max(case((ends, haendelse.c.haendelse_dato)))
    return (
        select(haendelse.c.person_id, haendelse.c.kode, MAIN_INSTITUTION)
        .select_from(WITH_REPORTER)
        .where(_GRADE, *([] if who is None else [who]))
        .group_by(haendelse.c.person_id, haendelse.c.kode, MAIN_INSTITUTION)
        .having(
            func.min(haendelse.c.haendelse_dato) <= days[-1],
            or_(last_end.is_(None), func.max(haendelse.c.plads) > last_end, latest_end >= days[0]),
        )
        .subquery()
    )


def _spans(connection: Connection, keys: Subquery) -> Iterator[_Span]:
    """The forløb of those keys that have a DatoOptag."""
    of_key = and_(
        keys.c.person_id == haendelse.c.person_id,
        keys.c.kode == haendelse.c.kode,
        keys.c.hovedinstitution == MAIN_INSTITUTION.element,
    )
    query = (
        select(haendelse.c.person_id, *EVENT_COLUMNS)
        .select_from(WITH_REPORTER.join(keys, of_key))
        .where(_GRADE)
        .order_by(haendelse.c.person_id, haendelse.c.kode, "hovedinstitution", haendelse.c.plads, haendelse.c.nummer)
    )
    rows = connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
    events = ((person_id, as_event(row)) for person_id, *row in rows)
    for (person_id, key), members in groupby(events, key=lambda found: (found[0], _key(found[1]))):
        for forloeb in group(key, [event for _, event in members]):
            if forloeb.dato_optag is not None:
                end = forloeb.end.haendelse_dato if forloeb.end else date.max
                yield _Span(person_id, forloeb.dato_optag, end)


def _key(event: Haendelse) -> Key:
    assert event.key is not None, "an event with a grade has a key"
    return event.key


def _other_optag(connection: Connection, persons: Sequence[int], until: date) -> defaultdict[int, list[date]]:
    """By person, the dates of optag of education services on another code than those up to the 10th grade."""
    query = select(haendelse.c.person_id, haendelse.c.haendelse_dato).where(
        _STANDING,
        haendelse.c.status == OPTAGET,
        func.coalesce(haendelse.c.frafaldstruet_markering, false()) == false(),
        haendelse.c.ifoelge_kommunen.is_(None),
        haendelse.c.service.in_(sorted(EDUCATION)),
        not_(haendelse.c.til_10),
        haendelse.c.haendelse_dato <= until,
    )
    found: defaultdict[int, list[date]] = defaultdict(list)
    for begin in range(0, len(persons), _AT_A_TIME):
        some = haendelse.c.person_id.in_(persons[begin : begin + _AT_A_TIME])
        for person_id, dato in connection.execute(query.where(some)):
            found[person_id].append(dato)
    return found
