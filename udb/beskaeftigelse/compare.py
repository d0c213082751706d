"""Every youth's month held against the series: who is to be calculated, and who needs not be.

The tables of this module are the connection's own. Nothing is read from a table while it is filled: PostgreSQL would
read all that is new in it for each youth again.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    MetaData,
    SmallInteger,
    Table,
    and_,
    exists,
    false,
    insert,
    literal,
    not_,
    or_,
    select,
    text,
)

from udb.beskaeftigelse.exempt import exempt
from udb.beskaeftigelse.grad import IKKE
from udb.beskaeftigelse.population import Month, sums, told
from udb.beskaeftigelse.serie import ARTS, COLUMNS
from udb.store.engine import analyze
from udb.store.indkomst_tables import indkomst, indkomst_venter, indkomstserie
from udb.store.tables import haendelse, person
from udb.store.types import Key

_CHUNK: Final = 1000
_OWN: Final = MetaData()


def _own(name: str, *columns: Column[object]) -> Table:
    return Table(name, _OWN, *columns, prefixes=["TEMPORARY"])


_EXEMPT: Final = _own("indkomst_fritaget", Column("person_id", Key, primary_key=True))
_SUMS: Final = _own(
    "indkomst_sum",
    Column("person_id", Key, primary_key=True),
    Column("oere", BigInteger),
    Column("ydelse", SmallInteger),
)
_FOUND: Final = _own(
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
    _drop(_OWN.sorted_tables, connection)
    _FOUND.create(connection, checkfirst=False)
    for month, ids in zip(months, exempt(connection, [month.day for month in months]).values(), strict=True):
        _fill(connection, month, ids)
        _compare(connection, month)
    waits = select(literal(months[0].day), _FOUND.c.person_id).distinct().where(_FOUND.c.waits)
    connection.execute(insert(indkomst_venter).from_select(["fra", "person_id"], waits))
    zero = (literal(IKKE), literal(0), false())
    quiet = select(_FOUND.c.person_id, _FOUND.c.fra, _FOUND.c.til, *zero).where(not_(_FOUND.c.waits))
    connection.execute(insert(indkomstserie).from_select(COLUMNS, quiet))
    _drop(_OWN.sorted_tables, connection)
    analyze(connection, indkomst, indkomstserie, indkomst_venter)


def _compare(connection: Connection, month: Month) -> None:
    says = told(month, _SUMS, person.c.id.in_(select(_EXEMPT.c.person_id)))
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
    connection.execute(insert(_FOUND).from_select(list(_FOUND.columns.keys()), found))


def _has_events() -> ColumnElement[bool]:
    return exists().where(haendelse.c.person_id == person.c.id, haendelse.c.art.in_(ARTS)).correlate(person)


def _drop(tables: Iterable[Table], connection: Connection) -> None:
    for table in tables:
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))


def _fill(connection: Connection, month: Month, ids: Iterable[int]) -> None:
    """A month's sums and exempt, in the stead of the month's before."""
    _drop((_SUMS, _EXEMPT), connection)
    _SUMS.create(connection, checkfirst=False)
    _EXEMPT.create(connection, checkfirst=False)
    connection.execute(insert(_SUMS).from_select(list(_SUMS.columns.keys()), sums(month)))
    rows = [{"person_id": one} for one in sorted(ids)]
    for begin in range(0, len(rows), _CHUNK):
        connection.execute(insert(_EXEMPT), rows[begin : begin + _CHUNK])
    analyze(connection, _SUMS, _EXEMPT)
