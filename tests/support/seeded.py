"""Seeded sandboxes for tests: make one, take its fingerprint, judge its events again by the rules in force."""

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Engine, select

from udb.domain.clock import danish_date
from udb.domain.forloeb import all_forloeb, forloeb_of
from udb.domain.haendelse import BESKAEFTIGELSE, KONTAKTTID, PAALAEG, SOCIAL_YDELSE, Haendelse, Indberetning
from udb.domain.persons import Institution, Person
from udb.domain.visibility import NOTHING
from udb.imports.kodesaet import load_shipped
from udb.indberetning.new_events import new_event
from udb.paalaeg import report as paalaeg
from udb.recheck import rebuild
from udb.rules.facts import Facts, placed
from udb.rules.rule import Alvor
from udb.rules.runner import evaluate
from udb.sandbox.seed import Parameters, seed
from udb.store.codes import load_codes
from udb.store.engine import reading, writing
from udb.store.events import events_by_person
from udb.store.persons import INSTITUTION_COLUMNS
from udb.store.tables import bopael, dataaftale, metadata, person, state
from udb.store.visible import worked_out

TODAY: Final = date(2026, 8, 10)
DRAWN: Final = {dataaftale.c.id, bopael.c.id}
"""The numbers that the database draws."""
REPORT_FIELDS: Final = {field.name for field in fields(Indberetning)}


def make(
    engine: Engine, unge: int = 300, number: int = 1, dato: date | None = TODAY, *, historie: bool = False
) -> dict[str, int]:
    """Seed a sandbox, with the code sets loaded; return what the seed returns."""
    with writing(engine) as connection:
        load_shipped(connection)
    return seed(engine, Parameters(unge, number, dato, historie), lambda *_: None)


def content(engine: Engine) -> str:
    """Return a fingerprint of all that a seed makes."""
    digest = hashlib.sha256()
    with reading(engine) as connection:
        for table in metadata.sorted_tables:
            if table is not state:
                columns = [column for column in table.columns if column not in DRAWN]
                rows = connection.execute(select(*columns)).mappings()
                for row in sorted(json.dumps(dict(row), default=str, sort_keys=True) for row in rows):
                    digest.update(row.encode())
    return digest.hexdigest()


@dataclass
class Judged:
    """What judging found: how many events, of which kinds, with which advice, and who has an uddannelsespålæg."""

    events: int = 0
    advised: set[tuple[str, str]] = field(default_factory=set)
    kinds: Counter[str] = field(default_factory=Counter)
    subscribed: set[int] = field(default_factory=set)


def judge(engine: Engine, persons: Collection[int]) -> Judged:
    """Judge all reports on these persons again, in order, by the rules in force: each is accepted, and makes its event.

    Changes of employment are no reports and are left out.
    """
    with reading(engine) as connection:
        codes = load_codes(connection)
        institutions = {row[0]: Institution(*row) for row in connection.execute(select(*INSTITUTION_COLUMNS))}
        events = events_by_person(connection, persons)
        people = {row.id: row for row in connection.execute(select(person))}
    judged = Judged()
    for person_id, stored in events.items():
        found = [event for event in stored if event.art not in {BESKAEFTIGELSE, SOCIAL_YDELSE}]
        before: list[Haendelse] = []
        for event in found:
            judged.events += 1
            now = danish_date(event.registreringstid)
            row = people[person_id]
            holder = Person(
                person_id,
                event.cprnr,
                "01",
                # A youth who has left Denmark since lived there then.
                row.kommunekode or institutions[event.institution_nummer].administrerende_kommune,
                *(row.turns_15, row.turns_18, row.turns_25, row.turns_30),
            )
            facts = Facts(
                today=now,
                invented_cpr_allowed=True,
                person=holder,
                institution=institutions[event.institution_nummer],
                codes=codes,
                events=tuple(before),
                visible=frozenset(other.nummer for other in before),
                paalaeg=has_order(before),
            )
            report = as_report(event)
            facts = placed(facts, report)
            findings = evaluate(report, facts)
            assert [f for f in findings if f.alvor is Alvor.HAARD] == [], (event, findings)
            judged.advised |= {(event.nummer, f.code) for f in findings}
            if not event.annullering:
                make_event = order_event if event.art == PAALAEG else new_event
                made = make_event(report, facts, event.registreringstid, int(event.nummer[4:]))
                assert made == replace(event, annulleret=False, gentaget=False, **NOTHING._asdict())
            standing = replace(event, annulleret=False, gentaget=False)
            before = [*(as_marked(earlier, event) for earlier in before), standing]
            judged.kinds.update(kinds_of(event))
        assert before == found
        assert worked_out(stored, codes) == stored
        for event in found:
            group = forloeb_of(event.nummer, all_forloeb(found))
            assert not event.standing or (group is None) == (event.art in {PAALAEG, KONTAKTTID})
    judged.subscribed = {person_id for person_id, found in events.items() if has_order(found)}
    return judged


KINDS = ("annullering", "gentager", "risk", "ifoelge_kommunen")


def kinds_of(event: Haendelse) -> Iterator[str]:
    """Yield the kinds of an event."""
    yield event.art
    yield from (name for name in KINDS if getattr(event, name))


def has_order(events: Iterable[Haendelse]) -> bool:
    """Return whether the events leave the youth with an uddannelsespålæg."""
    changes = [event.har_uddannelsespaalaeg for event in events if event.art == PAALAEG]
    return bool(changes and changes[-1])


def order_event(report: Indberetning, _facts: Facts, now: datetime, number: int) -> Haendelse:
    """Return the event of a job centre's subscription, as ``new_event`` does for others."""
    return paalaeg.as_event(report, now, number)


def as_marked(earlier: Haendelse, event: Haendelse) -> Haendelse:
    """Return an earlier event as a later one leaves it."""
    return replace(
        earlier,
        annulleret=earlier.annulleret or earlier.nummer == event.annulleret_haendelse_nummer,
        gentaget=earlier.gentaget or earlier.nummer == event.gentager,
    )


def as_report(event: Haendelse) -> Indberetning:
    """Return the report that made an event."""
    if event.art in {PAALAEG, KONTAKTTID}:
        return rebuild.as_report(event)
    values: dict[str, Any] = {name: value for name, value in asdict(event).items() if name in REPORT_FIELDS}
    element = {
        "cosa_formaal": "cosa_formaal",
        "forberedende_aktiviteter": "forberedende_aktivitets_kode",
        "kommune_aktiviteter": "kommune_aktivitets_kode",
        "stads": "stads_kode",
        "aktivitetsgrupper": "aktivitetsgruppe_kode",
    }.get(event.kodesaet)
    if element:
        values[element] = event.kode
    values["cosa_formaal_version"] = event.kode_version
    values["haendelse_dato"] = event.registreringstid.replace(
        year=event.haendelse_dato.year, month=event.haendelse_dato.month, day=event.haendelse_dato.day
    )
    values["haendelse_nummer"] = event.annulleret_haendelse_nummer
    return Indberetning(**values)
