"""A small invented world to call the service in: persons, institutions, one system with every dataaftale, the clock."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update

from udb.callers import systems
from udb.domain.bopael import Address
from udb.domain.clock import DANISH, system_time
from udb.domain.cpr import birth_date, birthdays
from udb.domain.haendelse import PAALAEG
from udb.domain.services import ALL_SERVICES
from udb.imports.kodesaet import load_shipped
from udb.imports.merge import merge_persons
from udb.store import bopael, state
from udb.store.access_changes import note_gained
from udb.store.codes import load_codes
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import abonnement, cprnummer, dataaftale, haendelse, institution, person, system
from udb.store.visible import refresh

SYSTEM: Final = "afproever"
KEY: Final = "en-noegle-til-afproevning"
KOMMUNE: Final = "281111"
"""The institution number of kommune 101."""
OTHER_KOMMUNE: Final = "281191"
SCHOOL: Final = "449010"
GYMNASIUM: Final = "461248"
DEPARTMENT: Final = "461249"
FGU_SCHOOL: Final = "483351"
UNIVERSITY: Final = "485001"
EUD_SCHOOL: Final = "484001"
STAR: Final = "280999"

INSTITUTIONS: Final = (
    # nummer, type3, hovedinstitution, kommunekode of both administration and location
    (KOMMUNE, "KOM", KOMMUNE, "101"),
    (OTHER_KOMMUNE, "KOM", OTHER_KOMMUNE, "751"),
    ("449009", "1013", "449009", "101"),
    (SCHOOL, "1013", SCHOOL, "101"),
    (GYMNASIUM, "1061", GYMNASIUM, "101"),
    (DEPARTMENT, "1061", GYMNASIUM, "101"),
    ("483350", "1025", "483350", "101"),
    (FGU_SCHOOL, "1027", FGU_SCHOOL, "101"),
    (EUD_SCHOOL, "1071", EUD_SCHOOL, "101"),
    (UNIVERSITY, "1131", UNIVERSITY, "101"),
)


class World:
    """The registers behind the service, and changes to them; every change is committed at once."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def build(self, *, now: str = "2026-08-10T08:00:00") -> None:
        """Add the shipped code sets, INSTITUTIONS, and SYSTEM with a dataaftale for each of them; set the clock.

        A copy of a world that ``built`` has filled gets its clock set.
        """
        if not self._stands():
            with writing(self.engine) as connection:
                load_shipped(connection)
                systems.create(connection, SYSTEM, "Afprøver", KEY)
            for nummer, type3, main, kommune in INSTITUTIONS:
                self.institution(nummer, type3=type3, hovedinstitution=main, kommune=kommune)
        self.clock(now)

    def _stands(self) -> bool:
        with reading(self.engine) as connection:
            return connection.execute(select(system.c.id).where(system.c.id == SYSTEM)).first() is not None

    def clock(self, now: str) -> None:
        """Set the domain clock; without offset: Danish time."""
        instant = datetime.fromisoformat(now)
        instant = instant if instant.tzinfo else instant.replace(tzinfo=DANISH)
        with writing(self.engine) as connection:
            state.write(connection, state.SANDBOX_CLOCK, {"nu": instant.isoformat(), "sat": system_time().isoformat()})

    def today(self) -> date:
        """Return the domain's today."""
        with reading(self.engine) as connection:
            return state.domain_now(state.read(connection, state.SANDBOX_CLOCK)).date()

    def add(self, table: Table, **values: Any) -> None:
        """Add one row."""
        with writing(self.engine) as connection:
            connection.execute(insert(table).values(**values))

    def institution(
        self,
        nummer: str,
        *,
        type3: str = "1061",
        hovedinstitution: str | None = None,
        kommune: str = "101",
        lukket: date | None = None,
        in_register: bool = True,
        agreed: bool = True,
    ) -> None:
        """Put an institution into the register, with or without a dataaftale for SYSTEM."""
        with writing(self.engine) as connection:
            known = connection.execute(delete(institution).where(institution.c.nummer == nummer)).rowcount
            connection.execute(
                insert(institution).values(
                    nummer=nummer,
                    navn=f"Institution {nummer}",
                    hovedinstitution=hovedinstitution or nummer,
                    type3=type3,
                    beliggenhedskommune=kommune,
                    administrerende_kommune=kommune,
                    lukket=lukket,
                    in_register=in_register,
                )
            )
            if known:
                at_it = select(haendelse.c.person_id).distinct().where(haendelse.c.institution_nummer == nummer)
                look_again(connection, connection.execute(at_it).scalars().all())
            has_one = select(dataaftale.c.id).where(dataaftale.c.institution_nummer == nummer)
            if agreed and not connection.execute(has_one).first():
                connection.execute(
                    insert(dataaftale).values(system_id=SYSTEM, service=ALL_SERVICES, institution_nummer=nummer)
                )

    def system(self, system_id: str, key: str, institution_nummer: str) -> None:
        """Add another system, with a dataaftale for one institution and every service."""
        with writing(self.engine) as connection:
            systems.create(connection, system_id, system_id, key)
            connection.execute(
                insert(dataaftale).values(
                    system_id=system_id, service=ALL_SERVICES, institution_nummer=institution_nummer
                )
            )

    def person(self, cprnr: str, *, status: str = "01", kommune: str | None = "101") -> int:
        """Put a person into the CPR register, or change the status and kommune of a person in it. Return the id."""
        born = birth_date(cprnr, invented_allowed=True)
        assert born is not None
        days = birthdays(born)
        with writing(self.engine) as connection:
            query = select(cprnummer.c.person_id).where(cprnummer.c.cprnr == cprnr)
            known: int | None = connection.execute(query).scalar()
            if known is not None:
                connection.execute(
                    update(person).where(person.c.id == known).values(status=status, kommunekode=kommune)
                )
                moved = bopael.Statement(known, Address(status, kommune))
                bopael.record(connection, [moved], state.now(connection))
                look_again(connection, [known])
                return known
            row: int = connection.execute(
                insert(person)
                .values(
                    cprnr=cprnr,
                    status=status,
                    kommunekode=kommune,
                    turns_15=days.turns_15,
                    turns_18=days.turns_18,
                    turns_25=days.turns_25,
                    turns_30=days.turns_30,
                )
                .returning(person.c.id)
            ).scalar_one()
            connection.execute(insert(cprnummer).values(cprnr=cprnr, person_id=row))
            bopael.record(connection, [bopael.Statement(row, Address(status, kommune))], state.now(connection))
            return row

    def subscribe(self, person_id: int, startdato: date | None = None) -> None:
        """Let a job centre have subscribed to a person, from today unless ``startdato`` is given."""
        self.add(
            abonnement,
            person_id=person_id,
            startdato=startdato or self.today(),
            institution_nummer=STAR,
            kilde_leverandoer="DFDG",
        )

    def unsubscribe(self, person_id: int) -> None:
        """Remove a person's subscription."""
        with writing(self.engine) as connection:
            connection.execute(delete(abonnement).where(abonnement.c.person_id == person_id))

    def latest_order(self, person_id: int) -> str:
        """Return the number of the latest event that a person has an uddannelsespaalaeg, or has none."""
        with reading(self.engine) as connection:
            query = select(func.max(haendelse.c.nummer)).where(
                haendelse.c.person_id == person_id, haendelse.c.art == PAALAEG
            )
            return str(connection.execute(query).scalar_one())

    def change_number(self, old: str, new: str) -> None:
        """Give the person of ``old`` the number ``new``; if ``new`` is a person of its own, the two become one."""
        born = birth_date(new, invented_allowed=True)
        assert born is not None
        days = birthdays(born)
        with writing(self.engine) as connection:
            holder = connection.execute(select(cprnummer.c.person_id).where(cprnummer.c.cprnr == old)).scalar_one()
            other = connection.execute(select(cprnummer.c.person_id).where(cprnummer.c.cprnr == new)).scalar()
            if other is None:
                connection.execute(insert(cprnummer).values(cprnr=new, person_id=holder))
            else:
                merge_persons(connection, other, holder)
            connection.execute(
                update(person)
                .where(person.c.id == holder)
                .values(
                    cprnr=new,
                    turns_15=days.turns_15,
                    turns_18=days.turns_18,
                    turns_25=days.turns_25,
                    turns_30=days.turns_30,
                )
            )
            look_again(connection, [holder])


def built(url: str) -> None:
    """Build the world in the empty migrated database at ``url``."""
    engine = make_engine(url)
    World(engine).build()
    engine.dispose()


def look_again(connection: Connection, persons: Collection[int]) -> None:
    """Update the events and the feeds of these persons, as every change of a register does."""
    refresh(connection, persons, load_codes(connection))
    note_gained(connection, persons, state.now(connection))
