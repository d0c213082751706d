"""The youth's own overview: everything about the own person, with what is needed to read it. No log, no overview."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError

from udb.access.own_institution import kommune_of
from udb.access.own_person import CLAUSE, kept_whole
from udb.context import Context
from udb.domain.call import Call
from udb.domain.kodesaet import Kodesaet
from udb.hentning.own.stored import OwnEvent, Rows, Stored, stored
from udb.readlog.entries import NO_PERSON, log_read
from udb.readlog.lookup import Reading, alone_in, readings
from udb.store import state
from udb.store.engine import refused_by, writing
from udb.store.persons import ids_of
from udb.store.responsible import Responsible, responsible
from udb.store.tables import institution, person, system
from udb.store.tables.indkomst import indkomstmaaned


@dataclass(frozen=True, slots=True)
class Names:
    """Names by number or id, of what the overview mentions; ``functions``: who answers for an institution's data."""

    institutions: Mapping[str, str]
    systems: Mapping[str, str]
    functions: Mapping[str, Responsible]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All about one person, at ``now`` by the domain's clock.

    ``person``: the row of the register. ``home``: the institution number of the kommune where the person lives, None
    without one. ``delivered``: the last day of the latest month that eIndkomst has delivered. ``readings``: the rows
    of the read log, the earliest first, without the one of this overview; ``alone``: the ids of
    those that name no other person.
    """

    now: datetime
    codes: Kodesaet
    person: Mapping[str, Any]
    events: Sequence[OwnEvent]
    rows: Mapping[str, Rows]
    readings: Sequence[Reading]
    alone: Collection[int]
    names: Names
    home: str | None
    delivered: date | None

    @property
    def today(self) -> date:
        """The domain's day."""
        return self.now.date()


def own_overview(context: Context, call: Call, person_id: int | None) -> Overview | None:
    """Return everything about the person of a session, once its row in the read log is committed.

    ``person_id``: None when the register does not know the person's number; the answer is None then, and when there is
    no such person any more. Raises DatabaseUnavailable, also when the read log takes no rows.
    """
    with writing(context.engine) as connection:
        found = kept_whole(connection, person_id) if person_id is not None else None
        if found is None:
            _log(connection, call, NO_PERSON, None)
            return None
        # What the page shows is of before its own row: the next one counts it.
        overview = _overview(connection, context, found)
        _log(connection, call, found, CLAUSE)
    return overview


def _overview(connection: Connection, context: Context, person_id: int) -> Overview:
    clock = state.read(connection, state.SANDBOX_CLOCK) if context.settings.sandbox else None
    now = state.domain_now(clock)
    row = dict(connection.execute(select(person).where(person.c.id == person_id)).mappings().one())
    about = stored(connection, person_id)
    ids = ids_of(connection, person_id)
    seen = readings(connection, ids)
    home = kommune_of(connection, row["kommunekode"], now.date()) if row["kommunekode"] is not None else None
    return Overview(
        now=now,
        codes=context.codes.get(connection, state.read(connection, state.CODE_EDITION) or 0),
        person=row,
        events=about.events,
        rows=about.rows,
        readings=seen,
        alone=alone_in(connection, ids),
        names=_names(connection, about, seen, home, now.date()),
        home=home,
        delivered=connection.execute(_LATEST_MONTH).scalar(),
    )


_LATEST_MONTH = (
    select(indkomstmaaned.c.maaned)
    .where(indkomstmaaned.c.leveret.is_not(None))
    .order_by(indkomstmaaned.c.maaned.desc())
    .limit(1)
)


def _log(connection: Connection, call: Call, person_id: int, clause: str | None) -> None:
    try:
        log_read(connection, call, [person_id], clause=clause)
    except DBAPIError as error:
        # Whatever the reason: without its row there is no answer.
        raise refused_by(error.orig) from error


def _names(connection: Connection, about: Stored, seen: Sequence[Reading], home: str | None, today: date) -> Names:
    numbers = {*_numbers(about), *(one.institution_nummer for one in seen)} | ({home} if home else set())
    ids = {*(one.system_id for one in about.events), *(one.system_id for one in seen)}
    ids |= {row.get("system_id") for rows in about.rows.values() for row in rows}
    of_schools = select(institution.c.nummer, institution.c.navn).where(institution.c.nummer.in_(sorted(numbers)))
    of_systems = select(system.c.id, system.c.navn).where(system.c.id.in_(sorted(filter(None, ids))))
    return Names(
        {row.nummer: row.navn for row in connection.execute(of_schools)},
        {row.id: row.navn for row in connection.execute(of_systems)},
        responsible(connection, today, numbers),
    )


def _numbers(about: Stored) -> Iterator[str]:
    for one in about.events:
        yield one.event.institution_nummer
    for rows in about.rows.values():
        for row in rows:
            for name in ("institution_nummer", "modtager"):
                if name in row:
                    yield row[name]
