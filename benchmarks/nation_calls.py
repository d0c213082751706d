"""The calls whose cost is compared between a small register and a nation's."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Final

from sqlalchemy import Connection, func, insert, select

from benchmarks.land import Kommune
from benchmarks.nation_build import ELSEWHERE, LARGEST, ORDINARY
from benchmarks.tasks import PAGE, SYSTEMS, TODAY, Call, Task, call_of, fetch, is_taken, system_name
from tests.support.world import GYMNASIUM
from udb.context import Context
from udb.domain.identifiers import event_number
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.sandbox.example import HF, Example, report
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import counter, feed_position, haendelse, person

REPORT: Final = Task("a report that is taken", 20, ("Resultat>Accepteret<", 1))
MIDDLE: Final = Task("1,000 events by number, in the middle", 4, (":HaendelseNummer>", 2 * PAGE))
END: Final = Task("1,000 events by number, near the end", 4, (":HaendelseNummer>", 2 * PAGE))
NEW: Final = Task("1,000 new events, in the middle", 4, (":HaendelseNummer>", 2 * PAGE))
NOTHING_AFTER: Final = Task("nothing after the number", 20, ("HaendelserUng>", 0))
NOTHING_NEW: Final = Task("nothing new", 20, ("HaendelserUng>", 0))
TASKS: Final = (REPORT, MIDDLE, END, NEW, NOTHING_AFTER, NOTHING_NEW)
FROM_THE_END: Final = 2500
"""The page begins this many events before the end: not all events of youths over 25 are visible."""
_READER: Final = 1
"""The system that has fetched everything."""


@dataclass(frozen=True, slots=True)
class Place:
    """A kommune in a register."""

    url: str
    kommune: Kommune

    def calls(self) -> dict[str, Iterator[Call]]:
        """Return the calls of each task, each made once; every page is a system's first."""
        engine = make_engine(self.url)
        context = Context(engine, Settings(sandbox=True))
        nummer = self.kommune.nummer
        with writing(engine) as connection:
            theirs = connection.execute(
                select(func.count()).where(haendelse.c.hjemkommune == self.kommune.kode)
            ).scalar_one()
            middle, end = (self._number(connection, at) for at in (theirs // 2, max(theirs - FROM_THE_END, 0)))
            last = event_number(int(connection.execute(select(counter.c.last)).scalar_one()))
            # Half of the systems fetch without criterion.
            seen = {_READER: last} | dict.fromkeys(range(SYSTEMS // 2, SYSTEMS), middle)
            rows = [
                {"system_id": system_name(i), "modtager": nummer, "seen": at, "gained": at, "day": TODAY}
                for i, at in seen.items()
            ]
            connection.execute(insert(feed_position), rows)
        by_number = iter(range(2, SYSTEMS // 2))
        return {
            REPORT.name: self._reports(context),
            MIDDLE.name: (fetch(system_name(i), nummer, HaendelseNummer=middle) for i in by_number),
            END.name: (fetch(system_name(i), nummer, HaendelseNummer=end) for i in by_number),
            NEW.name: (fetch(system_name(i), nummer) for i in range(SYSTEMS // 2, SYSTEMS)),
            NOTHING_AFTER.name: (fetch(system_name(_READER), nummer, HaendelseNummer=last) for _ in repeat(None)),
            NOTHING_NEW.name: (fetch(system_name(_READER), nummer) for _ in repeat(None)),
        }

    def _number(self, connection: Connection, at: int) -> str:
        """Return the number of the kommune's event at a place."""
        theirs = select(haendelse.c.nummer).where(haendelse.c.hjemkommune == self.kommune.kode)
        found = connection.execute(theirs.order_by(haendelse.c.nummer).offset(at).limit(1)).scalar_one()
        return str(found)

    def _reports(self, context: Context) -> Iterator[Call]:
        """Yield optag of youths of other kommuner, so that the measured pages do not grow."""
        with reading(context.engine) as connection:
            youths = connection.execute(
                select(person.c.cprnr)
                .where(person.c.turns_18 <= TODAY, person.c.turns_25 > TODAY)
                .where(person.c.kommunekode.not_in((LARGEST.kode, ORDINARY.kode)))
                # Nor youths at schools elsewhere, perhaps in this kommune: readers may look at their events again.
                .where(person.c.id % 10 != ELSEWHERE)
                .order_by(person.c.id)
                .limit(2000)
            ).scalars()
            # The two places of one register take turns.
            found = youths.all()[int(self.kommune.kode) % 2 :: 2]
        for cprnr in found:
            example = Example(cprnr, "", GYMNASIUM)
            if is_taken(context, example):
                yield call_of(system_name(0), UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, report(example, TODAY, formaal=HF))
