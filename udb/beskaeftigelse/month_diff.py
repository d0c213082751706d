"""Compare a month with every youth's series in one pass: whose result differs, and which lines must go."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    SmallInteger,
    String,
    Subquery,
    and_,
    case,
    cast,
    delete,
    false,
    func,
    insert,
    literal,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import BIT

from udb.beskaeftigelse import lines
from udb.beskaeftigelse.population import Month, MonthlyStatus, monthly_status, sums_by_number
from udb.beskaeftigelse.temp_tables import fill, own, remove
from udb.store.tables import cprnummer, person
from udb.store.tables.indkomst import indkomst, indkomstserie
from udb.store.tables.types import Key

FOUND: Final = own(
    "indkomst_fundet",
    Column("person_id", Key, comment="empty: the number is nobody's today"),
    Column("cprnr", String, comment="of lines: the number they are under"),
    Column("stays", Boolean, comment="the lines are of somebody who was 15-24"),
    Column("may_repeat", Boolean, comment="a line may be there twice"),
    Column("differs", Boolean, comment="the month says another thing than the series"),
    Column("inside", Boolean, comment="in the population"),
    Column("status", SmallInteger),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    Column("tyve_timer", Boolean),
    Column("fra", Date, comment="of the row of the series that covers the day"),
    Column("told_status", SmallInteger, comment="as that row has it"),
    Column("told_ydelse", Boolean),
)
"""The work for one youth, or for the lines under one number."""
_PLACES: Final = 64


def find(connection: Connection, month: Month) -> None:
    """Fill ``FOUND``. The stored lines must be those of the month as it was delivered."""
    fill(connection, FOUND, *(_found(connection, month, half) for half in _HALVES[connection.dialect.name]))
    if connection.dialect.name == "sqlite":
        connection.execute(insert(FOUND).from_select(["cprnr", "stays", "may_repeat", "differs"], _others(month.day)))


_Half = Callable[[ColumnElement[str]], ColumnElement[bool]]
_HALVES: Final[Mapping[str, Sequence[_Half]]] = {
    "sqlite": (lambda _: true(),),
    "postgresql": (lambda number: func.hashtext(number) < 0, lambda number: func.hashtext(number) >= 0),
}
"""Conditions that split the numbers: PostgreSQL computes each half in a process of its own.

Each then has half the memory to search; when processes share one table in memory, each look-up takes longer.
"""


def _found(connection: Connection, month: Month, half: _Half) -> Select[Any]:
    people = select(person).where(half(person.c.cprnr)).subquery("people")
    lines_of = sums_by_number(month, func.count().label("lines"), _kinds(connection))
    sums = lines_of.where(half(indkomst.c.cprnr)).subquery("sums")
    covers = and_(
        indkomstserie.c.person_id == people.c.id, indkomstserie.c.fra <= month.day, indkomstserie.c.til >= month.day
    )
    # Only new versions of SQLite have full joins; there, ``_others`` finds the unknown numbers afterwards.
    everybody = people.outerjoin(indkomstserie, covers).outerjoin(
        sums, sums.c.cprnr == people.c.cprnr, full=connection.dialect.name == "postgresql"
    )
    says = monthly_status(month, everybody, sums, people)
    has_lines = sums.c.cprnr.is_not(None)
    stays = and_(people.c.turns_15 <= month.day, people.c.turns_25 > month.day)
    may_repeat = func.coalesce(sums.c.lines > sums.c.kinds, false())
    differs = func.coalesce(_differs(says), false())
    return (
        select(
            people.c.id,
            sums.c.cprnr,
            func.coalesce(stays, false()),
            may_repeat,
            differs,
            func.coalesce(says.in_population, false()),
            *says.values,
            indkomstserie.c.fra,
            indkomstserie.c.status,
            indkomstserie.c.social_ydelse,
        )
        .select_from(says.source)
        .where(or_(differs, may_repeat, and_(has_lines, func.coalesce(not_(stays), true()))))
    )


def _others(day: date) -> Select[Any]:
    theirs = indkomst.c.maaned == day, indkomst.c.cprnr.not_in(select(person.c.cprnr))
    return select(indkomst.c.cprnr, false(), true(), false()).where(*theirs).distinct()


def _kinds(connection: Connection) -> ColumnElement[int]:
    """Return a lower bound for the number of different lines under a number; mostly it is exact.

    Employer and kind of income together are hashed to one of 64 places.
    """
    if connection.dialect.name == "sqlite":
        return literal(1, Integer).label("kinds")
    what = func.hashtext(indkomst.c.indberetter).op("#")(func.hashtext(indkomst.c.indtaegtsart))
    place = what.op("&")(_PLACES - 1)
    places = func.bit_or(literal(1, BigInteger).op("<<")(place))
    return func.bit_count(cast(places, BIT(_PLACES))).label("kinds")


def _differs(says: MonthlyStatus) -> ColumnElement[bool]:
    uncovered = indkomstserie.c.person_id.is_(None)
    return case(
        (uncovered, says.in_population),
        (not_(says.in_population), true()),
        else_=or_(
            indkomstserie.c.status != says.status,
            indkomstserie.c.social_ydelse != says.social_ydelse,
            indkomstserie.c.tyve_timer != says.tyve_timer,
        ),
    )


def repeated(connection: Connection, day: date, most: int) -> set[tuple[str, ...]]:
    """Return at most ``most`` keys that occur on more than one line."""
    suspects = select(FOUND.c.cprnr).where(FOUND.c.may_repeat)
    if connection.execute(suspects.limit(1)).first() is None:
        return set()
    who = and_(indkomst.c.maaned == day, indkomst.c.cprnr.in_(suspects))
    return lines.repeated(connection, indkomst, most, who)


def settle_numbers(connection: Connection, day: date) -> int:
    """Remove the lines of persons who are not in the register or were not 15-24; return how many lines are removed.

    Lines under a number that a youth had before stay, and the youth waits.
    """
    strange = select(FOUND.c.cprnr).where(not_(FOUND.c.stays), FOUND.c.cprnr.is_not(None))
    if connection.execute(strange.limit(1)).first() is None:
        return 0
    kept = _under_former_numbers(day)
    lines.let_wait_from(connection, day, select(kept.c.person_id).distinct())
    gone = and_(indkomst.c.cprnr.in_(strange), indkomst.c.cprnr.not_in(select(kept.c.cprnr)))
    return connection.execute(
        delete(indkomst).where(indkomst.c.maaned == day, gone), execution_options={"preserve_rowcount": True}
    ).rowcount


def _under_former_numbers(day: date) -> Subquery:
    """Select the numbers with lines that youths of the right age had before, with the youths' ids."""
    of_age = and_(person.c.id == cprnummer.c.person_id, person.c.turns_15 <= day, person.c.turns_25 > day)
    former = FOUND.c.person_id.is_(None)
    source = FOUND.join(cprnummer, cprnummer.c.cprnr == FOUND.c.cprnr).join(person, of_age)
    return select(FOUND.c.cprnr, cprnummer.c.person_id).select_from(source).where(former).subquery("kept")


def let_wait(connection: Connection, months: Sequence[Month]) -> None:
    """Queue everyone whose result differs in one of the months, which are all from the first on.

    ``FOUND`` is filled for the first.
    """
    for month in months:
        if month is not months[0]:
            find(connection, month)
        former = select(_under_former_numbers(month.day).c.person_id)
        for theirs in (select(FOUND.c.person_id).where(FOUND.c.differs), former.distinct()):
            lines.let_wait_from(connection, months[0].day, theirs)
    remove(connection, FOUND)
