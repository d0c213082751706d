"""Number order is commit order (docs/architecture.md, decision 1): two writers, a move and readers, in every order of
their steps.

No reader ever misses an event. With numbers that are drawn early and without a lock, readers do.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from tests.feed.interleavings import Actor, Explorer, Step, threads
from tests.feed.steps import ELSEWHERE, HOME, AllNew, ByNumber, TwoYouths, add_systems
from tests.support.reports import ANNA, BO
from tests.support.world import World
from udb.store import migrate
from udb.store.engine import make_engine
from udb.store.sql.line import Line


@dataclass
class Theatre:
    """Connections, threads and readers' systems that a test makes once for all its orders."""

    world: World
    stack: ExitStack
    connections: dict[str, Connection] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.threads = self.stack.enter_context(threads("ABM"))
        for name in ("A", "B", "M", "reader", "watch"):
            made = Line(self.world.engine) if name in "AB" else self.world.engine.connect()
            self.connections[name] = self.stack.enter_context(made)
        self.reader = self.connections["reader"]
        self.connections["watch"].execution_options(isolation_level="AUTOCOMMIT")
        self.systems = add_systems(self.world.engine, 8)
        self.explorer = Explorer(self.connections["watch"])

    def actor(self, name: str, steps: Callable[[Connection], Sequence[Step]]) -> Actor:
        return Actor(name, self.connections[name], steps(self.connections[name]), self.threads[name])


@pytest.fixture
def theatre(world: World) -> Iterator[Theatre]:
    with ExitStack() as stack:
        yield Theatre(world, stack)


def missed_by_number(
    theatre: Theatre, youths: TwoYouths, second: str, *, commits: bool = True, at_once: str = ""
) -> int:
    """Return in how many orders a reader by number, asking at any moment, missed something.

    ``at_once``: the writers whose number, row and commit are one message.
    """
    missed = 0
    reader = ByNumber(theatre.reader)

    def steps(name: str, cprnr: str, *, commits: bool) -> Callable[[Connection], Sequence[Step]]:
        def found(connection: Connection) -> Sequence[Step]:
            if name not in at_once:
                return youths.report(connection, cprnr, commits=commits)
            assert isinstance(connection, Line)
            return youths.report_at_once(connection, cprnr)

        return found

    def scene() -> list[Actor]:
        youths.clear(theatre.reader)
        reader.begin(youths.start)
        return [
            theatre.actor("A", steps("A", ANNA, commits=True)),
            theatre.actor("B", steps("B", second, commits=commits)),
        ]

    for order in theatre.explorer.explore(scene, reader.read):
        there = tuple(youths.visible(HOME))
        received = reader.read_all()
        assert youths.naive or received == {there}, order
        missed += received != {there}
    return missed


@pytest.mark.parametrize(
    ("second", "commits", "orders", "waits"),
    [(BO, True, 92, 50), (BO, False, 92, 50), (ANNA, True, 36, 24), (ANNA, False, 36, 24)],
)
def test_a_reader_by_number_misses_nothing(
    theatre: Theatre, *, second: str, commits: bool, orders: int, waits: int
) -> None:
    """Two writers' begin, lock, draw, insert, and commit or rollback; a read before and after every one of them."""
    assert missed_by_number(theatre, TwoYouths(theatre.world), second, commits=commits) == 0
    assert (theatre.explorer.orders, theatre.explorer.waits, theatre.explorer.given_up) == (orders, waits, 0)


@pytest.mark.parametrize(
    ("at_once", "second", "orders", "waits"),
    [("AB", BO, 20, 0), ("A", BO, 56, 25), ("AB", ANNA, 14, 6), ("A", ANNA, 25, 15)],
)
def test_a_reader_by_number_misses_nothing_that_is_drawn_stored_and_committed_at_once(
    theatre: Theatre, *, at_once: str, second: str, orders: int, waits: int
) -> None:
    assert missed_by_number(theatre, TwoYouths(theatre.world), second, at_once=at_once) == 0
    assert (theatre.explorer.orders, theatre.explorer.waits, theatre.explorer.given_up) == (orders, waits, 0)


def test_a_naive_feed_loses_events_by_number(theatre: Theatre) -> None:
    lost = missed_by_number(theatre, TwoYouths(theatre.world, naive=True), BO)
    assert (theatre.explorer.orders, theatre.explorer.waits) == (20, 0)
    assert lost == theatre.explorer.orders, "every order has a moment between a draw and its commit"


def missed_after_a_move(theatre: Theatre, youths: TwoYouths, second: str | None) -> int:
    """Return in how many orders readers without criterion missed an event, or received another's event or one event
    twice.

    ANNA moves here while A reports about her, and B about ``second``. What a reader receives depends on what is
    committed, so readers read before the first step and after each end: one reads at every such moment, and for each
    moment there is one more that reads only then and at the end.
    """
    missed = 0
    readers: list[AllNew] = []
    steady: list[AllNew] = []
    ended: list[int] = []

    def scene() -> list[Actor]:
        youths.clear(theatre.reader, anna=ELSEWHERE)
        ended[:] = [-1]
        steady[:] = [AllNew(theatre.reader, theatre.systems[7], kommune) for kommune in (HOME, ELSEWHERE)]
        readers.clear()
        actors = [
            theatre.actor("A", lambda connection: youths.report(connection, ANNA, short=True)),
            theatre.actor("M", lambda connection: youths.move(connection, HOME)),
        ]
        if second is not None:
            actors.append(theatre.actor("B", lambda connection: youths.report(connection, second, short=True)))
        return actors

    def look() -> None:
        if ended[0] == youths.ends:
            return
        ended[0] = youths.ends
        for reader in steady:
            new_to_it = [number for number in youths.visible(reader.kommune) if number not in reader.given]
            assert youths.naive or reader.read() == new_to_it
        readers.append(AllNew(theatre.reader, theatre.systems[len(readers)], HOME))
        readers[-1].read()

    for order in theatre.explorer.explore(scene, look):
        there = youths.visible(HOME)
        for reader in (*readers, steady[0]):
            reader.read()
        wrong = [reader.given for reader in (*readers, steady[0]) if sorted(reader.given) != there]
        assert youths.naive or not wrong, order
        missed += bool(wrong)
    return missed


@pytest.mark.parametrize(("second", "orders", "given_up"), [(BO, 228, 40), (ANNA, 54, 18)])
def test_a_youth_who_moves_between_two_reports_takes_everything_along(
    theatre: Theatre, second: str, orders: int, given_up: int
) -> None:
    """Lock, draw and insert, commit of two writers; lock, change and note, commit of the move; readers without
    criterion.
    """
    assert missed_after_a_move(theatre, TwoYouths(theatre.world), second) == 0
    assert (theatre.explorer.orders, theatre.explorer.given_up) == (orders, given_up)


def test_a_naive_feed_loses_events_of_one_who_moves(theatre: Theatre) -> None:
    assert missed_after_a_move(theatre, TwoYouths(theatre.world, naive=True), None) == 14
    assert (theatre.explorer.orders, theatre.explorer.given_up) == (14, 0)


def test_on_sqlite_a_second_writer_cannot_even_begin(tmp_path: Path) -> None:
    """So the only orders have one writer after the other, with readers in between."""
    url = f"sqlite:///{tmp_path / 'udb.sqlite'}"
    migrate.upgrade(url)
    engine = make_engine(url, ventetid=0)
    world = World(engine)
    world.build()
    youths = TwoYouths(world)
    with engine.connect() as a, engine.connect() as b, engine.connect() as reader:
        for first, second, cprnr in ((a, b, BO), (b, a, ANNA)):
            youths.clear(reader)
            by_number = ByNumber(reader)
            by_number.begin(youths.start)
            for writer in (first, second):
                writer.execution_options(udb_write=True)
            other = youths.report(second, cprnr)
            for step in youths.report(first, ANNA):
                by_number.read()
                step()
                if first.in_transaction():
                    with pytest.raises(OperationalError, match="database is locked"):
                        other[0]()
                    second.rollback()
            for step in other:
                by_number.read()
                step()
            assert by_number.read_all() == {tuple(youths.visible(HOME))}
            assert len(youths.committed) == 2
    engine.dispose()
