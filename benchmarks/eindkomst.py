"""Measure time and memory of a month of eIndkomst, compared with two floors: loading the same file with COPY and one
aggregate query; and the fair floor, which also looks at everybody once and stores the events. It runs on a PostgreSQL
server of its own, set up as docs/drift.md says; every youth has a finished 9th grade, one in sixteen is in the 10th.

Printed are the first month ever (most youths get an event), an ordinary month after it (one in ten has other income
than the month before), and one in which everybody's wage is somewhat another, each with its floor measured in the same
run.
"""

import argparse
import multiprocessing
import os
import platform
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from typing import Any, Final

import psycopg
import typer
from sqlalchemy import Engine, text

from benchmarks.eindkomst_floor import (
    KEY,
    Cost,
    after_the_month,
    before_the_month,
    fair_floor,
    floor,
    least,
    processor_seconds,
)
from benchmarks.postgres import Postgres, configure, postgres
from tests.support.world import SCHOOL, World
from udb.beskaeftigelse.lines import last_day
from udb.domain.cpr import birthdays
from udb.imports.eindkomst import import_eindkomst
from udb.imports.result import ImportResult
from udb.store.engine import make_engine

MONTHS: Final = ("2026-05", "2026-06", "2026-07")
TARGET: Final = 4.0
AIM: Final = 1.4
MOST_MEMORY: Final = 300
"""The most memory of the import, in MiB."""
_YOUNGEST: Final = date(2011, 5, 1)
_DAYS: Final = 3550
"""The number of days of birth of youths who are 15-24 in all months."""
_HEADER: Final = "cprnr;maaned;indberetter;indtaegtsart;beloeb\n"


_SCHOOL_YEARS: Final = """
    INSERT INTO haendelse (nummer, plads, art, person_id, cprnr, service, institution_nummer, haendelse_dato,
        registreringstid, kilde_leverandoer, status, kodesaet, kode, elev_trin, gentaget, annullering, annulleret,
        i_fuldfoert, til_10, vist, vis_praktiksted, vises_under_25, vises_over_25, aabent_hos, dato_optag,
        fritager_foer)
    SELECT n, n, 'uddannelse', id, cprnr, 'IndberetningForberedendeAktivitet', '{school}', '{day}', now(), 'Test',
        {status}, 'elevtrin', '{grade}', {grade}, false, false, false, false, true, true, false, true, true,
        {open_at}, {begun}, {exempts}
    FROM (SELECT *, 'UDB-0{grade:02}{status}' || lpad(id::text, 19, '0') AS n FROM person WHERE {who}) p
"""


_TENTH: Final = {"grade": 10, "status": 1, "who": "id % 16 = 0", "open_at": f"'{SCHOOL}'"}
"""Those in the 10th grade, who have not ended it."""
NO_INCOME, ONE_WAGE, TWO_WAGES = 0.45, 0.85, 0.95
"""The share of youths up to each; the rest have a benefit."""
OTHER_INCOME: Final = 0.1
"""The share of youths whose next month differs."""
OTHER_WAGE: Final = (0.85, 1.15)
"""The least and most income in the third month for each krone of the month before."""


def numbers(count: int) -> Iterator[tuple[str, date]]:
    """Yield invented CPR numbers with their birth dates."""
    for i in range(count):
        born = _YOUNGEST - timedelta(days=i % _DAYS)
        yield f"{born.day + 60:02}{born:%m%y}{4000 + i // _DAYS:04}", born


def build(engine: Engine, url: str, count: int) -> None:
    """Build the world of the tests with that many youths and their school years."""
    World(engine).build()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        columns = "id, cprnr, status, kommunekode, turns_15, turns_18, turns_25, turns_30"
        with connection.cursor().copy(f"COPY person ({columns}) FROM STDIN") as copy:
            for i, (cprnr, born) in enumerate(numbers(count), start=1):
                days = birthdays(born)
                copy.write_row((i, cprnr, "01", "101", days.turns_15, days.turns_18, days.turns_25, days.turns_30))
        # Every row refers to an existing youth; checking each would take longer than all the rest.
        connection.execute("SET session_replication_role = replica")
        connection.execute("INSERT INTO cprnummer (cprnr, person_id) SELECT cprnr, id FROM person")
        years: tuple[dict[str, Any], ...] = (
            {"grade": 9, "status": 1, "day": "2024-08-01", "who": "true", "exempts": "date '2025-07-01'"},
            {"grade": 9, "status": 3, "day": "2025-06-30", "who": "true", "begun": "date '2024-08-01'"},
            dict(_TENTH, day="2025-08-01", exempts="date '9999-12-31'"),
        )
        for year in years:
            worked_out = {"open_at": "NULL", "begun": "NULL", "exempts": "NULL"} | year
            connection.execute(_SCHOOL_YEARS.format(school=SCHOOL, **worked_out))
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


Lines = list[tuple[str, ...]]
"""The lines of one youth: employer, kind, amount."""


def lines_of(rng: random.Random) -> Lines:
    """Return a youth's lines for a month: none, one wage, two, or a benefit."""
    what = rng.random()
    if what < NO_INCOME:
        return []
    wage = f"{rng.choice((900, 3000, 7000, 12000, 18000, 27000)) + rng.random() * 3000:.2f}"
    if what < ONE_WAGE:
        return [("11111111", "00", wage)]
    if what < TWO_WAGES:
        return [("11111111", "00", wage), ("22222222", "00", "1250.50")]
    return [("33333333", "0041", "7000.00")]


def write_files(folder: Path, count: int, seed: int) -> list[Path]:
    """Return a file for each month. In the second, one youth in ten has other lines; in the third, all have."""
    rng = random.Random(seed)  # noqa: S311 - a file that can be made again, no secret
    files = [folder / f"{month}.csv" for month in MONTHS]
    with ExitStack() as opened:
        out = [opened.enter_context(file.open("w")) for file in files]
        for file in out:
            file.write(_HEADER)
        for cprnr, _ in numbers(count):
            first = lines_of(rng)
            second = lines_of(rng) if rng.random() < OTHER_INCOME else first
            third = [(*what, f"{float(amount) * rng.uniform(*OTHER_WAGE):.2f}") for *what, amount in second]
            for file, month, lines in zip(out, MONTHS, (first, second, third), strict=True):
                file.writelines(f"{cprnr};{month};{';'.join(line)}\n" for line in lines)
    return files


def import_month(url: str, server: int, file: Path, month: str, answer: Any) -> None:
    """Import a month in its own process; send its cost, its peak memory in MiB, and its result to ``answer``."""
    engine = make_engine(url, bulk=True)
    before, began = processor_seconds(server), Cost.now()
    steps: dict[str, float] = {}

    def at(step: str, _: int) -> None:
        steps.setdefault(step, time.perf_counter() - began.clock)

    with file.open("rb") as stream:
        result = import_eindkomst(
            engine,
            stream,
            maaned=month,
            progress=at,
        )
    cost = began.until(processor_seconds(server) - before)
    engine.dispose()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer.send((cost, peak, result, steps))


def measured(url: str, server: int, file: Path, month: str) -> tuple[Cost, float, ImportResult, dict[str, float]]:
    """Run ``import_month`` in a process of its own and return its answer."""
    context = multiprocessing.get_context("spawn")
    mine, theirs = context.Pipe()
    process = context.Process(target=import_month, args=(url, server, file, month, theirs))
    process.start()
    theirs.close()
    found: tuple[Cost, float, ImportResult, dict[str, float]] = mine.recv()
    process.join()
    return found


def huge(server: Postgres, folder: Path, count: int, lines: int) -> int:
    """Import one file with this many lines; return 1 when it takes more memory than ``MOST_MEMORY``."""
    file, written = folder / "huge.csv", 0
    with file.open("w") as out:
        out.write(_HEADER)
        for employer in range(-(-lines // count)):
            for cprnr, _ in islice(numbers(count), lines - written):
                out.write(f"{cprnr};{MONTHS[0]};{employer};00;{1000 + employer}.00\n")
                written += 1
    cost, peak, result, _ = measured(server.url, server.pid, file, MONTHS[0])
    typer.echo(f"{result.read} lines, {result.events} events: {cost}, peak {peak:.0f} MiB, at most {MOST_MEMORY}")
    return int(peak > MOST_MEMORY)


@dataclass(frozen=True, slots=True)
class Found:
    """A month as measured: what to print, and its elapsed time as a ratio to the floor and to the fair floor."""

    text: str
    ratio: float
    fair: float


def one_month(server: Postgres, file: Path, month: str, *, is_first: bool) -> Found:
    """Import a month between its floors. The first month, with an event for most youths, has no fair floor: 0."""
    day = str(last_day(month))
    floors, keyed = [floor(server, file)], floor(server, file, key=KEY)
    if not is_first:
        before_the_month(server, day)
    cost, peak, result, steps = measured(server.url, server.pid, file, month)
    lowest = least(*floors, floor(server, file))
    parts = ", ".join(f"{step} from {since:.1f} s" for step, since in steps.items())
    ratio = cost.clock / lowest.clock
    said = (
        f"{month}: {result.read} lines, {result.events} events, peak {peak:.0f} MiB\n"
        f"  import {cost}; {parts}\n"
        f"  floor {lowest}: ratio {ratio:.1f}, of processor time {cost.work / lowest.work:.1f}\n"
        f"  floor into a table that refuses the same line twice {keyed}: ratio {cost.clock / keyed.clock:.1f}"
    )
    if is_first:
        return Found(said, ratio, 0.0)
    fair = least(fair_floor(server, file, day), fair_floor(server, file, day))
    after_the_month(server)
    said += f"\n  fair floor {fair}: ratio {cost.clock / fair.clock:.2f}, of processor time {cost.work / fair.work:.2f}"
    return Found(said, ratio, cost.clock / fair.clock)


def main() -> int:
    """Measure and print; return 1 when a month after the first takes longer than the target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--youths", type=int, default=700_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, default=0, help="instead, one month of that many lines: flat memory?")
    asked = parser.parse_args()
    ratios: list[float] = []
    fair: list[float] = []
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        configure(server)
        engine = make_engine(server.url, bulk=True)
        build(engine, server.url, asked.youths)
        typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
        if asked.lines:
            engine.dispose()
            return huge(server, Path(folder), asked.youths, asked.lines)
        files = write_files(Path(folder), asked.youths, asked.seed)
        for month, file in zip(MONTHS, files, strict=True):
            found = one_month(server, file, month, is_first=month == MONTHS[0])
            typer.echo(found.text)
            ratios.append(found.ratio)
            fair.append(found.fair)
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        engine.dispose()
    worst = max(ratios[1:])
    typer.echo(f"aim: at most {AIM} of the fair floor: {'yes' if max(fair[1:]) <= AIM else 'NO'}, {max(fair[1:]):.2f}")
    typer.echo(
        f"target: the ordinary months take at most {TARGET:.0f} times the floor: {'yes' if worst <= TARGET else 'NO'}"
    )
    return int(worst > TARGET)
