"""The service on a database and the model, compared: every change is made to both."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any, Final

from sqlalchemy import Engine, Table, delete, select

from tests.model.jobcenter import end_if_over
from tests.model.service import change_number
from tests.model.words import Cancellation, Institution, Youth, shipped_rows
from tests.model.words import World as Model
from tests.support.world import World
from udb.context import Context
from udb.domain.clock import danish_date
from udb.domain.cpr import birth_date
from udb.domain.haendelse import Indberetning
from udb.serve.paalaeg_watch import end_due
from udb.settings import Settings
from udb.store.engine import writing
from udb.store.tables import haendelse, metadata

_OF_YOUTHS: Final = {"person", "haendelse", "feed_position", "fetch_key", "call_key"}
_EMPTIED: Final = tuple(
    table
    for table in reversed(metadata.sorted_tables)
    if _OF_YOUTHS & {table.name, *(key.column.table.name for key in table.foreign_keys)}
)
"""The tables of youths, of the keys of calls and of the positions in feeds, and those that refer to them."""


def empty(engine: Engine, *more: Table) -> None:
    """Delete everything about youths and calls, and all rows of more tables."""
    with writing(engine) as connection:
        for table in (*_EMPTIED, *more):
            connection.execute(delete(table))


class Stage:
    """One database for many histories; ``begin`` empties it. ``happened``: what to print when a comparison fails."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.context = Context(engine, Settings(sandbox=True))
        self.world = World(engine)
        self.world.build()
        self.rows = shipped_rows()
        self.registered: dict[str, Institution] = {}
        self.calls = count(1)

    def begin(self, institutions: Iterable[Institution]) -> None:
        """Begin with these institutions, without youths and reports."""
        empty(self.engine)
        self.model = Model(self.rows)
        self.persons: dict[Youth, int] = {}
        self.happened: list[str] = []
        for one in institutions:
            self.model.institutions[one.nummer] = replace(one)
            self._register(one)

    def clock(self, now: datetime) -> None:
        """Set the clock."""
        self.now = now
        self.happened.append(f"clock {now}")
        self.world.clock(now.isoformat())

    @property
    def today(self) -> date:
        """Return the clock's Danish day."""
        return danish_date(self.now)

    def youth(self, cprnr: str, status: str, kommune: str | None) -> Youth:
        """Add a youth to the CPR register, or change one."""
        self.happened.append(f"youth {cprnr} {status} {kommune}")
        number = self.world.person(cprnr, status=status, kommune=kommune)
        known = self.model.youth(cprnr)
        if known is None:
            known = Youth(cprnr, _born(cprnr), status, kommune, {cprnr})
            self.model.youths.append(known)
            self.persons[known] = number
        known.status, known.kommune = status, kommune
        return known

    def change_number(self, youth: Youth, cprnr: str) -> None:
        """Give a youth another number."""
        self.happened.append(f"{youth.cprnr} becomes {cprnr}")
        self.world.change_number(youth.cprnr, cprnr)
        change_number(self.model, youth, cprnr, _born(cprnr))

    def institution(self, nummer: str, **changed: Any) -> None:
        """Change an institution in the register."""
        known = self.model.institutions[nummer]
        for name, value in changed.items():
            setattr(known, name, value)
        self.happened.append(f"institution {nummer} {changed}")
        self._register(known)

    def _register(self, one: Institution) -> None:
        if self.registered.get(one.nummer) == one:
            return
        self.registered[one.nummer] = replace(one)
        self.world.institution(
            one.nummer,
            type3=one.type3,
            hovedinstitution=one.main,
            kommune=one.kommune,
            lukket=one.lukket,
            in_register=one.in_register,
        )

    def job(self) -> None:
        """Run the background job that ends subscriptions; until it runs, calls are answered as if it had."""
        self.happened.append("job")
        over = [end_if_over(self.model, youth.cprnr, self.today) for youth in self.model.youths]
        ended = [event for event in over if event is not None]
        assert end_due(self.engine) == len(ended), self.story()
        for event in ended:
            event.nummer = event.place = self.world.latest_order(self.persons[event.youth])

    def add_cancellations(self) -> None:
        """Give the model the numbers of the cancellations. A report and its repetitions are cancelled together, each by
        a cancellation of its own.
        """
        known = {one.of for one in self.model.cancellations}
        missing = {event.nummer: event for event in self.model.events if event.cancelled and event not in known}
        if not missing:
            return
        columns = (haendelse.c.nummer, haendelse.c.annulleret_haendelse_nummer)
        with self.engine.connect() as connection:
            rows = connection.execute(select(*columns).where(columns[1].in_(missing))).all()
        for row in rows:
            event = missing.pop(row.annulleret_haendelse_nummer)
            self.model.cancellations.append(Cancellation(row.nummer, event))
        assert not missing, self.story()

    def story(self, *more: object) -> str:
        """Return what happened so far, line by line."""
        return "\n".join(["", *self.happened, *map(str, more)])


def brief(said: Indberetning) -> str:
    """Return a report in one line, without its empty elements."""
    values = {name: getattr(said, name) for name in Indberetning.__slots__ if name != "service"}
    return f"{said.service} " + " ".join(
        f"{name}={value}" for name, value in values.items() if value not in {None, (), False}
    )


def _born(cprnr: str) -> date:
    born = birth_date(cprnr, invented_allowed=True)
    assert born is not None
    return born
