"""Wherever the line to PostgreSQL breaks in the midst of a call, the caller is told to call again, and then everything
is there, once: before, within and after every message of what is asked and of what is told.
"""

import struct
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
import zeep.exceptions

from tests.between import Between, Way, between
from tests.door import Door
from tests.indberetning.test_take import UNGDOM, count
from tests.world import KOMMUNE, World
from udb.front import application
from udb.house import House
from udb.services import UNGDOMSUDDANNELSE
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.store.tables import haendelse

FIRST: Final = 710307_5100
WITHIN: Final = 3
"""How far into a message it breaks: its length is not known yet."""
Place = tuple[Way, int, bool]
"""After how many bytes which way, and whether the server has a last word."""


class Line:
    """Calls to the service, whose line to the database breaks where it is told to."""

    def __init__(self, server: Between, door: Door) -> None:
        self.door = door
        self._server = server

    def places(self, call: Callable[[], Any]) -> list[Place]:
        """Where it can break in such a call, which is made once, on a line that has seen one."""
        before = {way: len(seen) for way, seen in self._server.handed_on.items()}
        call()
        places: list[Place] = []
        for way, seen in self._server.handed_on.items():
            for start in _messages(bytes(seen[before[way] :])):
                places += [(way, start, True), (way, start, False), (way, start + WITHIN, False)]
        return places

    def breaks(self, place: Place, call: Callable[[], Any]) -> Any:
        """What the call is answered there; None: that it is to be made again."""
        way, after, last_word = place
        self._server.break_off_after(way, after, last_word=last_word)
        try:
            return call()
        except zeep.exceptions.Fault as fault:
            if fault.detail.findtext(".//{*}ErrorCode") != "UDB009104":
                raise AssertionError(place) from fault
            return None
        finally:
            self._server.hold()


def _messages(stream: bytes) -> Iterator[int]:
    """Where each begins: a letter, and the length of what follows."""
    start = 0
    while start < len(stream):
        yield start
        start += 1 + struct.unpack_from("!i", stream, start + 1)[0]
    assert start == len(stream)


@pytest.fixture
def line(database_url: str) -> Iterator[Line]:
    with between(database_url) as server:
        engine = make_engine(server.url)
        yield Line(server, Door(application(House(engine, Settings(sandbox=True)), {})))
        engine.dispose()


def _report(world: World, door: Door) -> Callable[[], Any]:
    """A report of a youth whom nobody has reported on."""
    youth = f"{FIRST + count(world.engine, haendelse)}"
    world.person(youth)
    return lambda: door.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": youth}, f"key {youth}")


def test_a_report_whose_line_breaks_is_taken_once(line: Line, world: World) -> None:
    _report(world, line.door)()
    for place in line.places(_report(world, line.door)):
        taken = count(world.engine, haendelse)
        report = _report(world, line.door)
        broken = line.breaks(place, report)
        again = report()
        assert again["Resultat"] == "Accepteret"
        assert broken is None or broken["HaendelseNummer"] == again["HaendelseNummer"], place
        assert count(world.engine, haendelse) == taken + 1, place


def test_a_page_whose_line_breaks_is_given_again_and_nothing_twice(line: Line, world: World, door: Door) -> None:
    keys = iter(range(10**6))

    def fetch() -> Callable[[], list[str]]:
        key = f"page {next(keys)}"
        return lambda: _numbers(line.door.fetch(KOMMUNE, key))

    def told() -> list[str]:
        _report(world, door)()
        return fetch()()

    told()
    for place in line.places(told):
        number = _report(world, door)()["HaendelseNummer"]
        page = fetch()
        assert line.breaks(place, page) in (None, [number]), place
        assert page() == [number], place
    assert fetch()() == []


def _numbers(answer: Any) -> list[str]:
    return [
        event["HaendelseNummer"] for youth in answer["HaendelserUng"] for event in youth["HaendelseUddannelsesForloeb"]
    ]
