"""What a month says of every youth, in SQL: who is in the population, with which status, degree and benefit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    SmallInteger,
    and_,
    case,
    cast,
    func,
    literal,
    select,
)

from udb.beskaeftigelse.grad import DELTID, FULDTID, HIGHEST, IKKE, WAGE, Sats, Satser
from udb.rules.facts import RESIDENT
from udb.store.indkomst_tables import indkomst
from udb.store.tables import person


@dataclass(frozen=True, slots=True)
class Month:
    """A delivered month with all that decides what its income means. ``last``: the last day that it tells of, which is
    the day before the next delivered month's, or the end of time.
    """

    day: date
    last: date
    satser: Satser
    benefits: Sequence[str]


@dataclass(frozen=True, slots=True)
class Told:
    """Expressions on ``source``, which has a row for everybody in the register: what a month says of a youth."""

    source: FromClause
    in_population: ColumnElement[bool]
    status: ColumnElement[int]
    grad: ColumnElement[int]
    social_ydelse: ColumnElement[bool]


def sums(month: Month, who: ColumnElement[bool] | None = None) -> Select[tuple[int, int, int]]:
    """By youth with lines in a month: ``person_id``, the wage in ``oere``, and ``ydelse``, 1 when there is a benefit.

    ``who``: a condition on ``indkomst.person_id``, None for everybody.
    """
    is_benefit = and_(indkomst.c.indtaegtsart.in_(month.benefits), indkomst.c.oere > 0)
    return (
        select(
            indkomst.c.person_id,
            cast(func.sum(case((indkomst.c.indtaegtsart == WAGE, indkomst.c.oere), else_=0)), BigInteger).label("oere"),
            func.max(case((is_benefit, 1), else_=0)).label("ydelse"),
        )
        .where(indkomst.c.maaned == month.day, *([] if who is None else [who]))
        .group_by(indkomst.c.person_id)
    )


def told(month: Month, sums: FromClause, exempt: ColumnElement[bool]) -> Told:
    """What a month says. ``sums``: what ``sums`` selects, as a table; ``exempt``: a condition on ``person.id``."""
    oere = func.coalesce(sums.c.oere, 0)
    adult = person.c.turns_18 <= month.day
    rates = month.satser

    def by_age(from_18: int, from_15: int) -> ColumnElement[int]:
        return case((adult, literal(from_18, BigInteger)), else_=literal(from_15, BigInteger))

    rounded = cast(oere * 100, BigInteger) // by_age(rates.from_18.month, rates.from_15.month)
    full = by_age(_full(rates.from_18), _full(rates.from_15))
    return Told(
        source=person.outerjoin(sums, sums.c.person_id == person.c.id),
        in_population=and_(
            person.c.status.in_(sorted(RESIDENT)),
            person.c.turns_15 <= month.day,
            person.c.turns_25 > month.day,
            ~exempt,
        ),
        status=cast(case((oere <= 0, IKKE), (oere * 100 >= full, FULDTID), else_=DELTID), SmallInteger),
        grad=cast(
            case((oere <= 0, 0), (rounded < 1, 1), (rounded > HIGHEST, HIGHEST), else_=rounded),
            Integer,
        ),
        social_ydelse=func.coalesce(sums.c.ydelse, 0) == 1,
    )


def _full(sats: Sats) -> int:
    """A hundred times the wage from which a youth is in full-time work (``grad.reaches``)."""
    return sats.full * sats.month
