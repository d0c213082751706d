"""The service on a database and the model beside it: whatever happens, happens to both; every answer is compared."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import Engine, delete, select

from tests.model import service as model
from tests.model.jobcenter import end_if_over
from tests.model.words import Cancellation, Event, Institution, Youth, holds_on, shipped_rows
from tests.model.words import World as Model
from tests.support.world import SYSTEM, World
from udb.context import Context
from udb.domain.call import Call
from udb.domain.clock import danish_date
from udb.domain.cpr import birth_date
from udb.domain.haendelse import Indberetning
from udb.domain.receipt import Receipt, Resultat
from udb.domain.services import ALL_SERVICES
from udb.indberetning.take import take_report
from udb.serve.paalaeg_watch import end_due
from udb.settings import Settings
from udb.store.engine import writing
from udb.store.tables import call_key, dataaftale, haendelse, metadata, person

EMPTIED = [
    table
    for table in reversed(metadata.sorted_tables)
    if any(key.column is person.c.id or key.column is haendelse.c.nummer for key in table.foreign_keys)
    or table in {person, call_key}
]
"""What is about a youth, and the keys of calls."""
ROWS = shipped_rows()
NOWHERE = "999999"
"""Has a dataaftale and is in no register."""


class Stage:
    """One database for many sequences; ``begin`` empties it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.context = Context(engine, Settings(sandbox=True))
        self.world = World(engine)
        self.world.build()
        self.world.add(dataaftale, system_id=SYSTEM, service=ALL_SERVICES, institution_nummer=NOWHERE)
        self.calls = count(1)
        self.registered: dict[str, Institution] = {}

    def begin(self, institutions: Iterable[Institution]) -> None:
        """These institutions, nobody, and nothing reported."""
        with writing(self.engine) as connection:
            for table in EMPTIED:
                connection.execute(delete(table))
        self.model = Model(ROWS)
        self.sent: list[tuple[Indberetning, str, Receipt]] = []
        self.told: list[str] = []
        self.persons: dict[Youth, int] = {}
        for one in institutions:
            self.model.institutions[one.nummer] = replace(one)
            self._register(one)

    def clock(self, now: datetime) -> None:
        self.now = now
        self.told.append(f"clock {now}")
        self.world.clock(now.isoformat())

    @property
    def today(self) -> date:
        return danish_date(self.now)

    def valid_today(self, content: dict[str, Any]) -> bool:
        """Whether the formaal that is named, if any, holds today."""
        if "cosa_formaal" not in content:
            return True
        rows = self.model.code_rows("cosa_formaal", content["cosa_formaal"], str(content["cosa_formaal_version"]))
        return any(holds_on(row, self.today) for row in rows)

    def institution(self, nummer: str, **changed: Any) -> None:
        """News of an institution."""
        known = self.model.institutions[nummer]
        for name, value in changed.items():
            setattr(known, name, value)
        self.told.append(f"institution {nummer} {changed}")
        self._register(known)

    def _register(self, one: Institution) -> None:
        """What the register does not yet say."""
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

    def youth(self, cprnr: str, status: str, kommune: str) -> Youth:
        """A new youth, or news of one."""
        self.told.append(f"youth {cprnr} {status} {kommune}")
        number = self.world.person(cprnr, status=status, kommune=kommune)
        known = self.model.youth(cprnr)
        if known is None:
            known = Youth(cprnr, _born(cprnr), status, kommune, {cprnr})
            self.model.youths.append(known)
            self.persons[known] = number
        known.status, known.kommune = status, kommune
        return known

    def change_number(self, youth: Youth, cprnr: str) -> None:
        self.told.append(f"{youth.cprnr} becomes {cprnr}")
        self.world.change_number(youth.cprnr, cprnr)
        model.change_number(self.model, youth, cprnr, _born(cprnr))

    def job(self) -> None:
        """The background job ends the subscriptions that are over; until it runs, reports are judged as if it had."""
        self.told.append("job")
        over = [end_if_over(self.model, youth.cprnr, self.today) for youth in self.model.youths]
        ended = [event for event in over if event is not None]
        assert end_due(self.engine) == len(ended)
        for event in ended:
            event.nummer = event.place = self.world.latest_order(self.persons[event.youth])

    def report(self, said: Indberetning) -> Receipt:
        """Send a report under a new call key, compare, and let the model take what was accepted."""
        expected = self._expected(said)
        transaction = str(next(self.calls))
        receipt = self._send(said, transaction)
        self.sent.append((said, transaction, receipt))
        self._compare(expected, receipt)
        assert (receipt.haendelse_nummer is not None) == (expected.accepted and expected.event)
        if expected.accepted:
            if expected.event:
                self._named(expected, receipt)
            model.take(self.model, said, expected, self.today, receipt.haendelse_nummer, receipt.forloeb_id)
            self._further_cancellations()
        return receipt

    def ask(self, said: Indberetning) -> None:
        """The same, only to be judged: told the same, and nothing is left of it."""
        expected = self._expected(said)
        receipt = self._send(said, str(next(self.calls)), validate_only=True)
        self._compare(expected, receipt)
        assert (receipt.haendelse_nummer, receipt.forloeb_id) == (None, None)

    def send_again(self, said: Indberetning, transaction: str, before: Receipt, other: Indberetning) -> None:
        """An accepted call's key once more: with the same content the same receipt, with other content 9001
        beside whatever else is found in it.
        """
        assert self._send(said, transaction) == before
        if other != said:
            found = self._expected(other).found | {"9001": set()}
            self._compare(model.Expected(found), self._send(other, transaction))

    def _expected(self, said: Indberetning) -> model.Expected:
        expected = model.expect(self.model, said, self.today)
        self.told.append(f"    expected: {sorted(expected.found)}, the ForloebId of {expected.names}")
        return expected

    def _send(self, said: Indberetning, transaction: str, *, validate_only: bool = False) -> Receipt:
        call = Call("sekvens", SYSTEM, said.service, said.service, said.institution_nummer, transaction, validate_only)
        self.told.append(f"{transaction}{' validate' if validate_only else ''} {brief(said)}")
        receipt = take_report(self.context, call, said)
        told = [line.fejl_kode for line in receipt.fejl]
        self.told.append(f"    -> {receipt.resultat} {told} {receipt.haendelse_nummer} {receipt.forloeb_id}")
        return receipt

    def _compare(self, expected: model.Expected, receipt: Receipt) -> None:
        assert {line.fejl_kode for line in receipt.fejl} == set(expected.found)
        assert [line.fejl_kode for line in receipt.fejl] == sorted(expected.found)
        assert (receipt.resultat is Resultat.ACCEPTERET) == expected.accepted
        for line in receipt.fejl:
            assert (line.alvor == "Bloed") == (line.fejl_kode in model.BLOED)
            allowed: set[str | None] = {*expected.found[line.fejl_kode]} or {None}
            assert line.vedroerer_haendelse_nummer in allowed

    def _named(self, expected: model.Expected, receipt: Receipt) -> None:
        numbers = [event.nummer for event in self.model.events] + [one.nummer for one in self.model.cancellations]
        assert receipt.haendelse_nummer is not None
        assert all(number < receipt.haendelse_nummer for number in numbers)
        if expected.nameless:
            assert receipt.forloeb_id is None
        elif expected.names is not None:
            assert receipt.forloeb_id == expected.names.forloeb_id
        else:
            used = {event.forloeb_id for event in self.model.events}
            assert receipt.forloeb_id is not None
            assert receipt.forloeb_id not in used

    def _further_cancellations(self) -> None:
        """A report and what repeats it are cancelled together; each has a cancellation of its own."""
        known = {one.of for one in self.model.cancellations}
        missing = [event for event in self.model.events if event.cancelled and event not in known]
        if not missing:
            return
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(haendelse.c.nummer, haendelse.c.annulleret_haendelse_nummer).where(
                    haendelse.c.annulleret_haendelse_nummer.in_([event.nummer for event in missing])
                )
            ).all()
        for row in rows:
            event = self.model.numbered(row.annulleret_haendelse_nummer)
            assert event is not None
            self.model.cancellations.append(Cancellation(row.nummer, event))
            missing.remove(event)
        assert missing == []

    def story(self) -> str:
        """What happened so far."""
        return "\n".join(["", *self.told])


def _born(cprnr: str) -> date:
    born = birth_date(cprnr, invented_allowed=True)
    assert born is not None
    return born


def brief(said: Indberetning) -> str:
    """A report in one line, without what it does not say."""
    parts = [
        f"{name}={getattr(said, name)}"
        for name in Indberetning.__slots__
        if name != "service" and getattr(said, name) not in {None, (), False}
    ]
    return f"{said.service} {' '.join(parts)}"


def numbers(events: list[Event]) -> set[str]:
    return {event.nummer for event in events}
