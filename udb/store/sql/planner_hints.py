"""Planner hints: PostgreSQL misestimates the access clauses and would read the whole nation's rows for one page."""

from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Subquery,
    any_,
    case,
    exists,
    false,
    func,
    literal_column,
    select,
    true,
)

from udb.store.sql.prepared import Prepared


def row_by_row(connection: Connection) -> None:
    """Make every join of this transaction look up the rows that match each row, not read the whole other table; and
    every index return its rows in its order, where a bitmap would return all that match, to be sorted.
    """
    if connection.dialect.name == "postgresql":
        _ROW_BY_ROW.rows(connection)


_OFF: Final = ("enable_hashjoin", "enable_mergejoin", "enable_bitmapscan")
_ROW_BY_ROW: Final = Prepared(
    lambda _: select(*(func.set_config(name, "off", True) for name in _OFF))  # noqa: FBT003 - until the transaction ends
)


def there_is(query: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a correlated query finds a row, evaluated for each outer row."""
    # The OFFSET keeps PostgreSQL from turning the query into a join that reads the whole inner table.
    return exists(query.offset(literal_column("0")))


def computed_once(query: Select[Any], name: str) -> Subquery:
    """Return a query as a subquery, whose expressions are computed once a row, however often they are used."""
    # Without the OFFSET they would be copied to each place, and each look-up with them.
    return query.offset(literal_column("0")).subquery(name)


def judged_after(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition that the planner expects to hold for half of the rows that an index condition finds."""
    # The planner multiplies its estimates of the access clauses and would expect hardly any row to fulfil them all,
    # although most rows found do.
    return case((condition, true()), else_=false())


def one_of(dialect: str, column: ColumnElement[int], query: Select[Any]) -> ColumnElement[bool]:
    """Return the condition that a column is one of a query's few values."""
    if dialect == "postgresql":
        # As an array, the values are looked up in the index one by one.
        return column == any_(func.array(query.scalar_subquery()))
    return column.in_(query)
