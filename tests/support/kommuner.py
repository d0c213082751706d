"""Compute the right values of the columns ``hjemkommune`` and ``skolekommune``, event by event."""

from sqlalchemy import Connection, Engine, select

from udb.domain.persons import RESIDENT
from udb.domain.services import KOMMUNE_AKTIVITET
from udb.store.engine import reading
from udb.store.tables import haendelse, institution, kodesaet, person

Kommuner = tuple[str | None, str | None]


def out_of_step(connection: Connection) -> dict[str, tuple[Kommuner, Kommuner]]:
    """Return the events whose columns are wrong: the stored values and the right ones."""
    persons = {row.id: row for row in connection.execute(select(person))}
    sets = connection.execute(select(kodesaet).where(kodesaet.c.saet == "institutionstyper"))
    efterskoler = {row.kode for row in sets if row.egenskaber["efterskole"] == "1"}
    schools = {row.nummer: row for row in connection.execute(select(institution))}
    wrong = {}
    for event in connection.execute(select(haendelse)):
        youth, school = persons[event.person_id], schools.get(event.institution_nummer)
        home = youth.kommunekode if youth.status in RESIDENT else None
        of_school = None
        if school is not None and event.til_10 and event.service != KOMMUNE_AKTIVITET:
            has_school_kommune = (
                home is not None and school.type3 not in efterskoler and school.beliggenhedskommune != home
            )
            of_school = school.beliggenhedskommune if has_school_kommune else None
        stored = (event.hjemkommune, event.skolekommune)
        if stored != (home, of_school):
            wrong[event.nummer] = (stored, (home, of_school))
    return wrong


def assert_in_step(engine: Engine) -> None:
    """Check that every event of the database has the right kommuner."""
    with reading(engine) as connection:
        assert out_of_step(connection) == {}
