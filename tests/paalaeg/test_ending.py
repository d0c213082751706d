"""A subscription ends with the 30th birthday, with death and with emigration: the first to see it ends it (F121)."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from tests.imports.csvs import cpr
from tests.support.endpoint import Endpoint, codes
from tests.support.job_centre import CONTACT, look_up, orders, subscription
from tests.support.reports import accepted
from tests.support.rows import count
from tests.support.service import PATIENCE
from tests.support.world import KOMMUNE, STAR, World
from udb.domain.services import JOBCENTER
from udb.imports.cpr import import_cpr
from udb.serve.paalaeg_watch import end_due, start_watch
from udb.settings import Settings
from udb.store.engine import reading
from udb.store.tables import abonnement, haendelse, kontakt

CPRNR = "7103095123"
EVE, BIRTHDAY = "2039-03-10T23:59:30+01:00", "2039-03-11T00:00:00+01:00"
"""Born 11 March 2009."""


@pytest.fixture(autouse=True)
def subscribed(world: World, endpoint: Endpoint) -> None:
    """A youth with a subscription and the job centre's contact person."""
    world.institution(STAR, type3="STAR")
    world.person(CPRNR)
    accepted(endpoint.report(JOBCENTER, subscription("Opret", Kontaktperson=CONTACT)))


def stored(world: World) -> list[tuple[str, bool, str, str, str]]:
    """Every event of an uddannelsespaalaeg: day, on or off, whom it is about, and from whom."""
    columns = ("haendelse_dato", "har_uddannelsespaalaeg", "cprnr", "institution_nummer", "kilde_leverandoer")
    query = select(*(haendelse.c[name] for name in columns)).where(haendelse.c.art == "paalaeg")
    with reading(world.engine) as connection:
        return [(row[0].isoformat(), *row[1:]) for row in connection.execute(query.order_by(haendelse.c.nummer))]


def ended_on(world: World, day: str) -> bool:
    """Whether it ended with that day, once, and left nothing."""
    left = [count(world.engine, table) for table in (abonnement, kontakt)]
    return stored(world) == [("2026-08-10", True, CPRNR, STAR, "DFDG"), (day, False, CPRNR, STAR, "DFDG")] and left == [
        0,
        0,
    ]


def report(_world: World, endpoint: Endpoint) -> None:
    assert codes(endpoint.report(JOBCENTER, subscription("Afmeld"))) == {"7013"}


def look(_world: World, endpoint: Endpoint) -> None:
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=CPRNR)) == {"8002"}


def job(world: World, _endpoint: Endpoint) -> None:
    assert end_due(world.engine) == 1
    assert end_due(world.engine) == 0


def another_import(world: World, _endpoint: Endpoint) -> None:
    import_cpr(world.engine, cpr("6101051234;Test;01;101;;;"), invented_allowed=True)


Seer = Callable[[World, Endpoint], None]
CALLS = pytest.mark.parametrize("see", [report, look, job, another_import])


@CALLS
def test_the_30th_birthday_ends_it_with_that_date(world: World, endpoint: Endpoint, see: Seer) -> None:
    world.clock(EVE)
    assert end_due(world.engine) == 0
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is True
    world.clock("2039-03-15T08:00:00")
    see(world, endpoint)
    assert ended_on(world, "2039-03-11")
    see_again = codes(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert (see_again, ended_on(world, "2039-03-11")) == ({"7013"}, True)


def test_on_the_day_before_it_is_still_the_job_centres_to_end(world: World, endpoint: Endpoint) -> None:
    world.clock(EVE)
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))
    assert look_up(endpoint)["UngHarUddannelsespaalaeg"] is False
    world.clock(BIRTHDAY)
    report(world, endpoint)
    assert ended_on(world, "2039-03-10")


@pytest.mark.parametrize("status", ["80", "90"])
def test_the_import_that_tells_of_death_or_emigration_ends_it(world: World, endpoint: Endpoint, status: str) -> None:
    world.clock("2026-09-01T08:00:00")
    import_cpr(world.engine, cpr(f"{CPRNR};Test;{status};;;;"), invented_allowed=True)
    assert ended_on(world, "2026-09-01")
    world.clock("2026-10-01T08:00:00")
    import_cpr(world.engine, cpr(f"{CPRNR};Test;01;101;;;"), invented_allowed=True)
    ung = look_up(endpoint)
    assert (ung["UngHarUddannelsespaalaeg"], [day for _, day, *_ in orders(ung)]) == (
        False,
        ["2026-08-10", "2026-09-01"],
    )
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [on for _, _, on, _ in orders(ung)] == [True, False]


@pytest.mark.parametrize("status", ["03", "05", "20", "70"])
def test_no_other_status_ends_it(world: World, endpoint: Endpoint, status: str) -> None:
    import_cpr(world.engine, cpr(f"{CPRNR};Test;{status};101;;;"), invented_allowed=True)
    assert end_due(world.engine) == 0
    accepted(endpoint.report(JOBCENTER, subscription("Afmeld")))


def test_a_change_of_number_that_makes_the_youth_30_ends_it(world: World) -> None:
    older = "6103964123"
    import_cpr(world.engine, cpr(f"{CPRNR};;60;;{older};;", f"{older};Test;01;101;;;"), invented_allowed=True)
    assert stored(world)[1:] == [("2026-03-01", False, older, STAR, "DFDG")]


def test_a_report_that_is_only_judged_ends_nothing_and_is_judged_as_if_it_had(world: World, endpoint: Endpoint) -> None:
    world.clock(BIRTHDAY)
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    assert codes(trial.report(JOBCENTER, subscription("Afmeld"))) == {"7013"}
    assert (len(stored(world)), count(world.engine, abonnement)) == (1, 1)


def test_its_number_comes_before_that_of_the_report_that_saw_it(world: World, endpoint: Endpoint) -> None:
    sent = {"AktivitetsgruppeKode": "20", "Status": 1, "HaendelseDato": "2026-08-01T00:00:00", "Annullering": False}
    head = {"CPRNr": CPRNR, "InstitutionNummer": STAR, "KildeLeverandoer": "DFDG"}
    optag = accepted(endpoint.report(JOBCENTER, {**head, "Aktivitet": sent}))["HaendelseNummer"]
    world.clock(BIRTHDAY)
    cancelled = {**head, "Aktivitet": sent | {"Annullering": True, "HaendelseNummer": optag}}
    gone = accepted(endpoint.report(JOBCENTER, cancelled))["HaendelseNummer"]
    with reading(world.engine) as connection:
        query = select(haendelse.c.nummer).where(haendelse.c.art == "paalaeg").order_by(haendelse.c.nummer)
        assert [*connection.execute(query).scalars()][-1] < gone


def test_several_who_see_it_at_once_end_it_once(world: World) -> None:
    world.clock(BIRTHDAY)
    ended: list[int] = []
    threads = [threading.Thread(target=lambda: ended.append(end_due(world.engine))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(ended), ended_on(world, "2039-03-11")) == (1, True)


@pytest.fixture
def watched(database_url: str) -> Iterator[None]:
    stop = start_watch(Settings(sandbox=True, database_url=database_url), every=0.01)
    yield
    stop()


@pytest.mark.usefixtures("watched")
def test_the_service_sees_it_by_itself(world: World) -> None:
    world.clock(BIRTHDAY)
    end = time.monotonic() + PATIENCE
    while not ended_on(world, "2039-03-11"):
        assert time.monotonic() < end
        time.sleep(0.02)
