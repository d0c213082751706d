"""The content of a database, row by row, of any kind and version: its tables are read from the database."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    JSON,
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Numeric,
    String,
    Table,
    func,
    inspect,
    select,
    text,
)

NOT_OURS: Final = frozenset({"alembic_version", "sqlite_sequence"})
"""Tables of the tools beneath, which no backup holds."""
FIRST: Final = "state"
"""The table with whether this is a sandbox, which the database must know before the read log's rows are added."""
DERIVED: Final = frozenset({"read_log_unsealed", "read_log_person"})
"""Tables that the database fills itself with each row of the read log."""
_AT_ONCE: Final = 1000


def tables(connection: Connection) -> list[Table]:
    """Return every table, referred tables first; none when the database is empty."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name not in NOT_OURS)
    for table in found.tables.values():
        for column in table.columns:
            if isinstance(column.type, JSON):
                column.type = JSON(none_as_null=bool(column.nullable))
    ordered: list[Table] = sorted(found.sorted_tables, key=lambda table: table.name != FIRST)
    return ordered


def rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """Yield a table's rows in the order of its key, or of all its columns, every value as JSON has it."""
    order = [
        # Text in the order of its bytes, as SQLite has it.
        column.collate("C") if isinstance(column.type, String) and connection.dialect.name == "postgresql" else column
        for column in table.primary_key.columns or table.columns
    ]
    query = select(table).order_by(*order)
    for row in connection.execute(query, execution_options={"yield_per": _AT_ONCE}):
        yield [_written(value) for value in row]


def read(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the database accepts it."""
    return {name: _read(table.c[name].type, value) for name, value in row.items()}


def sequences(connection: Connection) -> dict[str, int]:
    """Return the last id drawn for each table; it may be higher than any existing id."""
    if connection.dialect.name == "sqlite":
        if not inspect(connection).has_table("sqlite_sequence"):
            return {}
        return {name: int(last) for name, last in connection.execute(text("SELECT name, seq FROM sqlite_sequence"))}
    return {
        table: int(last)
        for table, name in _serials(connection).items()
        if (last := connection.execute(text(f"SELECT last_value FROM {name}")).scalar_one()) is not None  # noqa: S608 - the database's own name
    }


def set_sequences(connection: Connection, wanted: Mapping[str, int]) -> None:
    """Make every table draw its ids after those in ``wanted`` and those that exist."""
    if connection.dialect.name == "sqlite":
        for name, last in wanted.items():
            values = {"name": name, "last": last}
            known = connection.execute(
                text("UPDATE sqlite_sequence SET seq = max(seq, :last) WHERE name = :name"), values
            )
            if not known.rowcount and name in _counted(connection):
                connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), values)
        return
    for name, sequence in _serials(connection).items():
        highest = connection.execute(text(f"SELECT coalesce(max(id), 0) FROM {name}")).scalar_one()  # noqa: S608 - as above
        if last := max(highest, wanted.get(name, 0)):
            connection.execute(select(func.setval(sequence, last)))


def _serials(connection: Connection) -> dict[str, str]:
    names = {name for name in inspect(connection).get_table_names() if name not in NOT_OURS}
    found = {
        name: connection.execute(select(func.pg_get_serial_sequence(name, "id"))).scalar()
        for name in names
        if _has_id(connection, name)
    }
    return {name: sequence for name, sequence in sorted(found.items()) if sequence}


def _has_id(connection: Connection, name: str) -> bool:
    return any(column["name"] == "id" for column in inspect(connection).get_columns(name))


def _counted(connection: Connection) -> set[str]:
    """Return the tables in which SQLite remembers the last id."""
    made = text("SELECT name FROM sqlite_master WHERE type = 'table' AND upper(sql) LIKE '%AUTOINCREMENT%'")
    return set(connection.execute(made).scalars())


def _written(value: Any) -> Any:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value).hex()
    return value


def _read(kind: Any, value: Any) -> Any:
    if value is None or isinstance(kind, JSON):
        return value
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, Date):
        return date.fromisoformat(value)
    if isinstance(kind, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(kind, Numeric):
        return Decimal(value)
    return value
