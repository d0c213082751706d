"""Rows that the past adds beside the events, gathered until all are stored."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final, Self

from sqlalchemy import Connection, Table, func, insert, select

from udb.domain.clock import DANISH

NO_TELEPHONE: Final = "00000000"
BATCH: Final = 5_000


@dataclass(slots=True)
class Rows:
    """Rows by table, and those of ``modtagelse``, which are stored with the events' in order of time."""

    of: dict[Table, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    received: list[dict[str, Any]] = field(default_factory=list)

    def store(self, connection: Connection) -> None:
        """Store the rows of all tables, each in the order in which they were added."""
        for table, rows in self.of.items():
            if "id" in table.c:
                insert_numbered(connection, table, rows)
            else:
                connection.execute(insert(table), rows)

    def __iadd__(self, other: "Rows") -> Self:
        """Add the rows of another."""
        for table, rows in other.of.items():
            self.of[table] += rows
        self.received += other.received
        return self


def insert_numbered(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Store rows of an empty table under the ids from 1 on, the same on every database."""
    numbered = [row | {"id": number} for number, row in enumerate(rows, 1)]
    for begin in range(0, len(numbered), BATCH):
        connection.execute(insert(table), numbered[begin : begin + BATCH])
    continue_after(connection, table, len(numbered))


def continue_after(connection: Connection, table: Table, highest: int) -> None:
    """Let PostgreSQL draw ids after ``highest``; SQLite does so by itself."""
    if connection.dialect.name == "postgresql" and highest:
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def moment(rng: random.Random, day: date) -> datetime:
    """Return a time of a day in office hours."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=DANISH) + timedelta(seconds=rng.randrange(8 * 3600))
