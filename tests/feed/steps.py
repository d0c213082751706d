"""The steps of the interleavings: the service's own steps of a report, of a move and of a fetch, and a naive way of
drawing numbers to compare with.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, Engine, delete, insert, select, update

from tests.support.reports import ANNA, BO
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World
from udb.access.clauses import Recipient
from udb.callers import systems
from udb.domain.call import Call
from udb.domain.clock import midnight
from udb.domain.haendelse import UDDANNELSE, Haendelse
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import Kodesaet
from udb.domain.services import DATA_TIL_KOMMUNE, UNGDOMSUDDANNELSE
from udb.hentning import feed, queries
from udb.store import state
from udb.store.access_changes import note_gained, note_gained_at
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.events import add_event, new_rows
from udb.store.numbers import PENDING, draw
from udb.store.persons import lock_person
from udb.store.sql.line import Line
from udb.store.sql.together import add_rows_and_commit
from udb.store.tables import counter, feed_gained, feed_position, haendelse, hentet, person, system
from udb.store.visible import refresh

HOME, ELSEWHERE = (KOMMUNE, "101"), (OTHER_KOMMUNE, "751")
TODAY: Final = date(2026, 8, 10)
_NOON: Final = datetime(2026, 8, 10, 12, tzinfo=UTC)
PAGE: Final = 1000

Step = Callable[[], None]


class TwoYouths:
    """A world with two youths, cleared between orders.

    ``committed``: the committed event numbers, each with its youth. ``ends``: how many transactions have ended.
    """

    def __init__(self, world: World, *, naive: bool = False) -> None:
        self.engine: Engine = world.engine
        self.naive = naive
        self.committed: dict[str, str] = {}
        self.home = {ANNA: HOME, BO: HOME}
        self.ids = {cprnr: world.person(cprnr) for cprnr in (ANNA, BO)}
        with reading(self.engine) as connection:
            self.codes: Kodesaet = load_codes(connection)
        self.start = ""
        self.ends = 0

    def clear(self, connection: Connection, anna: tuple[str, str] = HOME) -> None:
        """Delete all events and positions; ``anna``: where ANNA lives."""
        self.committed = {}
        self.home = {ANNA: anna, BO: HOME}
        for table in (hentet, feed_position, feed_gained, haendelse):
            connection.execute(delete(table))
        connection.execute(update(person).where(person.c.cprnr == ANNA).values(kommunekode=anna[1]))
        self.start = event_number(int(connection.execute(select(counter.c.last)).scalar_one()))
        connection.commit()

    def report(self, connection: Connection, cprnr: str, *, commits: bool = True, short: bool = False) -> list[Step]:
        """Return a report's steps, in the order in which the service takes them (``tests/feed/test_order.py``).

        The naive report draws first and holds nothing. ``short``: begin and insert, which neither wait nor are waited
        for, are joined with the step after and the step before.
        """
        drawn: list[int] = []

        def begin() -> None:
            connection.begin()
            state.now(connection)

        def lock() -> None:
            assert lock_person(connection, cprnr)

        def take_number() -> None:
            drawn.append(self._draw(connection))

        def store() -> None:
            add_event(connection, self.ids[cprnr], _event(drawn[0], cprnr))

        def end() -> None:
            if commits:
                connection.commit()
                self.committed[event_number(drawn[0])] = cprnr
            else:
                connection.rollback()
            self.ends += 1

        if self.naive:
            return [take_number, in_turn(lock, store), end]
        if short:
            return [in_turn(begin, lock), in_turn(take_number, store), end]
        return [begin, lock, take_number, store, end]

    def report_at_once(self, line: Line, cprnr: str) -> list[Step]:
        """Return the steps of a report whose number, row and commit are one message."""

        def begin() -> None:
            line.begin()
            state.now(line)

        def lock() -> None:
            assert lock_person(line, cprnr)

        def store_and_end() -> None:
            rows = new_rows(line, self.ids[cprnr], _event(PENDING, cprnr))
            number = add_rows_and_commit(line, rows, state.now(line), self.codes.edition)
            line.commit()
            self.committed[event_number(number)] = cprnr
            self.ends += 1

        return [begin, lock, store_and_end]

    def move(self, connection: Connection, to: tuple[str, str]) -> list[Step]:
        """Return the steps of ANNA's move, as an import of the CPR register does it, joined as in a short report."""
        drawn: list[int] = []
        anna = self.ids[ANNA]

        def begin() -> None:
            connection.begin()
            state.now(connection)

        def lock() -> None:
            assert lock_person(connection, ANNA)

        def change() -> None:
            connection.execute(update(person).where(person.c.id == anna).values(kommunekode=to[1]))
            refresh(connection, [anna], self.codes)

        def draw_early() -> None:
            drawn.append(self._draw(connection))

        def note() -> None:
            if self.naive:
                note_gained_at(connection, [anna], event_number(drawn[0]))
            else:
                note_gained(connection, [anna], state.now(connection))

        def end() -> None:
            connection.commit()
            self.home[ANNA] = to
            self.ends += 1

        if self.naive:
            return [draw_early, in_turn(lock, change, note), end]
        return [in_turn(begin, lock), in_turn(change, note), end]

    def _draw(self, connection: Connection) -> int:
        if not self.naive:
            return draw(connection, state.now(connection))[0]
        # A sequence is like this: a drawn number is gone at once, whenever the transaction ends.
        self.ends += 1
        with writing(self.engine) as alone:
            return draw(alone, state.now(alone))[0]

    def visible(self, kommune: tuple[str, str]) -> list[str]:
        """Return the committed events of those who live in a kommune now."""
        return sorted(nummer for nummer, cprnr in self.committed.items() if self.home[cprnr] == kommune)


def in_turn(*steps: Step) -> Step:
    """Join several steps to one."""

    def go() -> None:
        for step in steps:
            step()

    return go


def _event(number: int, cprnr: str) -> Haendelse:
    return Haendelse(
        nummer=event_number(number),
        plads=event_number(number),
        art=UDDANNELSE,
        cprnr=cprnr,
        service=UNGDOMSUDDANNELSE,
        institution_nummer=GYMNASIUM,
        hovedinstitution=GYMNASIUM,
        haendelse_dato=TODAY,
        registreringstid=_NOON,
        kilde_leverandoer="LUDUS",
        status=1,
        vist=True,
        vises_under_25=True,
    )


@dataclass
class ByNumber:
    """Readers by number of kommune 101 that ask at any moment and follow their cursor.

    What such a reader gets follows from its cursor and the moment alone, so readers with equal cursors and equal
    reading are counted as one.
    """

    connection: Connection
    readers: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._caller = Recipient(KOMMUNE, TODAY, "101")
        self._call = Call("", "", DATA_TIL_KOMMUNE, "HentHaendelser", KOMMUNE, "")

    def begin(self, cursor: str) -> None:
        """Begin with this cursor and nothing read, for all readers."""
        self.readers = {(cursor, ())}

    def read(self) -> None:
        """Let every reader both read and not read at this moment."""
        self.readers |= {self._after(*reader) for reader in self.readers}

    def read_all(self) -> set[tuple[str, ...]]:
        """Let all readers read; return all that each has received."""
        self.readers = {self._after(*reader) for reader in self.readers}
        return {seen for _, seen in self.readers}

    def _after(self, cursor: str, seen: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        page = queries.page(self.connection, queries.AFTER[True], self._call, self._caller, PAGE, nummer=cursor)
        self.connection.commit()
        assert not page.more
        return page.committed, (*seen, *(event.nummer for event in page.events))


@dataclass
class AllNew:
    """A system of a kommune that fetches without criterion."""

    connection: Connection
    system: str
    kommune: tuple[str, str]
    given: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        nummer, kode = self.kommune
        self._caller = Recipient(nummer, TODAY, kode)
        self._call = Call("", self.system, DATA_TIL_KOMMUNE, "HentHaendelser", nummer, "")

    def read(self) -> list[str]:
        """Fetch; return what was new."""
        call = self._call
        before = feed.lock_position(self.connection, call, TODAY)
        page = queries.page(self.connection, queries.NEW[True], call, self._caller, PAGE, **asdict(before))
        feed.mark_fetched(self.connection, call, page, midnight(TODAY), given=True)
        feed.move_position(self.connection, call, feed.after_page(before, page, TODAY))
        self.connection.commit()
        new = [event.nummer for event in page.events]
        self.given += new
        return new


def add_systems(engine: Engine, count: int) -> list[str]:
    """Add systems that fetch; return their ids."""
    names = [f"laeser{i}" for i in range(count)]
    with writing(engine) as connection:
        connection.execute(insert(system), [systems.row(name, name, "en-noegle-til-laesere") for name in names])
    return names
