"""``make bench WHAT=extract``: what the statistics extract takes of ten times as many events.

Youths with a home, four events each and a delivered month of wages; the command as its user runs it, packed, on a
tenth of the events and on all. Prints seconds, resident memory and the size of the files; exit 1 when memory grows to
more than 1.2 times or time to more than 12 times.
"""

import argparse
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import typer
from sqlalchemy import Engine, insert

from benchmarks.memory import database
from tests.support.world import GYMNASIUM, World
from udb.domain.bopael import OPEN, UNKNOWN
from udb.domain.clock import DANISH
from udb.domain.cpr import birthdays
from udb.domain.haendelse import UDDANNELSE
from udb.domain.identifiers import event_number, forloeb_id
from udb.domain.kodesaet import COSA
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.sandbox import mark
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.store.tables import bopael, cprnummer, haendelse, person
from udb.store.tables.indkomst import indkomst, indkomstloen, indkomstmaaned, indkomstsats, indkomstserie

EVENTS_EACH: Final = 4
TENTH: Final = 10
MOST_MEMORY: Final = 1.2
MOST_TIME: Final = 12
DAY, MONTH = date(2026, 6, 15), date(2026, 6, 30)
_AT_ONCE: Final = 5000
_WAGE: Final = "00"
_REGISTERED: Final = datetime(2026, 6, 20, 12, tzinfo=DANISH)
_KEY: Final = "00" * 32
_PAUSE: Final = 0.02


def build(engine: Engine, events: int) -> None:
    """Fill a migrated database with so many events."""
    World(engine).build(now="2026-08-10T08:00:00")
    with writing(engine) as connection:
        state.write(connection, mark.SANDBOX, {})
        connection.execute(insert(indkomstmaaned).values(maaned=MONTH, leveret=date(2026, 7, 10)))
        rates = [{"maaned": MONTH, "gruppe": name, "oere": oere} for name, oere in (("15-17", 7500), ("18-24", 13000))]
        connection.execute(insert(indkomstsats), rates)
        connection.execute(insert(indkomstloen).values(maaned=MONTH, indtaegtsart=_WAGE))
    youths = events // EVENTS_EACH
    for first in range(0, youths, _AT_ONCE):
        _add(engine, range(first + 1, min(first + _AT_ONCE, youths) + 1))


def _add(engine: Engine, numbers: range) -> None:
    rows: dict[Any, list[dict[str, Any]]] = {
        table: [] for table in (person, cprnummer, bopael, haendelse, indkomst, indkomstserie)
    }
    for number in numbers:
        born = date(2003, 1, 1) + timedelta(days=number % 2500)
        # A number of no date, so that it is nobody's.
        cprnr = str(9_900_000_000 + number)
        rows[person].append({"id": number, "cprnr": cprnr, "status": "01", "kommunekode": "101"} | _days(born))
        rows[cprnummer].append({"cprnr": cprnr, "person_id": number})
        rows[bopael].append(
            {"person_id": number, "status": "01", "kommunekode": "101", "fra": UNKNOWN, "til": OPEN,
             "registreret": _REGISTERED}
        )  # fmt: skip
        rows[haendelse] += _events(number, cprnr)
        rows[indkomst].append(
            {"maaned": MONTH, "cprnr": cprnr, "indberetter": "1", "indtaegtsart": _WAGE, "oere": number * 100}
        )
        rows[indkomstserie].append(
            {"person_id": number, "fra": MONTH, "til": date.max, "status": 1, "grad": 1, "social_ydelse": False,
             "tyve_timer": False}
        )  # fmt: skip
    with writing(engine) as connection:
        for table, some in rows.items():
            connection.execute(insert(table), some)


def _days(born: date) -> dict[str, date]:
    days = birthdays(born)
    return {name: getattr(days, name) for name in ("turns_15", "turns_18", "turns_25", "turns_30")}


def _events(number: int, cprnr: str) -> Iterator[dict[str, Any]]:
    courses = (("3009", date(2022, 8, 10)), ("9100", date(2024, 8, 10)))
    for place, (kode, day) in enumerate(courses):
        opened = (number * len(courses) + place) * 2
        for step, (status, when) in enumerate(((1, day), (2, day + timedelta(days=300 + number % 60)))):
            nummer = event_number(opened + step)
            yield {
                "nummer": nummer, "plads": nummer, "art": UDDANNELSE, "person_id": number, "cprnr": cprnr,
                "service": UNGDOMSUDDANNELSE, "forloeb_id": forloeb_id(opened), "gentaget": False,
                "institution_nummer": GYMNASIUM, "haendelse_dato": when, "registreringstid": _REGISTERED,
                "status": status, "kilde_leverandoer": "LUDUS", "system_id": "afproever", "kodesaet": COSA,
                "kode": kode, "kode_version": 1, "annullering": False, "annulleret": False,
            }  # fmt: skip


def measured(url: str, folder: Path) -> tuple[float, int, int]:
    """Make an extract in a process of its own; return its seconds, resident memory in KiB and bytes on disk."""
    command = [sys.executable, "-m", "udb", "statistics", "extract", "--date", str(DAY), "--format", "csv.gz"]
    environment = os.environ | {"UDB_DATABASE_URL": url, "UDB_DATA": str(folder.parent), "UDB_UDTRAEK_NOEGLE_X": _KEY}
    began, most = time.monotonic(), 0
    with subprocess.Popen([*command, "--out", str(folder)], env=environment, stdout=subprocess.DEVNULL) as running:
        while running.poll() is None:
            # Of the running program alone: what wait says also counts this process, of which it was a copy.
            most = max(most, _highest(running.pid))
            time.sleep(_PAUSE)
    if running.returncode:
        raise SystemExit(running.returncode)
    return time.monotonic() - began, most, sum(path.stat().st_size for path in folder.iterdir())


def _highest(pid: int) -> int:
    """Return the most resident memory that a process has had, in KiB; 0 when it has ended."""
    try:
        found = re.search(r"^VmHWM:\s*(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0
    return int(found[1]) if found else 0


def main() -> int:
    """Run and print; return 1 when memory or time grow by more than they may."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--database", choices=["postgresql", "sqlite"], default="postgresql")
    given = parser.parse_args()
    typer.echo(f"machine: {os.cpu_count()} cores, {platform.machine()}, load average {os.getloadavg()[0]:.1f}")
    found = []
    for events in (given.events // TENTH, given.events):
        with tempfile.TemporaryDirectory(prefix="udb-bench-") as folder, database(given.database, folder) as url:
            engine = make_engine(url, bulk=True)
            build(engine, events)
            engine.dispose()
            found.append(measured(url, Path(folder) / "udtraek"))
        seconds, memory, size = found[-1]
        typer.echo(f"{events} events: {seconds:.1f} s, {memory / 1024:.0f} MiB, {size / 1e6:.1f} MB on disk")
    (before, small, _), (after, large, _) = found
    typer.echo(f"memory: {large / small:.2f} times, time: {after / before:.1f} times")
    return large > MOST_MEMORY * small or after > MOST_TIME * before
