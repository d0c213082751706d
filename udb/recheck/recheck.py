"""Judge all stored events by the rules of a day, one person at a time."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from udb.domain.bevis import Beviser
from udb.domain.clock import danish_date
from udb.domain.haendelse import Haendelse, Indberetning
from udb.domain.kodesaet import Kodesaet
from udb.domain.persons import Institution, Person
from udb.recheck.rebuild import NOT_KEPT, reports
from udb.rules.facts import Facts
from udb.rules.rule import Alvor
from udb.rules.runner import evaluate
from udb.store.beviser import beviser_by_person
from udb.store.codes import load_codes
from udb.store.engine import reading
from udb.store.events import events_by_person
from udb.store.persons import institutions, persons_with_events
from udb.store.tables import haendelse, haendelse_raad

BATCH: Final = 200
"""How many persons are in memory at a time."""

Done = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """One event that would be judged differently.

    ``before``: the advice it was accepted with. ``refused``: whether its report would be refused now.
    """

    nummer: str
    service: str
    registreret: date
    before: tuple[str, ...]
    now: tuple[str, ...]
    refused: bool

    def to_json(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return asdict(self)


@dataclass(slots=True)
class Summary:
    """How many events were judged, and per code how many findings came and went."""

    events: int = 0
    changed: int = 0
    came: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)

    def add(self, change: Change) -> None:
        """Count one change."""
        self.changed += 1
        self.came.update(set(change.now) - set(change.before))
        self.went.update(set(change.before) - set(change.now))

    def by_code(self) -> list[dict[str, Any]]:
        """Return one row for each code with a change."""
        codes = sorted(self.came.keys() | self.went.keys())
        return [{"code": code, "came": self.came[code], "went": self.went[code]} for code in codes]


def count(engine: Engine) -> int:
    """Return how many events there are."""
    with reading(engine) as connection:
        return connection.execute(select(func.count()).select_from(haendelse)).scalar_one()


def recheck(
    engine: Engine, day: date, summary: Summary, *, invented_cpr_allowed: bool, done: Done = lambda _: None
) -> Iterator[Change]:
    """Yield the events that the rules of ``day`` would judge differently, by person; fill ``summary`` on the way.

    Codes hold by the event date, as always (rules.md 4), in the code sets as they are now. ``done``: called with the
    number of events just checked. Memory does not grow with the number of events.
    """
    with reading(engine) as connection:
        codes = load_codes(connection)
        known = institutions(connection)
    last = 0
    while True:
        with reading(engine) as connection:
            batch = persons_with_events(connection, after=last, limit=BATCH)
            events, beviser, advice = _stored(connection, batch)
        if not batch:
            return
        for person in batch:
            rebuilt = reports(
                person,
                events[person.id],
                known,
                codes,
                beviser=beviser[person.id],
                invented_cpr_allowed=invented_cpr_allowed,
            )
            yield from _changes(rebuilt, advice, day, summary)
            done(len(events[person.id]))
        last = batch[-1].id


def recheck_persons(
    connection: Connection,
    persons: Sequence[Person],
    day: date,
    codes: Kodesaet,
    known: Mapping[str, Institution],
    *,
    invented_cpr_allowed: bool,
) -> Iterator[tuple[Person, Change]]:
    """Yield the events of some persons that the rules of ``day`` would judge differently, each with its person."""
    events, beviser, advice = _stored(connection, persons)
    for person in persons:
        found = reports(
            person,
            events[person.id],
            known,
            codes,
            beviser=beviser[person.id],
            invented_cpr_allowed=invented_cpr_allowed,
        )
        yield from ((person, change) for change in _changes(found, advice, day, Summary()))


def _stored(
    connection: Connection, persons: Sequence[Person]
) -> tuple[dict[int, list[Haendelse]], dict[int, Beviser], dict[str, set[str]]]:
    ids = [person.id for person in persons]
    return events_by_person(connection, ids), beviser_by_person(connection, ids), _advice(connection, ids)


def _changes(
    rebuilt: Iterable[tuple[Haendelse, Indberetning, Facts]],
    advice: Mapping[str, Iterable[str]],
    day: date,
    summary: Summary,
) -> Iterator[Change]:
    for event, report, facts in rebuilt:
        summary.events += 1
        not_kept = NOT_KEPT.get(event.art, frozenset())
        findings = [found for found in evaluate(report, facts, by_rules_of=day) if found.code not in not_kept]
        now = tuple(finding.code for finding in findings)
        before = tuple(sorted(set(advice.get(event.nummer, ())) - not_kept))
        if now != before:
            refused = any(finding.alvor is Alvor.HAARD for finding in findings)
            change = Change(event.nummer, event.service, danish_date(event.registreringstid), before, now, refused)
            summary.add(change)
            yield change


def _advice(connection: Connection, persons: list[int]) -> dict[str, set[str]]:
    query = (
        select(haendelse_raad.c.nummer, haendelse_raad.c.fejl_kode)
        .join(haendelse, haendelse.c.nummer == haendelse_raad.c.nummer)
        .where(haendelse.c.person_id.in_(persons))
    )
    found: dict[str, set[str]] = {}
    for nummer, code in connection.execute(query):
        found.setdefault(nummer, set()).add(code)
    return found
