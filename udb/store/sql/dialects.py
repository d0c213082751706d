"""Statements that SQLite and PostgreSQL write differently."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Dialect,
    String,
    Table,
    TableValuedAlias,
    Text,
    any_,
    bindparam,
    func,
    literal,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeDecorator

from udb.store.sql.prepared import parameter


def among(connection: Connection, column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[Any]:
    """Return the condition that a column is one of some ids."""
    if connection.dialect.name == "postgresql":
        # One array: PostgreSQL misestimates a subquery's size and reads the whole table, and a parameter for each id is
        # slow to send.
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    # SQLite limits the number of parameters, so the ids are written into the statement.
    return column.in_(bindparam("ids", ids, unique=True, expanding=True, literal_execute=True))


def insert_into(dialect: str, table: Table) -> Any:
    """Return an insert with ``on_conflict_do_nothing`` and ``on_conflict_do_update``. ``dialect``: its name.

    Both databases have the same ON CONFLICT, but SQLAlchemy has a separate insert for each.
    """
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)


_COMMA: Final = ","


class _Joined(TypeDecorator[list[str]]):
    """A list of texts without commas, sent as one text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        """Join the texts with commas."""
        return None if value is None else _COMMA.join(value)


def texts(dialect: str, name: str) -> TableValuedAlias:
    """Return the texts of the parameter ``name`` as rows in the same order, with one column, ``value``.

    The texts have no commas. However long the list is, it is one parameter of the statement.
    """
    if dialect == "postgresql":
        # One joined text: the driver would build an array element by element in Python.
        rows: Any = func.unnest(func.string_to_array(parameter(name, _Joined()), _COMMA), type_=String())
        return rows.table_valued("value", joins_implicitly=True).render_derived()  # type: ignore[no-any-return]  # as its name says
    return func.json_each(parameter(name, JSON())).table_valued("value", joins_implicitly=True)
