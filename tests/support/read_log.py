"""Rows of the read log, added and tampered with."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, text

from udb.domain.clock import system_time
from udb.store.engine import writing
from udb.store.tables.log import read_log


def row(number: int, tid: datetime | None = None) -> dict[str, Any]:
    """Return a row about two persons."""
    return {
        "id": number,
        "tid": tid or system_time(),
        "system_id": "afproever",
        "institution_nummer": "281111",
        "operation": "HentHaendelser",
        "correlation_id": f"{number:036}",
        "klausul": "A1",
        "personer": [number, number + 1],
    }


def add(engine: Engine, *numbers: int, tid: datetime | None = None) -> None:
    """Add rows with these numbers."""
    with writing(engine) as connection:
        connection.execute(insert(read_log), [row(number, tid) for number in numbers])


@contextmanager
def tampering(engine: Engine) -> Iterator[Connection]:
    """Connect with the triggers and constraints of the read log switched off."""
    triggers: Sequence[Row[Any]] = ()
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            connection.execute(text("PRAGMA defer_foreign_keys = ON"))
            made = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'read_log%'"
            triggers = connection.execute(text(made)).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        yield connection
        for _, statement in triggers:
            connection.exec_driver_sql(statement)
