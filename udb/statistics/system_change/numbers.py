"""The file "Hændelsesnumre til det nye system": what a cancellation needs, for each report that stands (V 1.4)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Connection, not_, or_, select

from udb.access.own_registrations import CLAUSE as A13
from udb.access.own_reports import CLAUSE as A12
from udb.domain.forloeb import all_forloeb
from udb.domain.haendelse import Haendelse
from udb.statistics.system_change.announced import Change
from udb.statistics.system_change.stock import is_kommune, own_events, places_of
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.tables import haendelse

COLUMNS: Final = (
    *("CPRNr", "InstitutionNummer", "Tjeneste", "Kode", "KodeVersion", "DatoOptag", "Slut", "HaendelseDato", "Status"),
    *("HaendelseNummer", "ForloebId", "ElevTrin", "KlasseTrin", "KlasseType", "KlasseNavn"),
)
MOST: Final = 100_000
"""The most lines of one file."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The file. ``lines``: values of COLUMNS; ``persons``: ids of those it is about; ``clause``: that gives access.

    ``too_many``: there are more than MOST, and the file is empty: it can be had for one institution at a time.
    """

    lines: list[tuple[object, ...]] = field(repr=False)
    persons: frozenset[int]
    clause: str
    too_many: bool = False


def numbers(connection: Connection, change: Change, institution_nummer: str | None = None) -> Numbers:
    """Return the numbers of the reports that stand at the institution that changes, by youth and forløb.

    ``institution_nummer``: only those of one institution under it.
    """
    places = places_of(connection, change)
    clause = A13 if is_kommune(places, change) else A12
    if institution_nummer is not None and institution_nummer not in places:
        return Numbers([], frozenset(), clause)
    query = (
        select(haendelse.c.person_id, *EVENT_COLUMNS)
        .select_from(WITH_REPORTER)
        .where(own_events(change, places), not_(or_(haendelse.c.annulleret, haendelse.c.gentaget)))
        .order_by(haendelse.c.person_id, haendelse.c.nummer)
        .limit(MOST + 1)
    )
    if institution_nummer is not None:
        query = query.where(haendelse.c.institution_nummer == institution_nummer)
    rows = connection.execute(query).all()
    if len(rows) > MOST:
        return Numbers([], frozenset(), clause, too_many=True)
    events: dict[int, list[Haendelse]] = {}
    for person_id, *values in rows:
        events.setdefault(person_id, []).append(as_event(values))
    lines = [line for found in events.values() for line in _lines(found)]
    return Numbers(lines, frozenset(events), clause)


def _lines(events: list[Haendelse]) -> Iterator[tuple[object, ...]]:
    for forloeb in all_forloeb(events):
        began: date | None = forloeb.dato_optag
        ended = forloeb.end.haendelse_dato if forloeb.end else None
        for event in forloeb.events:
            yield (
                *(event.cprnr, event.institution_nummer, event.service, event.kode, event.kode_version, began, ended),
                *(event.haendelse_dato, event.status, event.nummer, event.forloeb_id),
                *(event.elev_trin, event.klasse_trin, event.klasse_type, event.klasse_navn),
            )
