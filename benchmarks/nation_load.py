"""A peak day in August: reports, 98 kommuner that poll in both kinds, look-ups, and one system that catches up with
everything by number. The time of each call counts from the moment it was due.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import count, cycle
from typing import Final
from uuid import uuid4

from sqlalchemy import insert, select

from benchmarks.callers import fetch, post, report
from benchmarks.land import kommuner
from benchmarks.nation_build import KOMMUNER, LARGEST
from benchmarks.tasks import TODAY
from tests.support.world import GYMNASIUM, SYSTEM
from udb.domain.identifiers import event_number
from udb.domain.services import DATA_TIL_KOMMUNE, UNGDOMSUDDANNELSE
from udb.store.engine import make_engine, writing
from udb.store.tables import counter, feed_position, person

CALLERS: Final = 16
POLLED_EVERY: Final = 10.0
"""Seconds between a kommune's polls of each kind."""
LOOK_UPS: Final = 2.0
"""Look-ups per second."""
REPORT, BY_NUMBER, NEW, LOOK_UP = "report", "poll by number", "poll for what is new", "look-up"
PERCENTILES: Final = (50, 95, 99)


@dataclass
class Course:
    """The record: seconds by kind of call, and the events that the catching up received in how many seconds."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    given: int = 0
    caught_up: float = 0.0

    def percentiles(self, kind: str) -> list[float]:
        """Return the percentiles of a kind of call, in milliseconds."""
        ordered = sorted(self.seconds[kind])
        return [ordered[min(len(ordered) * one // 100, len(ordered) - 1)] * 1000 for one in PERCENTILES]


def run(bind: str, url: str, seconds: float, reports_a_second: float) -> Course:
    """Run everything at once for this many seconds; the catching up may take longer."""
    engine = make_engine(url)
    there = kommuner(KOMMUNER)
    with writing(engine) as connection:
        last = event_number(int(connection.execute(select(counter.c.last)).scalar_one()))
        query = select(person.c.cprnr, person.c.kommunekode).where(
            person.c.turns_18 <= TODAY, person.c.turns_25 > TODAY
        )
        # From the other end than the measured reports.
        youths = connection.execute(
            query.order_by(person.c.id.desc()).limit(int(seconds * reports_a_second) + 1000)
        ).all()
        told = {"system_id": SYSTEM, "seen": last, "gained": last, "day": TODAY}
        connection.execute(insert(feed_position), [{**told, "modtager": one.nummer} for one in there])
    engine.dispose()
    by_code = {one.kode: one.nummer for one in there}
    cursors = {one.nummer: last for one in there}

    def tell(cprnr: str) -> None:
        report(bind, UNGDOMSUDDANNELSE, {"CPRNr": cprnr, **_OPTAG}, str(uuid4()))

    def follow(nummer: str) -> None:
        page = fetch(bind, nummer, str(uuid4()), HaendelseNummer=cursors[nummer])
        cursors[nummer] = page.highest or cursors[nummer]

    def ask_new(nummer: str) -> None:
        fetch(bind, nummer, str(uuid4()))

    def look_up(cprnr: str, kommunekode: str) -> None:
        fetch(bind, by_code[kommunekode], str(uuid4()), CPRNr=cprnr)

    kinds: dict[str, tuple[float, Iterator[Callable[[], object]]]] = {
        REPORT: (1 / reports_a_second, (partial(tell, row.cprnr) for row in youths)),
        BY_NUMBER: (POLLED_EVERY / KOMMUNER, (partial(follow, one.nummer) for one in cycle(there))),
        NEW: (POLLED_EVERY / KOMMUNER, (partial(ask_new, one.nummer) for one in cycle(there))),
        LOOK_UP: (1 / LOOK_UPS, (partial(look_up, row.cprnr, row.kommunekode) for row in youths)),
    }
    course = Course({kind: [] for kind in kinds})
    with ThreadPoolExecutor(CALLERS * len(kinds) + len(kinds) + 1) as pool:
        catching_up = pool.submit(catch_up, bind, course)
        began = time.perf_counter()
        driving = [
            pool.submit(_drive, pool, calls, every, began, seconds, course.seconds[kind])
            for kind, (every, calls) in kinds.items()
        ]
        for future in (*driving, catching_up):
            future.result()
    return course


_OPTAG: Final = {
    "InstitutionNummer": GYMNASIUM,
    "HaendelseDato": f"{TODAY}T00:00:00",
    "Status": "1",
    "KildeLeverandoer": "LUDUS",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": "2"},
    "Annullering": "false",
}


def _drive(
    pool: ThreadPoolExecutor,
    calls: Iterator[Callable[[], object]],
    every: float,
    began: float,
    seconds: float,
    took: list[float],
) -> None:
    """Start each call when it is due, however late the ones before are."""

    def timed(call: Callable[[], object], due: float) -> None:
        call()
        took.append(time.perf_counter() - due)

    waiting = []
    for at in count():
        due = began + at * every
        if at * every >= seconds:
            break
        time.sleep(max(due - time.perf_counter(), 0))
        waiting.append(pool.submit(timed, next(calls), due))
    for future in waiting:
        future.result()


def catch_up(bind: str, course: Course, kommune: str = LARGEST.nummer) -> None:
    """Fetch every event of a kommune, page by page."""
    cursor, began, more = event_number(0), time.perf_counter(), True
    while more:
        asked = {"InstitutionNummer": kommune, "HaendelseNummer": cursor}
        page = post(bind, DATA_TIL_KOMMUNE, "HentHaendelser", asked, str(uuid4()))
        course.given += sum(1 for _ in page.iterfind(".//{*}HaendelseNummer"))
        cursor = page.findtext(".//{*}HoejesteHaendelseNummer") or cursor
        more = page.findtext(".//{*}FindesFlereHaendelser") == "true"
    course.caught_up = time.perf_counter() - began
