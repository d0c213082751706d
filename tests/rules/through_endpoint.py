"""The driver that plays the rules' cases through the public endpoint, against one register that all cases share."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, select

from tests.imports.csvs import eksamensbeviser
from tests.rules.cases import Answer
from tests.support.database import Source
from tests.support.endpoint import Endpoint, codes
from tests.support.world import World
from udb.context import Context
from udb.domain import elementer
from udb.domain.persons import Institution
from udb.domain.services import JOBCENTER
from udb.imports.eksamensbeviser import import_eksamensbeviser
from udb.serve.paalaeg_watch import end_due
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import cprnummer
from udb.store.tables.beviser import eksamenslevering
from udb.wsdl.use_cases import application

WISHES = (elementer.JOB_ONSKER, elementer.UDDANNELSES_ONSKER)
CONTACT = (elementer.KONTAKT_NAVN, elementer.KONTAKT_MAIL, elementer.KONTAKT_TELEFON)
SUBSCRIPTION = (elementer.HANDLING, elementer.STARTDATO, elementer.KONTAKTPERSON)
ACTIVITY = (
    *(elementer.AKTIVITETSGRUPPE_KODE, elementer.STATUS, elementer.HAENDELSE_DATO),
    *(elementer.AFBRUDSARSAGS_KODE, elementer.HAENDELSE_NUMMER, elementer.ANNULLERING),
)
UDDANNELSE = (elementer.COSA_FORMAAL, elementer.COSA_FORMAAL_VERSION)
GROUPS = ((elementer.UDDANNELSE, UDDANNELSE),)
JOB_GROUPS = (
    (elementer.KONTAKTPERSON, CONTACT),
    (elementer.ABONNEMENT, SUBSCRIPTION),
    (elementer.AKTIVITET, ACTIVITY),
)
"""The elements that are in a group of their own; a group inside another group comes before it."""


@dataclass(frozen=True)
class Register:
    """A register behind the endpoint that all cases share; each brings persons of its own."""

    context: Context
    world: World
    endpoint: Endpoint
    known: dict[str, Institution] = field(default_factory=dict)
    serials: Iterator[int] = field(default_factory=lambda: count(1))


@contextmanager
def shared_register(databases: Source) -> Iterator[Register]:
    """Yield a register with the invented world."""
    with databases.migrated() as url:
        engine = make_engine(url)
        world = World(engine)
        world.build()
        context = Context(engine, Settings(sandbox=True))
        yield Register(context, world, Endpoint(application(context, {})))
        engine.dispose()


class EndpointDriver:
    """See ``tests.rules.cases.Driver``; one for each case. ``known``: the register's institutions as they are now."""

    def __init__(self, world: World, endpoint: Endpoint, known: dict[str, Institution]) -> None:
        self.world = world
        self.endpoint = endpoint
        self.known = known
        self.case = uuid4()

    def set_clock(self, now: datetime) -> None:
        self.world.clock(now.isoformat())

    def put_person(self, cprnr: str, *, status: str, kommune: str | None) -> None:
        self.world.person(cprnr, status=status, kommune=kommune)
        # The import that brings a death or an emigration ends the subscription, too.
        end_due(self.world.engine)

    def change_number(self, old: str, new: str) -> None:
        self.world.change_number(old, new)

    def put_paalaeg(self, cprnr: str, *, paalaeg: bool) -> None:
        with reading(self.world.engine) as connection:
            holder = connection.execute(select(cprnummer.c.person_id).where(cprnummer.c.cprnr == cprnr)).scalar_one()
        self.world.unsubscribe(holder)
        if paalaeg:
            self.world.subscribe(holder)

    def put_beviser(self, til: date | None, beviser: Iterable[tuple[str, str, str, date]]) -> None:
        with writing(self.world.engine) as connection:
            # All cases share one register.
            connection.execute(delete(eksamenslevering))
        if til is not None:
            lines = [";".join(map(str, bevis)) for bevis in beviser]
            import_eksamensbeviser(
                self.world.engine, eksamensbeviser(*lines), til=til.isoformat(), invented_allowed=True
            )

    def put_institution(self, institution: Institution) -> None:
        if self.known.get(institution.nummer) != institution:
            self.world.institution(
                institution.nummer,
                type3=institution.type3,
                hovedinstitution=institution.hovedinstitution,
                kommune=str(institution.administrerende_kommune),
                lukket=institution.lukket,
                in_register=institution.in_register,
            )
            self.known[institution.nummer] = institution

    def send(self, report: Mapping[str, Any]) -> Answer:
        said = dict(report)
        service = said.pop("service")
        transaction = f"{self.case}-{said.pop(elementer.SYSTEM_TRANSACTION_ID, uuid4())}"
        for day in (elementer.HAENDELSE_DATO, elementer.STARTDATO):
            if day in said:
                said[day] = written(said[day])
        for group, members in JOB_GROUPS if service == JOBCENTER else GROUPS:
            inner = {name: said.pop(name) for name in members if name in said}
            if inner:
                said[group] = inner
        for wishes in WISHES:
            if wishes in said:
                said[wishes] = [{wishes: text} for text in said[wishes]]
        receipt = self.endpoint.report(service, said, transaction)
        accepted = receipt[elementer.RESULTAT] == "Accepteret"
        return Answer(accepted=accepted, codes=frozenset(codes(receipt)), number=receipt[elementer.HAENDELSE_NUMMER])


def written(when: date | datetime) -> str:
    """Return a time as a sender writes it; a date as its midnight without offset, which is Danish time."""
    return when.isoformat() if isinstance(when, datetime) else f"{when.isoformat()}T00:00:00"
