"""Temporary tables of a connection: one step's results for the next, invisible to others and without locks."""

from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Select, Table, delete, text, union_all
from sqlalchemy.schema import CreateTable

from udb.store.engine import analyze

_METADATA: Final = MetaData()


def own(name: str, *columns: Column[Any]) -> Table:
    """Define a temporary table; ``renew``, ``renew_kept`` or ``fill`` creates it.

    Unless ``fill`` made it, PostgreSQL empties it when the transaction ends.
    """
    return Table(name, _METADATA, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DELETE ROWS")


def renew(connection: Connection, *tables: Table) -> None:
    """Create tables, and replace those that exist."""
    remove(connection, *tables)
    for table in tables:
        table.create(connection, checkfirst=False)


def renew_kept(connection: Connection, table: Table) -> None:
    """Create or empty a table that many transactions of a connection use."""
    connection.execute(CreateTable(table, if_not_exists=True))
    connection.execute(delete(table))


def fill(connection: Connection, table: Table, *queries: Select[Any]) -> None:
    """Create a table from what queries select, in the order of its columns.

    Only this way does PostgreSQL let more than one process read for it.
    """
    remove(connection, table)
    selects = union_all(*(_named(query, table) for query in queries))
    text_of = selects.compile(connection, compile_kwargs={"literal_binds": True})
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table.name} AS {text_of}".replace("%%", "%"))
    analyze(connection, table)


def _named(query: Select[Any], table: Table) -> Select[Any]:
    columns = [one.label(column.name) for one, column in zip(query.selected_columns, table.columns, strict=True)]
    return query.with_only_columns(*columns, maintain_column_froms=True)


def remove(connection: Connection, *tables: Table) -> None:
    """Drop those of the tables that exist."""
    for table in tables:
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
