"""Tables of a connection's own: what a step works out for the next, which nobody else sees and which locks nobody."""

from typing import Any, Final

from sqlalchemy import Column, Connection, MetaData, Table, text

_METADATA: Final = MetaData()


def own(name: str, *columns: Column[Any]) -> Table:
    """Such a table; ``renew`` makes it."""
    return Table(name, _METADATA, *columns, prefixes=["TEMPORARY"])


def renew(connection: Connection, *tables: Table) -> None:
    """Make tables, in the stead of those that are there."""
    remove(connection, *tables)
    for table in tables:
        table.create(connection, checkfirst=False)


def remove(connection: Connection, *tables: Table) -> None:
    """Remove tables that may be there."""
    for table in tables:
        connection.execute(text(f"DROP TABLE IF EXISTS {table.name}"))
