"""How PostgreSQL is kept to the way through an index: what it estimates wrong would otherwise let it read all the
nation's rows for one page.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, any_, case, exists, false, func, literal_column, select, true

from udb.store.sql.prepared import Prepared


def row_by_row(connection: Connection) -> None:
    """Until the transaction ends, let every join look up what belongs to a row it has, and not read the other table."""
    if connection.dialect.name == "postgresql":
        _ROW_BY_ROW.rows(connection)


_ROW_BY_ROW: Final = Prepared(
    lambda _: select(*(func.set_config(f"enable_{name}", "off", True) for name in ("hashjoin", "mergejoin")))  # noqa: FBT003 - until the transaction ends
)


def there_is(query: Select[Any]) -> ColumnElement[bool]:
    """Return whether a query about the row at hand finds anything, asked for each row: with an OFFSET it is not
    answered for all rows at once, by reading whatever there is.
    """
    return exists(query.offset(literal_column("0")))


def judged_after(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Return a condition that rows are judged by once they are found. Taken for one that half of them fulfil: of the
    clauses of access, each of which most rows found fulfil, it would think that hardly any row fulfils all.
    """
    return case((condition, true()), else_=false())


def one_of(dialect: str, column: ColumnElement[int], query: Select[Any]) -> ColumnElement[bool]:
    """Return whether a column is one of a few values: as an array they are gone through one by one."""
    if dialect == "postgresql":
        return column == any_(func.array(query.scalar_subquery()))
    return column.in_(query)
