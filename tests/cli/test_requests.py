"""Dataaftaler that are requested, approved and refused, and how the endpoint applies them."""

import json
from datetime import date, timedelta

import pytest
from zeep.exceptions import Fault

from tests.support.endpoint import Endpoint
from tests.support.world import GYMNASIUM, KEY, KOMMUNE, OTHER_KOMMUNE
from udb.callers import agreement_requests, agreements, systems
from udb.callers.agreements import Dataaftale
from udb.domain.errors import UdbRefused, WrongUse
from udb.store.engine import reading, writing
from udb.wsdl.use_cases import application

FETCH = "DataTilKommune"
TODAY = date(2026, 8, 10)
"""The day of the world's clock."""


@pytest.fixture
def asked(world, context):
    """A system without agreements, at the endpoint."""
    with writing(world.engine) as connection:
        systems.create(connection, "ny", "Ny", KEY)
    return Endpoint(application(context, {}), system="ny", key=KEY)


def may(endpoint, kommune) -> bool:
    """Return whether a fetch is answered; the only other answer is that there is no dataaftale."""
    try:
        endpoint.fetch(kommune)
    except Fault as fault:
        return {"Systemet har ingen dataaftale": False}[fault.message[:29]]
    return True


def request(world, *wanted, kommentar=None):
    with writing(world.engine) as connection:
        return agreement_requests.request(connection, wanted, kommentar)


def wanted(number, service=FETCH, fra=None, til=None):
    return Dataaftale("ny", service, number, fra, til)


def test_asking_alone_opens_nothing_and_approving_opens_what_was_asked_for(world, asked):
    first, second = request(world, wanted(KOMMUNE), wanted(OTHER_KOMMUNE), kommentar="Skift af leverandør")
    assert not may(asked, KOMMUNE)
    with writing(world.engine) as connection:
        assert agreement_requests.approve(connection, first) == wanted(KOMMUNE)
    assert may(asked, KOMMUNE)
    assert not may(asked, OTHER_KOMMUNE)
    with writing(world.engine) as connection:
        agreement_requests.refuse(connection, second, "Aftalen er ikke underskrevet")
    assert not may(asked, OTHER_KOMMUNE)
    with reading(world.engine) as connection:
        assert agreement_requests.listed(connection, decided=False) == []
        found = agreement_requests.listed(connection, decided=True)
    shown = [(one.id, one.godkendt, one.kommentar, one.begrundelse) for one in found]
    assert shown == [
        (first, True, "Skift af leverandør", None),
        (second, False, "Skift af leverandør", "Aftalen er ikke underskrevet"),
    ]


@pytest.mark.parametrize(
    ("fra", "til", "open_today"),
    [
        (TODAY, TODAY, True),
        (TODAY + timedelta(days=1), None, False),
        (None, TODAY - timedelta(days=1), False),
        (TODAY - timedelta(days=1), TODAY + timedelta(days=1), True),
    ],
)
def test_an_approved_agreement_counts_within_its_dates(world, asked, fra, til, open_today):
    (number,) = request(world, wanted(KOMMUNE, fra=fra, til=til))
    with writing(world.engine) as connection:
        agreement_requests.approve(connection, number)
    assert may(asked, KOMMUNE) is open_today


def test_another_service_than_asked_for_stays_closed(world, asked):
    (number,) = request(world, wanted(KOMMUNE, service="DataTilInstitution"))
    with writing(world.engine) as connection:
        agreement_requests.approve(connection, number)
    assert not may(asked, KOMMUNE)


def test_an_agreement_that_stands_gets_the_dates_that_are_approved(world, asked):
    with writing(world.engine) as connection:
        agreements.create(connection, wanted(KOMMUNE))
    (number,) = request(world, wanted(KOMMUNE, til=TODAY - timedelta(days=1)))
    assert may(asked, KOMMUNE)
    with writing(world.engine) as connection:
        agreement_requests.approve(connection, number)
    assert not may(asked, KOMMUNE)


def test_what_cannot_be_agreed_cannot_be_asked_for_and_nothing_of_it_stays(world, asked):
    assert asked
    for wrong, error in (
        (wanted("000000"), UdbRefused),
        (wanted(KOMMUNE, service="FindesIkke"), WrongUse),
        (wanted(KOMMUNE, fra=TODAY, til=TODAY - timedelta(days=1)), WrongUse),
        (Dataaftale("findes-ikke", FETCH, KOMMUNE, None, None), UdbRefused),
    ):
        with pytest.raises(error):
            request(world, wanted(GYMNASIUM), wrong)
    with reading(world.engine) as connection:
        assert agreement_requests.listed(connection, decided=True) == []


def test_each_is_asked_once_at_a_time_and_decided_once(world, asked):
    assert asked
    (number,) = request(world, wanted(KOMMUNE))
    with pytest.raises(UdbRefused, match=f"Request {number} asks for the same"):
        request(world, wanted(KOMMUNE))
    with writing(world.engine) as connection:
        agreement_requests.refuse(connection, number, "Nej")
    for decide in (agreement_requests.approve, lambda *given: agreement_requests.refuse(*given, "Nej")):
        with writing(world.engine) as connection, pytest.raises(UdbRefused, match="waits to be decided"):
            decide(connection, number)
    (again,) = request(world, wanted(KOMMUNE))
    assert again > number


@pytest.mark.usefixtures("asked")
def test_the_commands(udb):
    code, out, _ = udb(
        "dataaftale", "request", "ny", FETCH, KOMMUNE, OTHER_KOMMUNE, KOMMUNE, "--comment", "Hej", "--json"
    )
    first, second = (row["nr"] for row in json.loads(out))
    assert code == 0
    assert [row["godkendt"] for row in json.loads(udb("dataaftale", "requests", "--json")[1])] == [None, None]
    assert udb("dataaftale", "approve", str(first), "999")[0] == 4
    assert json.loads(udb("dataaftale", "list", "--system", "ny", "--json")[1]) == []
    code, out, _ = udb("dataaftale", "approve", str(first))
    assert (code, out) == (0, f"System ny may use {FETCH} for {KOMMUNE}.\n")
    assert udb("dataaftale", "reject", str(second), "--reason", "Nej")[0] == 0
    assert udb("dataaftale", "reject", str(second), "--reason", "Nej")[0] == 4
    assert json.loads(udb("dataaftale", "requests", "--json")[1]) == []
    shown = json.loads(udb("dataaftale", "requests", "--all", "--json")[1])
    assert [(row["godkendt"], row["begrundelse"]) for row in shown] == [(True, None), (False, "Nej")]
    assert len(json.loads(udb("dataaftale", "list", "--system", "ny", "--json")[1])) == 1
