"""Measure time and memory of a monthly run of the figures, compared with the floor: reading the same rows once.

It runs on a PostgreSQL server of its own, set up as docs/drift.md says. Every youth has a finished 9th grade, an
address, and one or two courses since; six in ten have a wage in the month. The floor reads the persons, their addresses
and events, and the month's wages by youth, in the order of the youths, and does nothing with them.
"""

import argparse
import multiprocessing
import os
import platform
import resource
from collections.abc import Callable
from datetime import date
from typing import Any, Final

import psycopg
import typer
from sqlalchemy import Engine, text

from benchmarks.eindkomst import build
from benchmarks.eindkomst_floor import Cost, processor_seconds
from benchmarks.postgres import configure, postgres
from tests.support.world import EUD_SCHOOL, GYMNASIUM, World
from udb.statistics.monthly.load import AT_ONCE
from udb.statistics.monthly.run import run
from udb.store.engine import make_engine

MONTH: Final = date(2026, 7, 1)
END: Final = date(2026, 7, 31)
MOST_MEMORY: Final = 300
"""The most memory of the run, in MiB."""
TARGET: Final = 10.0
"""The most processor time of a run of 700,000 youths, in that of the floor; a small one has its beginning on top."""
_COURSE: Final = """
    INSERT INTO haendelse (nummer, plads, art, person_id, cprnr, service, institution_nummer, haendelse_dato,
        registreringstid, kilde_leverandoer, status, afbrudsarsags_kode, kodesaet, kode, kode_version, fuldfoerer,
        gentaget, annullering, annulleret, i_fuldfoert, til_10, vist, vis_praktiksted, vises_under_25, vises_over_25)
    SELECT n, n, 'uddannelse', id, cprnr, 'IndberetningUngdomsuddannelse', '{school}', {day}, now(), 'Test', {status},
        {cause}, 'cosa_formaal', '{kode}', 1, {completes}, false, false, false, false, false, true, false, true, true
    FROM (SELECT *, 'UDB-1{step:02}' || lpad(id::text, 20, '0') AS n FROM person WHERE {who}) p
"""
_COURSES: Final = (
    # Three in four go to a gymnasium at 16: of these one in five leaves, half have ended it. The others go to an eud.
    (GYMNASIUM, "3009", "turns_15 + 500", 1, "id % 4 <> 0", "NULL", "NULL"),
    (GYMNASIUM, "3009", "turns_15 + 800", 2, "id % 4 <> 0 AND id % 5 = 0", "'9'", "NULL"),
    (GYMNASIUM, "3009", "turns_15 + 1600", 3, "id % 4 <> 0 AND id % 5 > 2", "NULL", "'ungdomsuddannelse'"),
    (EUD_SCHOOL, "9100", "turns_15 + 600", 1, "id % 4 = 0 OR id % 5 = 0", "NULL", "NULL"),
    (EUD_SCHOOL, "9100", "turns_15 + 1000", 2, "id % 8 = 0", "'9'", "NULL"),
)
_REST: Final = (
    (
        "UPDATE person SET kommunekode = (ARRAY(SELECT kode FROM kodesaet WHERE saet = 'kommuner' ORDER BY kode))"
        "[1 + id % 98]"
    ),
    (
        "INSERT INTO bopael (person_id, status, kommunekode, fra, til, registreret)"
        " SELECT id, status, kommunekode, '0001-01-01', '9999-12-31', '2020-01-01' FROM person"
    ),
    (
        "INSERT INTO indkomst (maaned, cprnr, indberetter, indtaegtsart, oere)"
        " SELECT '{end}', cprnr, '11111111', '00', 100000 + id % 2000 * 1000 FROM person WHERE id % 10 < 6"
    ),
    "INSERT INTO indkomstmaaned VALUES ('{end}', '2026-08-10')",
    "INSERT INTO indkomstsats VALUES ('{end}', '15-17', 7500), ('{end}', '18-24', 13000)",
    "INSERT INTO indkomstloen VALUES ('{end}', '00')",
)
_FLOOR: Final = (
    "SELECT * FROM person ORDER BY id",
    "SELECT * FROM bopael ORDER BY person_id",
    "SELECT * FROM haendelse ORDER BY person_id, nummer",
    (
        "SELECT person_id, sum(oere) FROM indkomst JOIN cprnummer USING (cprnr) WHERE maaned = '{end}'"
        " GROUP BY person_id ORDER BY person_id"
    ),
)


def lives(engine: Engine, url: str, count: int) -> None:
    """Build the world of that many youths with their courses, addresses and wages of the month."""
    build(engine, url, count)
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SET session_replication_role = replica")
        for step, (school, kode, day, status, who, cause, completes) in enumerate(_COURSES):
            values = {"school": school, "kode": kode, "day": day, "status": status, "who": who, "cause": cause}
            connection.execute(_COURSE.format(step=step, completes=completes, **values))
        for statement in _REST:
            connection.execute(statement.format(end=END))
    World(engine).clock("2026-08-15T08:00:00")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def floor(url: str) -> int:
    """Read the rows once and return how many there are."""
    rows = 0
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        for number, statement in enumerate(_FLOOR):
            with connection.cursor(f"gulv{number}") as cursor:
                cursor.itersize = AT_ONCE
                cursor.execute(statement.format(end=END))
                rows += sum(1 for _ in cursor)
    return rows


def month(url: str) -> int:
    """Run the month and return how many rows it wrote."""
    engine = make_engine(url, bulk=True)
    found = run(engine, engine, MONTH)
    engine.dispose()
    return found.rows


def measure(work: Callable[[str], int], url: str, server: int, answer: Any) -> None:
    """Do the work in its own process; send its cost, its peak memory in MiB, and its result to ``answer``."""
    before, began = processor_seconds(server), Cost.now()
    found = work(url)
    cost = began.until(processor_seconds(server) - before)
    answer.send((cost, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, found))


def measured(work: Callable[[str], int], url: str, server: int) -> tuple[Cost, float, int]:
    """Run ``measure`` in a process of its own and return its answer."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=measure, args=(work, url, server, theirs))
    process.start()
    theirs.close()
    found: tuple[Cost, float, int] = mine.recv()
    process.join()
    return found


def main() -> int:
    """Measure and print; return 1 when the run takes more processor time or memory than its targets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--youths", type=int, default=700_000)
    asked = parser.parse_args()
    with postgres() as server:
        configure(server)
        engine = make_engine(server.url, bulk=True)
        lives(engine, server.url, asked.youths)
        engine.dispose()
        typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
        lowest, _, read = measured(floor, server.url, server.pid)
        cost, peak, rows = measured(month, server.url, server.pid)
    ratio = (cost.here + cost.database) / (lowest.here + lowest.database)
    typer.echo(
        f"{asked.youths} youths: {rows} rows written, peak {peak:.0f} MiB\n"
        f"  run {cost}\n  floor {lowest}, {read} rows\n"
        f"target: at most {MOST_MEMORY} MiB and {TARGET:.0f} times the floor's processor time; it is {ratio:.1f} times"
    )
    return int(peak > MOST_MEMORY or ratio > TARGET)
