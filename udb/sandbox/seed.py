"""``udb sandbox seed``: make a whole invented world in one transaction.

It is the same for the same parameters on every database.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, delete, func, insert, literal, select, update

from udb.domain.bopael import OPEN, UNKNOWN
from udb.domain.clock import DANISH
from udb.domain.errors import UdbRefused
from udb.domain.haendelse import JOBCENTER as JOBCENTER_ART
from udb.domain.haendelse import OPTAGET, PAALAEG, UDDANNELSE, Haendelse
from udb.domain.identifiers import event_number, forloeb_id, next_number
from udb.domain.kodesaet import REGISTER, Kodesaet
from udb.domain.services import JOBCENTER
from udb.domain.visibility import FIELDS as VISIBILITY
from udb.domain.visibility import Visibility, visibility
from udb.imports.types_edition import prepare
from udb.rulebook import examples
from udb.sandbox import callers, clock, copies, mark, people, places, rulebook_world
from udb.sandbox.draft import Course, Draft
from udb.sandbox.life import World
from udb.sandbox.lives import live
from udb.sandbox.numberchange import change_number
from udb.sandbox.subscriptions import store_subscriptions
from udb.store import state
from udb.store.codes import load_codes
from udb.store.engine import writing
from udb.store.locks import one_import_at_a_time, one_sealing_at_a_time
from udb.store.tables import (
    bopael,
    certifikat,
    counter,
    cprnummer,
    dataaftale,
    dataaftale_anmodning,
    haendelse,
    haendelse_raad,
    institution,
    kodesaet,
    metadata,
    person,
    system,
)
from udb.store.tables import state as state_table
from udb.store.tables.types import Instant

BATCH: Final = 1000
KEPT: Final = frozenset({kodesaet, system, certifikat, dataaftale, dataaftale_anmodning, state_table})
"""Tables that a new world keeps: code sets, and the systems that users made with their certificates and dataaftaler."""
NEW_NUMBER_SHARE: Final = 0.01
WAKING_HOUR: Final = time(8)

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and how much there is."""


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a world. ``dato``: its today; None takes real time and the real day."""

    unge: int
    seed: int = 1
    dato: date | None = None

    @property
    def now(self) -> datetime | None:
        """The sandbox's time at the beginning; None for real time."""
        return None if self.dato is None else datetime.combine(self.dato, WAKING_HOUR, DANISH)


def seed(engine: Engine, parameters: Parameters, progress: Progress) -> dict[str, int]:
    """Delete the sandbox's data and make the world of the parameters; return how many youths and events it has.

    The youths of the rule book's examples come on top and are not counted.

    One transaction: half a world is never visible, and when it fails the old one remains. Raises UdbRefused when the
    database holds data and was not made by the sandbox, or has no code sets.
    """
    with writing(engine) as connection:
        one_import_at_a_time(connection)
        mark.claim(connection)
        if not load_codes(connection).edition:
            raise UdbRefused("The database has no code sets. Run: udb migrate")
        clock.set_clock(connection, parameters.now)
        today = clock.now(connection).date()
        copies.drop(connection)
        one_sealing_at_a_time(connection)
        empty(connection)
        prepare(connection, REGISTER).store(connection)
        codes = load_codes(connection)
        rows = places.institutions(codes, today)
        registered = [*rows, *rulebook_world.institutions()]
        connection.execute(insert(institution), registered)
        _store_callers(connection, parameters.seed, registered, datetime.combine(today, WAKING_HOUR, DANISH))
        drafts = _store_people(connection, parameters, World(places.Places(rows), codes), today, progress)
        drafts.sort(key=lambda draft: (draft.registered, draft.person_id))
        _store_events(connection, drafts, codes, {row["nummer"]: row["hovedinstitution"] for row in rows}, progress)
        store_subscriptions(connection, drafts)
        made = {**asdict(parameters), "dato": parameters.dato and parameters.dato.isoformat()}
        state.write(connection, mark.SANDBOX, made)
        progress("copying", 0, 1)
        copies.make(connection)
        progress("copying", 1, 1)
        return {"unge": parameters.unge, "haendelser": len(drafts)}


def empty(connection: Connection) -> None:
    """Remove everything but ``KEPT``, and set the counter back to 0."""
    for table in reversed(metadata.sorted_tables):
        if table not in KEPT and table is not counter:
            connection.execute(delete(table))
    connection.execute(update(counter).values(last="0"))


def _store_callers(connection: Connection, number: int, institutions: list[dict[str, Any]], made: datetime) -> None:
    rows, agreements = callers.callers(number, institutions, made)
    known = {row["id"] for row in rows}
    for table in (dataaftale, dataaftale_anmodning, certifikat):
        connection.execute(delete(table).where(table.c.system_id.in_(known)))
    connection.execute(delete(system).where(system.c.id.in_(known)))
    connection.execute(insert(system), rows)
    connection.execute(insert(dataaftale), agreements)


def _store_people(
    connection: Connection, parameters: Parameters, world: World, today: date, progress: Progress
) -> list[Draft]:
    rng = random.Random(parameters.seed)  # noqa: S311 - a world that can be made again, no secret
    numbers = people.Numbers(rng, examples.numbers())
    invented = people.invent(rng, numbers, parameters.unge, world.places.kommuner, today)
    drafts: list[Draft] = []
    done = 0
    while batch := list(islice(invented, BATCH)):
        rows, known = [], []
        for one in batch:
            live(rng, world, one.youth)
            known.append({"cprnr": one.youth.cprnr, "person_id": one.youth.person_id})
            row = one.row
            if rng.random() < NEW_NUMBER_SHARE:
                new = numbers.draw(one.born)
                if change_number(rng, one.youth, new):
                    row = row | {"cprnr": new}
                    known.append({"cprnr": new, "person_id": one.youth.person_id})
            rows.append(row)
            drafts += one.youth.drafts
        connection.execute(insert(person), rows)
        connection.execute(insert(cprnummer), known)
        done += len(batch)
        progress("inventing youths", done, parameters.unge)
    own = list(rulebook_world.persons(parameters.unge + 1))
    connection.execute(insert(person), own)
    connection.execute(insert(cprnummer), [{"cprnr": row["cprnr"], "person_id": row["id"]} for row in own])
    _continue_after(connection, person, parameters.unge + len(own))
    since = (literal(UNKNOWN), literal(OPEN), literal(datetime.combine(today, WAKING_HOUR, DANISH), Instant()))
    homes = select(person.c.id, person.c.status, person.c.kommunekode, *since).order_by(person.c.id)
    names = ["person_id", "status", "kommunekode", "fra", "til", "registreret"]
    connection.execute(insert(bopael).from_select(names, homes))
    return drafts


def _continue_after(connection: Connection, table: Table, highest: int) -> None:
    """Let PostgreSQL draw ids after ``highest``; SQLite does so by itself."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), highest)))


def _store_events(
    connection: Connection, drafts: list[Draft], codes: Kodesaet, mains: Mapping[str, str], progress: Progress
) -> None:
    last = 0
    for draft in drafts:
        last = next_number(draft.registered, last)
        draft.number = event_number(last)
        draft.place = draft.repeats.place if draft.repeats else draft.number
        if draft.course.forloeb_id is None and not draft.course.is_subscription:
            concerned = draft.concerns.course.forloeb_id if draft.concerns else None
            draft.course.forloeb_id = concerned or forloeb_id(last)
        if draft.cancels is not None:
            draft.cancels.cancelled = True
        if draft.repeats is not None:
            draft.repeats.repeated = True
    seen = _visibilities(drafts, codes, mains)
    for begin in range(0, len(drafts), BATCH):
        batch = drafts[begin : begin + BATCH]
        connection.execute(insert(haendelse), [_row(draft) | seen[draft.number]._asdict() for draft in batch])
        advice = [{"nummer": draft.number, "fejl_kode": code} for draft in batch for code in draft.advice]
        if advice:
            connection.execute(insert(haendelse_raad), advice)
        progress("writing events", begin + len(batch), len(drafts))
    connection.execute(update(counter).values(last=str(last)))


def _visibilities(drafts: list[Draft], codes: Kodesaet, mains: Mapping[str, str]) -> dict[str, Visibility]:
    histories: dict[int, list[Haendelse]] = {}
    for draft in drafts:
        row = _row(draft)
        event = Haendelse(**{name: row[name] for name in _FIELDS}, hovedinstitution=mains[row["institution_nummer"]])
        histories.setdefault(draft.person_id, []).append(event)
    return {number: one for events in histories.values() for number, one in visibility(events, codes).items()}


def _art(course: Course) -> str:
    if course.service != JOBCENTER:
        return UDDANNELSE
    return PAALAEG if course.is_subscription else JOBCENTER_ART


_FIELDS: Final = {field.name for field in fields(Haendelse)} - {"hovedinstitution", *VISIBILITY}
_EMPTY: Final[dict[str, Any]] = {column.name: None for column in haendelse.columns} | {"udgaaet": False}


def _row(draft: Draft) -> dict[str, Any]:
    course = draft.course
    is_cancellation = draft.cancels is not None
    source = draft.cancels or draft
    return {
        **_EMPTY,
        "frafaldstruet_markering": False if draft.status == OPTAGET else None,
        **course.fields,
        **draft.extra,
        "nummer": draft.number,
        "plads": draft.place,
        "art": _art(course),
        "person_id": draft.person_id,
        "cprnr": source.cprnr,
        "service": course.service,
        "forloeb_id": course.forloeb_id,
        "gentager": draft.repeats.number if draft.repeats else None,
        "gentaget": draft.repeated,
        "institution_nummer": course.institution,
        "haendelse_dato": draft.dato,
        "registreringstid": draft.registered,
        "status": draft.status,
        "kilde_leverandoer": course.source,
        "vedroerer_haendelse_nummer": draft.concerns.number if draft.concerns else None,
        "annullering": is_cancellation,
        "annulleret_haendelse_nummer": draft.cancels.number if draft.cancels else None,
        "annulleret": draft.cancelled,
    }
