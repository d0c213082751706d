"""Every youth's month held against the series: who is to be calculated, and who needs not be.

The tables of this module are the connection's own. Nothing is read from a table while it is filled: PostgreSQL would
read all that is new in it for each youth again.
"""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    SmallInteger,
    and_,
    exists,
    false,
    insert,
    literal,
    not_,
    or_,
    select,
)

from udb.beskaeftigelse.exempt import exempt, find_exempt
from udb.beskaeftigelse.grad import IKKE
from udb.beskaeftigelse.own import own, remove, renew
from udb.beskaeftigelse.population import Month, sums, told
from udb.beskaeftigelse.serie import ARTS, COLUMNS
from udb.store.engine import analyze
from udb.store.indkomst_tables import indkomst, indkomst_venter, indkomstserie
from udb.store.tables import haendelse, person
from udb.store.types import Key

_SUMS: Final = own(
    "indkomst_sum",
    Column("person_id", Key, primary_key=True),
    Column("oere", BigInteger),
    Column("ydelse", SmallInteger),
)
_FOUND: Final = own(
    "indkomst_fundet",
    Column("person_id", Key),
    Column("fra", Date),
    Column("til", Date),
    Column("waits", Boolean),
)
"""By month: who waits, and who is in the population for the first time with nothing to tell."""


def compare_all(connection: Connection, months: Sequence[Month]) -> None:
    """Let every youth wait of whom one of the months, from the first on all that are delivered, says another thing than
    the series; note those of whom there is nothing to tell.
    """
    renew(connection, _FOUND)
    find_exempt(connection, [month.day for month in months])
    for month in months:
        renew(connection, _SUMS)
        connection.execute(insert(_SUMS).from_select(_SUMS.columns.keys(), sums(month)))
        analyze(connection, _SUMS)
        _compare(connection, month)
    day = months[0].day
    # Another import may have loaded the same month and not calculated it yet.
    already = exists().where(indkomst_venter.c.fra == day, indkomst_venter.c.person_id == _FOUND.c.person_id)
    waits = select(literal(day), _FOUND.c.person_id).distinct().where(_FOUND.c.waits, not_(already))
    connection.execute(insert(indkomst_venter).from_select(["fra", "person_id"], waits))
    zero = (literal(IKKE), literal(0), false())
    quiet = select(_FOUND.c.person_id, _FOUND.c.fra, _FOUND.c.til, *zero).where(not_(_FOUND.c.waits))
    connection.execute(insert(indkomstserie).from_select(COLUMNS, quiet))
    remove(connection, _FOUND, _SUMS)
    analyze(connection, indkomst, indkomstserie, indkomst_venter)


def _compare(connection: Connection, month: Month) -> None:
    says = told(month, _SUMS, exempt(person.c.id, month.day))
    covers = and_(
        indkomstserie.c.person_id == person.c.id, indkomstserie.c.fra <= month.day, indkomstserie.c.til >= month.day
    )
    uncovered = indkomstserie.c.person_id.is_(None)
    quiet = and_(uncovered, says.in_population, says.status == IKKE, not_(says.social_ydelse), not_(_has_events()))
    differs = or_(
        uncovered,
        indkomstserie.c.status != says.status,
        indkomstserie.c.social_ydelse != says.social_ydelse,
        not_(says.in_population),
    )
    found = (
        select(person.c.id, literal(month.day), literal(month.last), not_(quiet))
        .select_from(says.source.outerjoin(indkomstserie, covers))
        .where(differs, or_(says.in_population, not_(uncovered)))
    )
    connection.execute(insert(_FOUND).from_select(_FOUND.columns.keys(), found))


def _has_events() -> ColumnElement[bool]:
    return exists().where(haendelse.c.person_id == person.c.id, haendelse.c.art.in_(ARTS)).correlate(person)
