"""When the connection to PostgreSQL breaks during a call, the caller is asked to call again, and then everything is
stored once.

Tried after every message to the server and from it, and within each.
"""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, Final

import pytest
import zeep.exceptions
from sqlalchemy import select

from tests.support.between import Between, Place, between
from tests.support.endpoint import Endpoint
from tests.support.reports import UNGDOM
from tests.support.world import KOMMUNE, World
from udb.context import Context
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.settings import Settings
from udb.store.engine import reading
from udb.store.tables import haendelse, person
from udb.wsdl.use_cases import application

FIRST: Final = 710307_5100
UNHEARD: Final = 3
"""At least so many places are after the commit and before its answer has arrived."""


class Line:
    """Calls to the service over a connection to its database that breaks at a chosen place."""

    def __init__(self, server: Between, endpoint: Endpoint, world: World) -> None:
        self.endpoint = endpoint
        self.server = server
        self._world = world
        self._youths = count(FIRST)
        self.youth = ""
        """The youth of the newest report."""

    def report(self, endpoint: Endpoint | None = None) -> Callable[[], Any]:
        """Return a call that reports on a new youth."""
        youth = self.youth = f"{next(self._youths)}"
        self._world.person(youth)
        return lambda: (endpoint or self.endpoint).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": youth}, f"key {youth}")

    def stored(self) -> list[str]:
        """Return the numbers of that youth's events."""
        query = select(haendelse.c.nummer).join(person).where(person.c.cprnr == self.youth)
        with reading(self._world.engine) as connection:
            return list(connection.execute(query).scalars())

    def breaks(self, place: Place, call: Callable[[], Any]) -> Any:
        """Break the connection at the place during the call; return its answer, or None when the call must be made
        again.
        """
        with self.server.breaking(place):
            try:
                return call()
            except zeep.exceptions.Fault as fault:
                if fault.detail.findtext(".//{*}ErrorCode") != "UDB009104":
                    raise AssertionError(place) from fault
                return None


@pytest.fixture
def line(world: World, database_url: str) -> Iterator[Line]:
    with between(database_url) as server, server.engine() as engine:
        yield Line(server, Endpoint(application(Context(engine, Settings(sandbox=True)), {})), world)


def test_a_report_whose_line_breaks_is_taken_once(line: Line) -> None:
    line.report()()
    unheard = heard = 0
    for place in line.server.places(line.report()):
        report = line.report()
        answer = line.breaks(place, report)
        stored = line.stored()
        again = report()["HaendelseNummer"]
        assert line.stored() == [again], place
        if answer is None:
            unheard += len(stored)
        else:
            heard += 1
            assert answer["HaendelseNummer"] == again, place
            assert stored == [again], place
        # The same report again takes a shorter way; the next report must find the connection as the first did.
        line.report()()
    assert unheard >= UNHEARD
    assert heard >= 1


def test_a_page_whose_line_breaks_is_given_again_and_nothing_twice(line: Line, endpoint: Endpoint) -> None:
    keys = count()

    def fetch() -> Callable[[], list[str]]:
        key = f"page {next(keys)}"
        return lambda: _numbers(line.endpoint.fetch(KOMMUNE, key))

    def new() -> str:
        return str(line.report(endpoint)()["HaendelseNummer"])

    new()
    fetch()()
    new()
    heard = 0
    for place in line.server.places(fetch()):
        number = new()
        page = fetch()
        answer = line.breaks(place, page)
        assert answer in (None, [number]), place
        heard += answer is not None
        assert page() == [number], place
        assert fetch()() == [], place
    assert heard >= 1


def _numbers(answer: Any) -> list[str]:
    return [
        event["HaendelseNummer"] for youth in answer["HaendelserUng"] for event in youth["HaendelseUddannelsesForloeb"]
    ]
