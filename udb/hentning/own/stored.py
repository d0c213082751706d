"""Read every row about one person; the clause A14 decides which these are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Table, select

from udb.access.own_person import a14_of_own_event, a14_own
from udb.domain.haendelse import Haendelse
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.tables import (
    abonnement,
    bopael,
    cprnummer,
    egen_kontakt,
    feed_gained,
    haendelse,
    haendelse_raad,
    hentet,
    kontakt,
    kontakt_historik,
    modtagelse,
    onske,
    opslag,
    person_merged,
    ung_liste,
    web_session,
)
from udb.store.tables.beviser import eksamensbevis
from udb.store.tables.indkomst import WAITING, indkomstserie
from udb.store.tables.log import read_log_person

Rows = Sequence[Mapping[str, Any]]

OF_THE_PERSON: Final[Mapping[Table, tuple[str, ...]]] = {
    bopael: ("fra", "id"),
    kontakt: ("art", "institution_nummer"),
    kontakt_historik: ("fra", "id"),
    egen_kontakt: ("kilde",),
    onske: ("institution_nummer", "art", "nr"),
    abonnement: ("startdato",),
    eksamensbevis: ("dato", "institution_nummer"),
    modtagelse: ("tid", "id"),
    indkomstserie: ("fra",),
    cprnummer: ("cprnr",),
}
"""The tables whose rows about a person are shown, each with the columns it is ordered by; the events come by
themselves.
"""
OF_AN_EVENT: Final[Mapping[Table, tuple[str, ...]]] = {
    haendelse_raad: ("nummer", "fejl_kode"),
    hentet: ("nummer", "hentet_system", "modtager"),
    opslag: ("nummer", "tid", "institution_nummer"),
}
"""The tables whose rows about a person's events are shown."""
LEFT_OUT: Final = (
    person_merged,  # The ids that the read log is looked up under.
    read_log_person,  # The index of the read log, whose rows are shown.
    feed_gained,  # Where readers look at a person's events again.
    web_session,  # The session that asks.
    ung_liste,  # What a job works out of all this for the order of the kommune's list.
    *WAITING,  # Months that are not calculated yet.
)
"""Tables with a ``person_id`` that say nothing more about the person."""
HIDDEN: Final = frozenset({"id", "person_id", "transaction_id"})
"""Columns that are not shown: ids of ours, and the caller's id of a call, which may hold anything."""


@dataclass(frozen=True, slots=True)
class OwnEvent:
    """An event; ``system_id``: the system that sent it, None when no system did or none is known."""

    event: Haendelse
    system_id: str | None


@dataclass(frozen=True, slots=True)
class Stored:
    """Every row about a person: the events in ascending number, and the rows of the other tables by name."""

    events: Sequence[OwnEvent]
    rows: Mapping[str, Rows]


def by_number(rows: Rows) -> Mapping[str, Rows]:
    """Return rows of a table of OF_AN_EVENT by the event's number, in their order."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["nummer"], []).append(row)
    return found


def stored(connection: Connection, person_id: int) -> Stored:
    """Return every row about a person that is stored now."""
    rows = {table.name: _rows(connection, table, a14_own(table, person_id), by) for table, by in OF_THE_PERSON.items()}
    for table, by in OF_AN_EVENT.items():
        rows[table.name] = _rows(connection, table, a14_of_own_event(table, person_id), by)
    return Stored(_events(connection, person_id), rows)


def _events(connection: Connection, person_id: int) -> list[OwnEvent]:
    query = select(haendelse.c.system_id, *EVENT_COLUMNS).select_from(WITH_REPORTER)
    of_person = query.where(a14_own(haendelse, person_id)).order_by(haendelse.c.nummer)
    return [OwnEvent(as_event(row), system_id) for system_id, *row in connection.execute(of_person)]


def _rows(connection: Connection, table: Table, condition: Any, by: Sequence[str]) -> Rows:
    columns = [column for column in table.c if column.name not in HIDDEN]
    query = select(*columns).where(condition).order_by(*(table.c[name] for name in by))
    return [dict(row) for row in connection.execute(query).mappings()]
