"""When a kommune fetched what it may see, if it did (V 7)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.support.endpoint import Endpoint
from tests.support.fetches import START
from tests.support.reports import ANNA, GRADE_10, optag
from tests.support.world import KOMMUNE, OTHER_KOMMUNE, SYSTEM, World
from tests.support.world import STAR as STAR_NUMMER
from udb.callers import systems
from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused
from udb.domain.services import FORBEREDENDE_AKTIVITET
from udb.hentning.deliveries import Fetched, Status, fetches, statuses
from udb.imports.institutioner import STAR
from udb.store.engine import reading, writing
from udb.store.tables import haendelse

MINUTES = timedelta(minutes=5)
"""How long a test may take, at most."""


def registered(world: World, nummer: str) -> datetime:
    with reading(world.engine) as connection:
        found: datetime = connection.execute(
            select(haendelse.c.registreringstid).where(haendelse.c.nummer == nummer)
        ).scalar_one()
        return found


def status_of(world: World, kommune: str = KOMMUNE, system: str = SYSTEM) -> Status:
    with reading(world.engine) as connection:
        (found,) = [
            one for one in statuses(connection, world.today()) if (one.modtager, one.system_id) == (kommune, system)
        ]
        return found


def of_event(world: World, nummer: str) -> list[Fetched]:
    with reading(world.engine) as connection:
        return fetches(connection, nummer, world.today())


def test_what_waits_and_what_was_fetched(world: World, endpoint: Endpoint) -> None:
    """F198: for each kommune and system, in every mode."""
    world.person(ANNA)
    first, second = optag(endpoint, ANNA, 10), optag(endpoint, ANNA, 11)
    nothing = status_of(world)
    assert nothing == Status(KOMMUNE, SYSTEM, None, None, None, None, first, 2)
    endpoint.fetch(KOMMUNE, HaendelseNummer=first)
    by_number = status_of(world)
    assert (by_number.position, by_number.hoejeste_hentet) == (None, second)
    assert (by_number.aeldste_ikke_hentet, by_number.venter) == (first, 1)
    assert by_number.seneste_hentning is not None
    endpoint.fetch(KOMMUNE)
    all_new = status_of(world)
    assert (all_new.aeldste_ikke_hentet, all_new.venter) == (None, 0)
    assert all_new.position == second
    assert all_new.seneste_hentning is not None
    assert all_new.seneste_hentning >= by_number.seneste_hentning
    third = optag(endpoint, ANNA, 12)
    assert (status_of(world).aeldste_ikke_hentet, status_of(world).venter) == (third, 1)
    assert status_of(world, OTHER_KOMMUNE) == Status(OTHER_KOMMUNE, SYSTEM, None, None, None, None, None, 0)


def test_who_moves_in_waits_for_the_new_kommune(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA, kommune="751")
    sent = optag(endpoint, ANNA, 10)
    endpoint.fetch(KOMMUNE)
    assert status_of(world).venter == 0
    world.person(ANNA, kommune="101")
    assert (status_of(world).aeldste_ikke_hentet, status_of(world).venter) == (sent, 1)
    assert status_of(world, OTHER_KOMMUNE).venter == 0


def test_each_system_has_its_own_and_one_that_is_blocked_and_never_fetched_none(
    world: World, endpoint: Endpoint
) -> None:
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    world.system("anden", "en-anden-noegle-helt", KOMMUNE)
    endpoint.fetch(KOMMUNE)
    assert status_of(world).venter == 0
    assert status_of(world, system="anden").venter == 1
    with writing(world.engine) as connection:
        systems.block(connection, "anden")
    with reading(world.engine) as connection:
        assert "anden" not in {one.system_id for one in statuses(connection, world.today())}


def test_an_event_tells_who_has_fetched_it_and_who_has_not(world: World, endpoint: Endpoint) -> None:
    """F198: for one event: the home kommune, the school's and DFDG, and when each fetched it, if it did."""
    anna = world.person(ANNA, kommune="751")
    world.institution(STAR_NUMMER, type3=STAR, kommune="999")
    world.subscribe(anna)
    world.institution("281206", type3="KOM", kommune="851")
    receipt = endpoint.report(FORBEREDENDE_AKTIVITET, GRADE_10)
    sent = receipt["HaendelseNummer"]
    assert of_event(world, sent) == [
        Fetched(modtager, ser=True, system_id=None, hentet=None, hentet_system=None, givet=None)
        for modtager in (STAR_NUMMER, KOMMUNE, OTHER_KOMMUNE)
    ]
    endpoint.fetch(KOMMUNE, HaendelseNummer=START)
    endpoint.fetch(OTHER_KOMMUNE)
    unfetched, school, home = of_event(world, sent)
    assert unfetched.system_id is None
    assert (school.modtager, school.system_id, school.givet) == (KOMMUNE, SYSTEM, None)
    assert (home.modtager, home.system_id, home.givet) == (OTHER_KOMMUNE, SYSTEM, home.hentet)
    assert school.hentet is not None
    assert home.hentet is not None
    world.person(ANNA, kommune="851")
    assert [(one.modtager, one.ser, one.system_id) for one in of_event(world, sent)] == [
        (STAR_NUMMER, True, None),
        (KOMMUNE, True, SYSTEM),
        (OTHER_KOMMUNE, False, SYSTEM),
        ("281206", True, None),
    ]


@pytest.mark.parametrize("clock", ["2031-03-01T09:00:00+01:00", "2022-06-28T09:00:00+02:00"])
def test_the_time_of_a_fetch_is_of_the_events_clock_with_system_time_beside(
    world: World, endpoint: Endpoint, clock: str
) -> None:
    """F198: in a sandbox whose clock is set ahead or back, a fetch comes after the registration and never years off."""
    world.person(ANNA, kommune="751")
    world.clock(clock)
    sent = optag(endpoint, ANNA, 10, HaendelseDato=f"{clock[:10]}T00:00:00")
    real = system_time()
    endpoint.fetch(OTHER_KOMMUNE)
    begun = datetime.fromisoformat(clock)
    (fetched,) = [one for one in of_event(world, sent) if one.modtager == OTHER_KOMMUNE]
    assert fetched.hentet is not None
    assert fetched.hentet_system is not None
    assert begun <= registered(world, sent) <= fetched.hentet <= begun + MINUTES
    assert fetched.givet == fetched.hentet
    assert real <= fetched.hentet_system <= real + MINUTES
    status = status_of(world, OTHER_KOMMUNE)
    assert status.seneste_hentning == fetched.hentet
    assert status.seneste_system is not None
    assert fetched.hentet_system <= status.seneste_system <= fetched.hentet_system + MINUTES
    last = status.seneste_system
    endpoint.fetch(OTHER_KOMMUNE)
    status = status_of(world, OTHER_KOMMUNE)
    assert status.seneste_hentning is not None
    assert status.seneste_system is not None
    assert fetched.hentet < status.seneste_hentning <= begun + MINUTES, "a call that finds nothing is a call"
    assert status.seneste_system > last


def test_the_latest_fetch_is_the_latest_although_the_clock_was_set_back(world: World, endpoint: Endpoint) -> None:
    world.person(ANNA)
    first = optag(endpoint, ANNA, 10)
    world.clock("2027-02-01T09:00:00+01:00")
    endpoint.fetch(KOMMUNE, HaendelseNummer=START)
    world.clock("2026-09-01T09:00:00+02:00")
    second = optag(endpoint, ANNA, 11)
    endpoint.fetch(KOMMUNE, HaendelseNummer=first)
    status = status_of(world)
    (of_first,), (of_second,) = of_event(world, first), of_event(world, second)
    assert of_first.hentet is not None
    assert of_second.hentet is not None
    assert (of_first.hentet.year, of_second.hentet.year) == (2027, 2026)
    assert (status.seneste_hentning, status.seneste_system) == (of_second.hentet, of_second.hentet_system)


def test_in_the_hour_that_comes_twice_fetches_have_their_offset_and_their_order(
    world: World, endpoint: Endpoint
) -> None:
    world.person(ANNA)
    world.system("anden", "en-anden-noegle-helt", KOMMUNE)
    other = Endpoint(endpoint.app, system="anden", key="en-anden-noegle-helt")
    sent = optag(endpoint, ANNA, 10)
    world.clock("2026-10-25T02:50:00+02:00")
    other.fetch(KOMMUNE)
    world.clock("2026-10-25T02:10:00+01:00")
    endpoint.fetch(KOMMUNE)
    shown = [one.hentet.isoformat(timespec="minutes") for one in of_event(world, sent) if one.hentet]
    assert shown == ["2026-10-25T02:50+02:00", "2026-10-25T02:10+01:00"]
    status = status_of(world, system="anden"), status_of(world)
    assert [one.seneste_hentning and one.seneste_hentning.hour for one in status] == [2, 2]
    assert [one.seneste_hentning and one.seneste_hentning.utcoffset() for one in status] == [
        timedelta(hours=2),
        timedelta(hours=1),
    ]


def test_an_event_that_is_none(world: World) -> None:
    with pytest.raises(UdbRefused):
        of_event(world, "UDB-" + "1" * 23)
