"""Read the diplomas of Eksamensdatabasen."""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, func, select

from udb.domain.bevis import Bevis, Beviser
from udb.store.tables import institution
from udb.store.tables.beviser import eksamensbevis, eksamenslevering

_MAIN = func.coalesce(institution.c.hovedinstitution, eksamensbevis.c.institution_nummer)


def delivered_to(connection: Connection) -> date | None:
    """Return the day up to which all diplomas are delivered; None when there has been no delivery."""
    til: date | None = connection.execute(select(func.max(eksamenslevering.c.til))).scalar_one()
    return til


def beviser_by_person(connection: Connection, persons: Collection[int]) -> dict[int, Beviser]:
    """Return all diplomas of each of some persons, by person id."""
    til = delivered_to(connection)
    found: dict[int, list[Bevis]] = {person: [] for person in persons}
    query = (
        select(eksamensbevis.c.person_id, eksamensbevis.c.cosa_formaal, _MAIN, eksamensbevis.c.dato)
        .outerjoin(institution, institution.c.nummer == eksamensbevis.c.institution_nummer)
        .where(eksamensbevis.c.person_id.in_(persons))
    )
    for person, *bevis in connection.execute(query):
        found[person].append(Bevis(*bevis))
    return {person: Beviser(til, tuple(beviser)) for person, beviser in found.items()}
