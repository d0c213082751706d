"""What an extract must keep beside the database, on disk and not in memory: the order of the youths, and their wages.

An unnamed file of SQLite's in the folder for temporary files (``TMPDIR``), which is gone when the process ends, however
it ends. It holds ids, no CPR number.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

BATCH: Final = 500
"""How many youths are read and written at a time."""
_TABLES: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA temp_store = FILE",
    "CREATE TABLE youth (pseudonym TEXT PRIMARY KEY, person_id INTEGER) WITHOUT ROWID",
    "CREATE TABLE wage (person_id INT, month INT, oere INT, rate INT, PRIMARY KEY (person_id, month)) WITHOUT ROWID",
)


class Wage(NamedTuple):
    """The wage of a month and the wage of an hour, in oere. ``month``: its last day."""

    month: date
    oere: int
    rate: int


class Scratch:
    """The youths of an extract in the order of their pseudonyms, and their wages by month."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use the tables of ``scratch``."""
        self._connection = connection

    def add_youths(self, youths: Iterable[tuple[str, int]]) -> None:
        """Keep youths: pseudonym and person id, in any order. Raises IntegrityError when two have one pseudonym."""
        self._connection.executemany("INSERT INTO youth VALUES (?, ?)", youths)

    def add_wages(self, month: date, wages: Iterable[tuple[int, int, int]]) -> None:
        """Keep the wages of a month: person id, wage and wage of an hour."""
        day = month.toordinal()
        rows = ((person_id, day, oere, rate) for person_id, oere, rate in wages)
        self._connection.executemany("INSERT INTO wage VALUES (?, ?, ?, ?)", rows)

    def batches(self) -> Iterator[dict[int, str]]:
        """Yield the youths in the order of their pseudonyms, BATCH at a time: person id to pseudonym."""
        last = ""
        while True:
            query = "SELECT pseudonym, person_id FROM youth WHERE pseudonym > ? ORDER BY pseudonym LIMIT ?"
            rows = self._connection.execute(query, (last, BATCH)).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield {person_id: pseudonym for pseudonym, person_id in rows}

    def wages(self, persons: Sequence[int]) -> dict[int, list[Wage]]:
        """Return the wages of some youths, the earliest month first; one without any is left out."""
        marks = ",".join("?" * len(persons))
        query = (
            f"SELECT person_id, month, oere, rate FROM wage WHERE person_id IN ({marks}) "  # noqa: S608 - marks alone
            "ORDER BY person_id, month"
        )
        rows = self._connection.execute(query, persons)
        return {
            person_id: [Wage(date.fromordinal(day), oere, rate) for _, day, oere, rate in found]
            for person_id, found in groupby(rows, key=lambda row: row[0])
        }


@contextmanager
def scratch() -> Iterator[Scratch]:
    """Yield an empty scratch file."""
    connection = sqlite3.connect("", isolation_level=None)
    try:
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("BEGIN")
        yield Scratch(connection)
    finally:
        connection.close()
