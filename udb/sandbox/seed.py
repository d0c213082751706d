"""``udb sandbox seed``: make a whole invented world in one transaction.

It is the same for the same parameters on every database.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Engine, delete, insert, literal, select, update

from udb.domain.bopael import OPEN, UNKNOWN
from udb.domain.clock import DANISH
from udb.domain.errors import UdbRefused
from udb.domain.haendelse import JOBCENTER as JOBCENTER_ART
from udb.domain.haendelse import KONTAKTTID, OPTAGET, PAALAEG, UDDANNELSE, Haendelse
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
from udb.sandbox.past import history, rule_check, schools
from udb.sandbox.past.history import Past
from udb.sandbox.past.rows import continue_after
from udb.sandbox.subscriptions import store_subscriptions
from udb.statistics.quality import kept
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
    """The parameters of a world. ``dato``: its today; None takes real time and the real day.

    ``historie``: with a past (``udb.sandbox.past``).
    """

    unge: int
    seed: int = 1
    dato: date | None = None
    historie: bool = False

    @property
    def now(self) -> datetime | None:
        """The sandbox's time at the beginning; None for real time."""
        return None if self.dato is None else datetime.combine(self.dato, WAKING_HOUR, DANISH)


def seed(engine: Engine, parameters: Parameters, progress: Progress) -> dict[str, int]:
    """Delete the sandbox's data and make the world of the parameters; return how many youths and events it has.

    The youths of the rule book's examples, and those of a past's plants, come on top and are not counted.

    One transaction: half a world is never visible, and when it fails the old one remains. A past is judged again after
    it, for the rule check. Raises UdbRefused when the
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
        registered = [*rows, *rulebook_world.institutions(), *(schools.institutions() if parameters.historie else ())]
        connection.execute(insert(institution), registered)
        _store_callers(connection, parameters, registered, datetime.combine(today, WAKING_HOUR, DANISH))
        world = World(places.Places(rows), codes)
        drafts, past = _store_people(connection, parameters, world, registered, today, progress)
        drafts.sort(key=lambda draft: (draft.registered, draft.person_id))
        mains = {row["nummer"]: row["hovedinstitution"] for row in registered}
        _store_events(connection, drafts, codes, mains, progress)
        store_subscriptions(connection, drafts)
        of_income = past.store(connection, drafts, progress) if past else 0
        made = {**asdict(parameters), "dato": parameters.dato and parameters.dato.isoformat()}
        if not parameters.historie:
            del made["historie"]
        state.write(connection, mark.SANDBOX, made)
        if past:
            past.store_reads(connection)
            past.store_figures(connection, progress)
        progress("copying", 0, 1)
        copies.make(connection)
        progress("copying", 1, 1)
    if past:
        rule_check.keep_check(engine, progress)
    return {"unge": parameters.unge, "haendelser": len(drafts) + of_income}


def empty(connection: Connection) -> None:
    """Remove everything but ``KEPT``, and set the counter back to 0."""
    for table in reversed(metadata.sorted_tables):
        if table not in KEPT and table is not counter:
            connection.execute(delete(table))
    connection.execute(update(counter).values(last="0"))
    kept.forget(connection)
    rule_check.forget_check(connection)


def _store_callers(
    connection: Connection, parameters: Parameters, institutions: list[dict[str, Any]], made: datetime
) -> None:
    more = schools.agreements() if parameters.historie else ()
    rows, agreements = callers.callers(parameters.seed, institutions, made, more)
    known = {row["id"] for row in rows}
    for table in (dataaftale, dataaftale_anmodning, certifikat):
        connection.execute(delete(table).where(table.c.system_id.in_(known)))
    connection.execute(delete(system).where(system.c.id.in_(known)))
    connection.execute(insert(system), rows)
    connection.execute(insert(dataaftale), agreements)


def _store_people(
    connection: Connection,
    parameters: Parameters,
    world: World,
    institutions: list[dict[str, Any]],
    today: date,
    progress: Progress,
) -> tuple[list[Draft], Past | None]:
    """Store all persons; return the reports about them, and the past if there is to be one."""
    rng = random.Random(parameters.seed)  # noqa: S311 - a world that can be made again, no secret
    numbers = people.Numbers(rng, examples.numbers())
    invented = people.invent(rng, numbers, parameters.unge, world.places.kommuner, today)
    drafts: list[Draft] = []
    kept: list[people.Invented] = []
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
            if parameters.historie:
                kept.append(replace(one, row=row))
        connection.execute(insert(person), rows)
        connection.execute(insert(cprnummer), known)
        done += len(batch)
        progress("inventing youths", done, parameters.unge)
    own = list(rulebook_world.persons(parameters.unge + 1))
    highest = parameters.unge + len(own)
    past: Past | None = None
    if parameters.historie:
        past = history.begin(parameters.seed, world, numbers, kept, institutions, today, highest + 1)
        planted = past.plants.invented
        own += [one.row for one in planted]
        highest += len(planted)
        drafts += [draft for one in planted for draft in one.youth.drafts]
        past.name_systems(drafts)
    connection.execute(insert(person), own)
    connection.execute(insert(cprnummer), [{"cprnr": row["cprnr"], "person_id": row["id"]} for row in own])
    continue_after(connection, person, highest)
    _store_homes(connection, today)
    continue_after(connection, bopael, highest)
    if past:
        past.move(connection, highest)
    return drafts, past


def _store_homes(connection: Connection, today: date) -> None:
    """Store for each person that the present address holds since an unknown day."""
    since = (literal(UNKNOWN), literal(OPEN), literal(datetime.combine(today, WAKING_HOUR, DANISH), Instant()))
    homes = select(person.c.id, person.c.id, person.c.status, person.c.kommunekode, *since).order_by(person.c.id)
    names = ["id", "person_id", "status", "kommunekode", "fra", "til", "registreret"]
    connection.execute(insert(bopael).from_select(names, homes))


def _store_events(
    connection: Connection, drafts: list[Draft], codes: Kodesaet, mains: Mapping[str, str], progress: Progress
) -> None:
    last = 0
    for draft in drafts:
        last = next_number(draft.registered, last)
        draft.number = event_number(last)
        draft.place = draft.repeats.place if draft.repeats else draft.number
        if draft.course.forloeb_id is None and not (draft.course.is_subscription or draft.course.is_contact_time):
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
    if course.is_contact_time:
        return KONTAKTTID
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
        "kilde_leverandoer": course.source,
        "system_id": draft.system,
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
        "vedroerer_haendelse_nummer": draft.concerns.number if draft.concerns else None,
        "afbrud_haendelse_nummer": draft.afbrud.number if draft.afbrud else None,
        "annullering": is_cancellation,
        "annulleret_haendelse_nummer": draft.cancels.number if draft.cancels else None,
        "annulleret": draft.cancelled,
    }
