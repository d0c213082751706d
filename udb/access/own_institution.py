"""The institution or kommune as whose employee a person is here: by today's register."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from udb.domain.persons import KOMMUNE_TYPE
from udb.store.tables import institution


def kommune_of(connection: Connection, kommunekode: str, today: date) -> str | None:
    """Return the institution number of the open kommune with a code, None when there is none."""
    query = select(institution.c.nummer, institution.c.lukket).where(
        institution.c.type3 == KOMMUNE_TYPE,
        institution.c.administrerende_kommune == kommunekode,
        institution.c.in_register,
    )
    open_ones = (nummer for nummer, lukket in connection.execute(query) if lukket is None or lukket > today)
    return next(open_ones, None)


def is_registered(connection: Connection, nummer: str) -> bool:
    """Return whether an institution is in today's register. A closed one is: it may still cancel (rule 2002)."""
    query = select(institution.c.nummer).where(institution.c.nummer == nummer, institution.c.in_register)
    return connection.execute(query).first() is not None


def name_of(connection: Connection, nummer: str) -> str:
    """Return an institution's name by today's register; its number when it never was in one."""
    found = connection.execute(select(institution.c.navn).where(institution.c.nummer == nummer)).scalar()
    return found or nummer


@dataclass(frozen=True, slots=True)
class Kommune:
    """A kommune of the register: its kommunekode, institution number and name."""

    kode: str
    nummer: str
    navn: str


def kommuner(connection: Connection) -> Sequence[Kommune]:
    """Return all kommuner that have ever been in the register, by kommunekode."""
    row = institution.c
    query = select(row.administrerende_kommune, row.nummer, row.navn).where(
        row.type3 == KOMMUNE_TYPE, row.administrerende_kommune.is_not(None)
    )
    return [
        Kommune(kode, nummer, navn or nummer)
        for kode, nummer, navn in connection.execute(query.order_by(row.administrerende_kommune, row.nummer))
    ]
