"""Every row of the decision table through the endpoint: the reports, each on its own day, and then the question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import delete

from tests.imports.csvs import eindkomst
from tests.rules.memory import shipped_codes
from tests.support.database import Source
from tests.support.endpoint import Endpoint, codes
from tests.support.world import World
from tests.tilskud.answers import INSTITUTIONS, KINDS, MAIN, TYPES
from tests.tilskud.tabel import Row, rows
from udb.beskaeftigelse.grad import satser
from udb.context import Context
from udb.domain.clock import month_end
from udb.domain.services import DATA_TIL_INSTITUTION, STATUS_HENVISNING
from udb.imports.eindkomst import import_eindkomst
from udb.settings import Settings
from udb.store.engine import make_engine, writing
from udb.store.tables.indkomst import WAITING, indkomst, indkomstmaaned, indkomstserie
from udb.wsdl.use_cases import application

ASKED = {
    "udslusning": (DATA_TIL_INSTITUTION, "HentUdslusningstilskud", "fgu"),
    "henvisning": (STATUS_HENVISNING, "HentStatusHenvisning", "gymnasium"),
}


@dataclass(frozen=True)
class Register:
    """A register behind the endpoint that all rows share; each brings a youth of its own."""

    world: World
    endpoint: Endpoint
    serials: Iterator[int] = field(default_factory=lambda: count(1))


@pytest.fixture(scope="module")
def register(databases: Source) -> Iterator[Register]:
    with databases.migrated() as url:
        engine = make_engine(url)
        world = World(engine)
        world.build()
        for name, type3 in TYPES.items():
            main = INSTITUTIONS[MAIN.get(name, name)]
            world.institution(INSTITUTIONS[name], type3=type3, hovedinstitution=main)
        yield Register(world, Endpoint(application(Context(engine, Settings(sandbox=True)), {})))
        engine.dispose()


@pytest.mark.parametrize("row", rows(), ids=str)
def test_a_row_at_the_endpoint(row: Row, register: Register) -> None:
    """F187, F188, F189, F190, F192, F193, F194: the conditions of the grant, from reports to answer."""
    cprnr = f"710307{5000 + next(register.serials)}"
    register.world.person(cprnr)
    cancelled = []
    for one in row.history:
        register.world.clock(f"{min(one.day, row.asked)}T08:00:00")
        receipt = register.endpoint.report(KINDS[one.kind].service, {"CPRNr": cprnr, **one.elements})
        assert receipt["Resultat"] == "Accepteret", receipt
        if one.cancelled:
            cancelled.append((one, receipt["HaendelseNummer"]))
    for one, number in cancelled:
        cancellation = {"CPRNr": cprnr, **one.elements, "Annullering": True, "HaendelseNummer": number}
        assert register.endpoint.report(KINDS[one.kind].service, cancellation)["Resultat"] == "Accepteret"
    income(register.world, cprnr, row.work)
    assert asked(register, row, cprnr) == row.answer


def income(world: World, cprnr: str, work: Mapping[date, Decimal | None]) -> None:
    """Let eIndkomst deliver the months of the row, each on the day after it, and no others."""
    with writing(world.engine) as connection:
        for table in (indkomst, *WAITING, indkomstserie, indkomstmaaned):
            connection.execute(delete(table))
    for month, degree in work.items():
        last_day, name = month_end(month), f"{month:%Y-%m}"
        world.clock(f"{last_day + timedelta(days=1)}T06:00:00")
        world.person(cprnr, status="80" if degree is None else "01")
        wage = (degree or Decimal(0)) * satser(shipped_codes(), last_day).from_18.month / 10_000
        assert wage == wage.quantize(Decimal("0.01")), "a degree that whole øre can give"
        lines = [f"{cprnr};{name};12345678;00;{wage:.2f}"] if wage else []
        import_eindkomst(world.engine, eindkomst(name, *lines), maaned=name)
    world.person(cprnr)


def asked(register: Register, row: Row, cprnr: str) -> str:
    service, operation, caller = ASKED[row.grant]
    register.world.clock(f"{row.asked}T08:00:00")
    answer = register.endpoint.call(service, operation, {"InstitutionNummer": INSTITUTIONS[caller], "CPRNr": cprnr})
    if answer["Fejl"]:
        assert answer["Opfyldt"] is None
        (code,) = codes(answer)
        return code
    grundlag = answer["Grundlag"] if row.grant == "udslusning" else None
    return str(grundlag or ("yes" if answer["Opfyldt"] else "no"))
