"""Whether the database takes writes: a standby, a full disk or a read-only one is found before a report meets it."""

import shutil
import time
from pathlib import Path
from typing import Final
from weakref import WeakKeyDictionary

from psycopg import errors
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from udb.domain.errors import DatabaseUnavailable
from udb.store.engine import reading, refused_by

TRIED_EVERY: Final = 1.0
"""Seconds between two attempts to write, for each process: anyone may ask for Ping, and probes ask often."""
_BYTES: Final = 64 * 1024
_tried: Final[WeakKeyDictionary[Engine, float]] = WeakKeyDictionary()
"""When an engine's last attempt succeeded, by the monotonic clock."""


def require_writable(engine: Engine) -> None:
    """Raise DatabaseUnavailable when the database is out of reach or takes no writes: a standby, no room, read-only.

    Bytes are written to the database's disk, and nothing of them is kept.
    """
    with reading(engine) as connection:
        is_sqlite = engine.dialect.name == "sqlite"
        if is_sqlite:
            connection.execute(text("SELECT 1 FROM state WHERE name IS NULL"))
        elif connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
            standby = errors.ReadOnlySqlTransaction()
            connection.invalidate(standby)
            raise refused_by(standby)
    if time.monotonic() - _tried.get(engine, -TRIED_EVERY) < TRIED_EVERY:
        return
    if is_sqlite:
        _require_room(engine)
    with reading(engine) as connection:
        (_write_sqlite if is_sqlite else _write_postgresql)(connection)
    _tried[engine] = time.monotonic()


def forget(engine: Engine) -> None:
    """Let the next question be answered by an attempt to write."""
    _tried.pop(engine, None)


def _write_postgresql(connection: Connection) -> None:
    # What does not fit into work_mem goes to a temporary file on the disk of the tables. It needs no right, leaves no
    # row behind and takes no lock. The rows of a transaction that is rolled back would go into room that tables have.
    connection.execute(text("SELECT set_config('work_mem', '64kB', true), set_config('temp_tablespaces', '', true)"))
    connection.execute(text("SELECT count(*) FROM generate_series(1, :rows)"), {"rows": _ROWS})


_ROWS: Final = 16_000
"""Some 200 KB in a temporary file."""


def _require_room(engine: Engine) -> None:
    # A WAL of earlier writes is written over, so the attempt alone would succeed until its room is used up.
    file = engine.url.database
    if file and file != ":memory:" and shutil.disk_usage(Path(file).absolute().parent).free < _ROOM:
        raise DatabaseUnavailable("The disk of the database is full.")


_ROOM: Final = 1024 * 1024
"""Bytes that must be free on the disk of an SQLite file."""


def _write_sqlite(connection: Connection) -> None:
    # With hardly any cache the pages go to the WAL at once, before the transaction is rolled back.
    before = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in _NO_ROOM}
    try:
        for name, value in _NO_ROOM.items():
            connection.exec_driver_sql(f"PRAGMA {name} = {value}")
        row = "INSERT INTO state (name, value) VALUES ('plads', randomblob(?))"
        connection.exec_driver_sql(row, (_BYTES,))
    except OperationalError as error:
        # Another writer: so the database takes writes.
        if not str(getattr(error.orig, "sqlite_errorname", "")).startswith("SQLITE_BUSY"):
            raise
    finally:
        for name, value in before.items():
            connection.exec_driver_sql(f"PRAGMA {name} = {value}")
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.rollback()


_NO_ROOM: Final = {"busy_timeout": 0, "cache_size": 1}
