"""The triggers of the read log that a restore must pass: it adds blocks and notes as they were, whatever they are."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def as_they_were(connection: Connection, table: str) -> Iterator[None]:
    """Switch off what the database asks of new rows of a table (``…_follows`` of migration 0007) while the block runs.

    Only the owner of the tables can. A log that was tampered with can so be restored, and verification tells.
    """
    found = (
        _on_postgresql(connection, table) if connection.dialect.name == "postgresql" else _on_sqlite(connection, table)
    )
    for name, _ in found:
        off = f"ALTER TABLE {table} DISABLE TRIGGER {name}"
        connection.execute(text(off if connection.dialect.name == "postgresql" else f"DROP TRIGGER {name}"))
    yield
    for _, again in found:
        connection.exec_driver_sql(again)


def _on_postgresql(connection: Connection, table: str) -> list[tuple[str, str]]:
    query = text("SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(:table) AND tgname = :name")
    names = connection.execute(query, {"table": table, "name": f"{table}_follows"}).scalars()
    return [(name, f"ALTER TABLE {table} ENABLE TRIGGER {name}") for name in names]


def _on_sqlite(connection: Connection, table: str) -> list[tuple[str, str]]:
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table AND name LIKE :name")
    rows = connection.execute(query, {"table": table, "name": f"{table}_follows%"})
    return [(row.name, row.sql) for row in rows]
