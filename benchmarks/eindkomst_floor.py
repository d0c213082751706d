"""What a month of eIndkomst is compared with: the least that loads and sums up the file, and the fair floor.

The fair floor loads the file, looks at everybody once and stores the month's events. It looks at a table that is there
already, with one row a youth that says what holds. It stores the events that the import made, a thousand in each
transaction, in a table that has the indexes and the foreign key of the real one and begins empty.
"""

import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import psycopg

from benchmarks.postgres import Postgres

KEY: Final = ", PRIMARY KEY (cprnr, maaned, indberetter, indtaegtsart)"
"""What makes a table refuse the same line twice."""
_BATCH: Final = 1000
_COLUMNS: Final = "cprnr text, maaned text, indberetter text, indtaegtsart text"
_COPY: Final = "COPY gulv FROM STDIN (FORMAT csv, DELIMITER ';', HEADER)"
_SUM: Final = (
    "SELECT count(*) FROM (SELECT cprnr, sum(beloeb) FILTER (WHERE indtaegtsart = '00'),"
    " bool_or(beloeb > 0 AND indtaegtsart <> '00') FROM gulv GROUP BY cprnr) s"
)
_ROW_A_YOUTH: Final = """
    CREATE TABLE gulv_nu AS SELECT p.cprnr, s.status, s.social_ydelse, s.tyve_timer,
        CASE WHEN p.turns_18 <= '{day}' THEN 16848 ELSE 6480 END AS fuld,
        CASE WHEN p.turns_18 <= '{day}' THEN 11232 ELSE 6480 END AS tyve,
        least(p.turns_25, CASE WHEN p.turns_18 > '{day}' THEN p.turns_18 END) AS udloeber
    FROM person p JOIN indkomstserie s ON s.person_id = p.id AND s.til = '9999-12-31'
"""
_LOOK: Final = """
    SELECT count(*) FROM (
        SELECT cprnr, sum(beloeb) FILTER (WHERE indtaegtsart = '00') AS beloeb,
            bool_or(beloeb > 0 AND indtaegtsart <> '00') AS ydelse
        FROM gulv GROUP BY cprnr
    ) s FULL JOIN gulv_nu n ON n.cprnr = s.cprnr
    WHERE n.cprnr IS NULL OR n.udloeber <= '{day}'
        OR n.status <> CASE WHEN coalesce(s.beloeb, 0) <= 0 THEN 0 WHEN s.beloeb >= n.fuld THEN 2 ELSE 1 END
        OR n.social_ydelse <> coalesce(s.ydelse, false) OR n.tyve_timer <> (coalesce(s.beloeb, 0) >= n.tyve)
"""
_EVENTS: Final = """
    CREATE TABLE gulv_nyt AS SELECT row_number() OVER (ORDER BY nummer) AS gulv_plads, h.*
    FROM haendelse h WHERE service = 'eIndkomst' AND haendelse_dato = '{day}'
"""
_NAMES: Final = (
    "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)"
    " FROM information_schema.columns WHERE table_name = 'haendelse'"
)
_STORE: Final = """
    INSERT INTO gulv_haendelse ({columns}) SELECT {columns} FROM gulv_nyt
    WHERE gulv_plads BETWEEN %s AND %s ORDER BY gulv_plads
"""
_TABLES: Final = (
    "CREATE INDEX ON gulv_nyt (gulv_plads)",
    "CREATE TABLE gulv_haendelse (LIKE haendelse INCLUDING DEFAULTS INCLUDING INDEXES)",
    "ALTER TABLE gulv_haendelse ADD FOREIGN KEY (person_id) REFERENCES person",
    "CREATE TABLE gulv_taeller AS SELECT 0 AS sidste",
    "ANALYZE gulv_nyt, gulv_nu",
)


@dataclass(frozen=True, slots=True)
class Cost:
    """Elapsed seconds, and processor seconds of this process and of the PostgreSQL process that served it."""

    clock: float
    here: float
    database: float = 0.0

    @classmethod
    def now(cls) -> "Cost":
        """Return the current readings of the clocks."""
        return cls(time.perf_counter(), time.process_time())

    def until(self, database: float) -> "Cost":
        """Return the difference from this reading to now."""
        return Cost(time.perf_counter() - self.clock, time.process_time() - self.here, database)

    @property
    def work(self) -> float:
        """The processor seconds of both."""
        return self.here + self.database

    def __str__(self) -> str:
        """Return the cost as printed."""
        return f"{self.clock:.2f} s (processors: PostgreSQL {self.database:.2f} s, Python {self.here:.2f} s)"


def least(*costs: Cost) -> Cost:
    """Return the cost with the least elapsed time."""
    return min(costs, key=lambda cost: cost.clock)


def processor_seconds(postmaster: int) -> float:
    """Return the processor seconds of all processes of a PostgreSQL server, living and ended; 0 without /proc."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            pid, rest = stat.parent.name, stat.read_text().rpartition(")")[2].split()
            if pid == str(postmaster):
                ticks += sum(map(int, rest[11:15]))
            elif rest[1] == str(postmaster):
                ticks += sum(map(int, rest[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def floor(server: Postgres, file: Path, *, key: str = "") -> Cost:
    """Return the cost of loading a file with COPY into a table with or without a key, and summing it by youth."""
    with _connection(server) as connection:
        connection.execute(f"CREATE TABLE gulv ({_COLUMNS}, beloeb numeric{key})".encode())
        began, before = Cost.now(), processor_seconds(server.pid)
        _load(connection, file)
        connection.execute(_SUM).fetchone()
        connection.commit()
        cost = began.until(processor_seconds(server.pid) - before)
        connection.execute("DROP TABLE gulv")
    return cost


def before_the_month(server: Postgres, day: str) -> None:
    """Make the table with one row a youth, as things are before the month that ends on ``day`` is imported."""
    with _connection(server) as connection:
        connection.execute(_ROW_A_YOUTH.format(day=day).encode())


def fair_floor(server: Postgres, file: Path, day: str) -> Cost:
    """Return the cost of the fair floor of the month that ends on ``day``, which has been imported from the file."""
    with _connection(server) as connection:
        connection.execute(_EVENTS.format(day=day).encode())
        for statement in _TABLES:
            connection.execute(statement.encode())
        connection.execute(f"CREATE TABLE gulv ({_COLUMNS}, beloeb numeric)".encode())
        connection.commit()
        began, before = Cost.now(), processor_seconds(server.pid)
        _load(connection, file)
        # Without statistics the sums are planned for a few numbers, and sorted.
        connection.execute("ANALYZE gulv (cprnr)")
        connection.execute("SET LOCAL max_parallel_workers_per_gather = 0")
        connection.execute(_LOOK.format(day=day).encode())
        connection.commit()
        _store_events(connection)
        cost = began.until(processor_seconds(server.pid) - before)
        connection.execute("DROP TABLE gulv, gulv_nyt, gulv_haendelse, gulv_taeller")
    return cost


def after_the_month(server: Postgres) -> None:
    """Remove the table with one row a youth."""
    with _connection(server) as connection:
        connection.execute("DROP TABLE gulv_nu")


def _connection(server: Postgres) -> psycopg.Connection[Any]:
    return psycopg.connect(server.url.replace("+psycopg", ""))


def _load(connection: psycopg.Connection[Any], file: Path) -> None:
    with file.open("rb") as stream, connection.cursor().copy(_COPY) as copy:
        while piece := stream.read(1024 * 1024):
            copy.write(piece)


def _store_events(connection: psycopg.Connection[Any]) -> None:
    """Store the events in order, each thousand in a transaction that draws its numbers."""
    ((columns,),) = connection.execute(_NAMES)
    ((count,),) = connection.execute("SELECT count(*) FROM gulv_nyt")
    store = _STORE.format(columns=columns).encode()
    for first in range(1, count + 1, _BATCH):
        connection.execute("UPDATE gulv_taeller SET sidste = sidste + %s", (_BATCH,))
        connection.execute(store, (first, first + _BATCH - 1))
        connection.commit()
