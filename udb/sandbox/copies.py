"""Copy every table after a seed, and restore the copies: only rows that have changed since are written."""

from typing import Any, Final

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    MetaData,
    Table,
    Text,
    and_,
    cast,
    delete,
    exists,
    insert,
    inspect,
    or_,
    select,
    update,
)

from udb.store.tables import metadata, state

_COPIES: Final = MetaData()
_COPY_OF: Final = {
    table: Table(
        f"sandbox_copy_{table.name}",
        _COPIES,
        *(Column(column.name, column.type, primary_key=column.primary_key) for column in table.columns),
    )
    for table in metadata.sorted_tables
    if table is not state
}


def exist(connection: Connection) -> bool:
    """Return whether the copies exist."""
    return inspect(connection).has_table(next(iter(_COPY_OF.values())).name)


def fit(connection: Connection) -> bool:
    """Return whether the copies have the tables and columns that this program uses."""
    found = inspect(connection)
    return all(
        found.has_table(copy.name) and {column["name"] for column in found.get_columns(copy.name)} == set(copy.c.keys())
        for copy in _COPY_OF.values()
    )


def drop(connection: Connection) -> None:
    """Remove the copies, if there are any."""
    _COPIES.drop_all(connection)


def make(connection: Connection) -> None:
    """Copy every table."""
    _COPIES.create_all(connection)
    for table, copy in _COPY_OF.items():
        connection.execute(insert(copy).from_select(list(copy.columns.keys()), select(table)))


def restore(connection: Connection) -> None:
    """Make every table equal to its copy.

    Rows added since are deleted first, children before parents; then changed and lost rows are restored.
    """
    for table, copy in reversed(_COPY_OF.items()):
        connection.execute(delete(table).where(~exists().where(_same_row(table, copy))))
    for table, copy in _COPY_OF.items():
        changed = [name for name, column in table.columns.items() if not column.primary_key]
        if changed:
            differs = or_(*(_text(table.c[name]).is_distinct_from(_text(copy.c[name])) for name in changed))
            values: dict[str, Any] = {name: copy.c[name] for name in changed}
            connection.execute(update(table).where(_same_row(table, copy), differs).values(values))
        lost = select(copy).where(~exists().where(_same_row(table, copy)))
        connection.execute(insert(table).from_select(list(table.columns.keys()), lost))


def _text(column: Column[Any]) -> ColumnElement[Any]:
    """Return the column as something comparable: PostgreSQL cannot compare JSON."""
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _same_row(table: Table, copy: Table) -> ColumnElement[bool]:
    # Income lines have no primary key, and no two are equal.
    key = table.primary_key.columns or table.columns
    return and_(*(table.c[column.name] == copy.c[column.name] for column in key))
