"""Compute the right values of the columns by which a page finds a kommune's events, event by event: ``hjemkommune``,
``skolekommune`` and the days on which the feed may show it.
"""

from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, Row, false, func, not_, or_, select

from udb.access.clauses import TABLES, Recipient, feed_events
from udb.access.index_conditions import index_conditions
from udb.domain.persons import KOMMUNE_TYPE, RESIDENT
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.store.engine import reading
from udb.store.tables import haendelse, institution, kodesaet, person

Found = tuple[str | None, str | None, date | None, date | None]


def out_of_step(connection: Connection) -> dict[str, tuple[Found, Found]]:
    """Return the events whose columns are wrong: the stored values and the right ones."""
    persons = {row.id: row for row in connection.execute(select(person))}
    sets = connection.execute(select(kodesaet).where(kodesaet.c.saet == "institutionstyper"))
    efterskoler = {row.kode for row in sets if row.egenskaber["efterskole"] == "1"}
    schools = {row.nummer: row for row in connection.execute(select(institution))}
    wrong = {}
    histories: dict[int, list[Row[Any]]] = {}
    for event in connection.execute(select(haendelse)):
        histories.setdefault(event.person_id, []).append(event)
    for event in (event for events in histories.values() for event in events):
        youth, school = persons[event.person_id], schools.get(event.institution_nummer)
        home = youth.kommunekode if youth.status in RESIDENT else None
        of_school = None
        if school is not None and event.til_10 and event.service != KOMMUNE_AKTIVITET:
            has_school_kommune = (
                home is not None and school.type3 not in efterskoler and school.beliggenhedskommune != home
            )
            of_school = school.beliggenhedskommune if has_school_kommune else None
        stored = (event.hjemkommune, event.skolekommune, event.synlig_fra, event.synlig_til)
        right = (home, of_school, *_shown(event, youth, histories[event.person_id]))
        if stored != right:
            wrong[event.nummer] = (stored, right)
    return wrong


def _shown(event: Row[Any], youth: Row[Any], history: list[Row[Any]]) -> tuple[date | None, date | None]:
    """Return the first day on which the clauses A3 to A6 and A9 show an event, and the first on which no longer."""
    young = _shows(event, youth, history, youth.turns_15)
    old = _shows(event, youth, history, youth.turns_25)
    begins = youth.turns_15 if young else youth.turns_25 if old else None
    return begins, youth.turns_30 if old else youth.turns_25 if young else None


def _shows(event: Row[Any], youth: Row[Any], history: list[Row[Any]], today: date) -> bool:
    if event.annullering:
        return True
    if today < youth.turns_25:
        return event.vist and (event.i_fuldfoert or not any(one.fuldfoerer and one.i_fuldfoert for one in history))
    before = [
        one
        for one in history
        if one.fuldfoerer in {"erhvervskompetencegivende", "videregaaende"}
        and (one.haendelse_dato, one.nummer) < (event.haendelse_dato, event.nummer)
    ]
    return event.vist and event.haendelse_dato >= youth.turns_25 and not before


def assert_found(engine: Engine, today: date) -> None:
    """Check that an index condition finds every event that the clauses show a kommune on a day."""
    with reading(engine) as connection:
        places = connection.execute(select(institution).where(institution.c.type3 == KOMMUNE_TYPE)).all()
        for place in places:
            caller = Recipient(place.nummer, today, place.administrerende_kommune)
            found = func.coalesce(or_(*index_conditions(engine.dialect.name, caller)), false())
            missed = select(haendelse.c.nummer).select_from(TABLES).where(feed_events(caller), not_(found))
            assert connection.execute(missed).all() == [], place.nummer


def assert_in_step(engine: Engine) -> None:
    """Check that every event of the database has the right kommuner and days."""
    with reading(engine) as connection:
        assert out_of_step(connection) == {}
