"""A month's result for every youth, in SQL: who is in the population, with which status, degree and benefit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

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

from udb.beskaeftigelse.exempt import exempted
from udb.beskaeftigelse.grad import DELTID, FULDTID, FULL_15, HIGHEST, IKKE, Sats, Satser
from udb.domain.persons import RESIDENT
from udb.store.tables import cprnummer, person
from udb.store.tables.indkomst import indkomst


@dataclass(frozen=True, slots=True)
class Month:
    """A delivered month (``day``: its last day) with all that determines its results.

    ``last``: the last day for which they hold: the day before the next delivered month's ``day``, or the end of time.
    """

    day: date
    last: date
    satser: Satser
    wages: Sequence[str]
    benefits: Sequence[str]


@dataclass(frozen=True, slots=True)
class MonthlyStatus:
    """Expressions on ``source`` for a youth's result in a month."""

    source: FromClause
    in_population: ColumnElement[bool]
    status: ColumnElement[int]
    grad: ColumnElement[int]
    social_ydelse: ColumnElement[bool]
    tyve_timer: ColumnElement[bool]

    @property
    def values(self) -> tuple[ColumnElement[Any], ...]:
        """The values that the series stores, in the order of its columns."""
        return self.status, self.grad, self.social_ydelse, self.tyve_timer


def sums_by_number(month: Month, *more: ColumnElement[Any]) -> Select[Any]:
    """Select by number with lines in a month: ``cprnr``, the wage in ``oere``, ``ydelse`` and ``more`` aggregates.

    ``ydelse`` is 1 when there is a benefit.
    """
    return select(indkomst.c.cprnr, *_sums(month), *more).where(indkomst.c.maaned == month.day).group_by("cprnr")


def sums_by_person(month: Month, who: ColumnElement[bool]) -> Select[Any]:
    """Select the same by ``person_id``, under all numbers of a person; ``who``: a condition on ``cprnummer``."""
    return (
        select(cprnummer.c.person_id, *_sums(month))
        .select_from(indkomst.join(cprnummer, cprnummer.c.cprnr == indkomst.c.cprnr))
        .where(indkomst.c.maaned == month.day, who)
        .group_by(cprnummer.c.person_id)
    )


def _sums(month: Month) -> tuple[ColumnElement[int], ColumnElement[int]]:
    is_wage = indkomst.c.indtaegtsart.in_(month.wages)
    is_benefit = and_(indkomst.c.indtaegtsart.in_(month.benefits), indkomst.c.oere > 0)
    return (
        cast(func.sum(case((is_wage, indkomst.c.oere), else_=0)), BigInteger).label("oere"),
        func.max(case((is_benefit, 1), else_=0)).label("ydelse"),
    )


def monthly_status(month: Month, source: FromClause, sums: FromClause, people: FromClause = person) -> MonthlyStatus:
    """Return a month's result for all rows of ``source``, which joins ``people`` (rows of ``person``) with ``sums``."""
    exempt = exempted(month.day)
    oere = func.coalesce(sums.c.oere, 0)
    adult = people.c.turns_18 <= month.day
    rates = month.satser

    def by_age(from_18: int, from_15: int) -> ColumnElement[int]:
        return case((adult, literal(from_18, BigInteger)), else_=literal(from_15, BigInteger))

    # The degree as it is delivered: rounded down, but at least 1 when above 0. A sum below 0 counts as 0.
    rounded = cast(oere * 100, BigInteger) // by_age(rates.from_18.month, rates.from_15.month)
    # Compared in whole øre, so that no degree is rounded before it is compared with its limit.
    full = by_age(_full(rates.from_18), _full(rates.from_15))
    return MonthlyStatus(
        source=source.outerjoin(exempt, exempt.c.person_id == people.c.id),
        in_population=and_(
            people.c.status.in_(sorted(RESIDENT)),
            people.c.turns_15 <= month.day,
            people.c.turns_25 > month.day,
            exempt.c.person_id.is_(None),
        ),
        status=cast(case((oere <= 0, IKKE), (oere * 100 >= full, FULDTID), else_=DELTID), SmallInteger),
        grad=cast(
            case((oere <= 0, 0), (rounded < 1, 1), (rounded > HIGHEST, HIGHEST), else_=rounded),
            Integer,
        ),
        social_ydelse=func.coalesce(sums.c.ydelse, 0) == 1,
        tyve_timer=oere * 100 >= by_age(*(FULL_15 * sats.month for sats in (rates.from_18, rates.from_15))),
    )


def _full(sats: Sats) -> int:
    """Return a hundred times the wage from which a youth is in full-time work."""
    return sats.full * sats.month
