"""The recipients of an event (access.md A2, A10): the school kommune and the job centres, as the vejledning says, and
edges.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.access.clauses import ACTIVITY, DONE, EUD, GROWN, HF, LEFT, PUPIL, STX, YOUNG, cancel, feed, send
from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import START, numbers
from tests.support.world import FGU_SCHOOL, KOMMUNE, OTHER_KOMMUNE, SCHOOL, World, look_again
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, KONTAKT_TILBUDSTID, UNGDOMSUDDANNELSE
from udb.store.engine import writing

STAR = "999001"

# The school kommune (A2) ----------------------------------------------------------------------------------------------


@pytest.fixture
def pupil(world: World) -> str:
    """A youth who lives in one kommune and goes to school in another."""
    world.person(PUPIL, kommune="751")
    return PUPIL


def test_home_and_school_kommune_both_get_the_ninth_grade(endpoint: Endpoint, pupil: str) -> None:
    """F205: in both ways of fetching the feed."""
    sent = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10", ElevTrin=9, KlasseTrin=9)
    for kommune in (KOMMUNE, OTHER_KOMMUNE):
        assert feed(endpoint, kommune) == [sent]
        assert numbers(endpoint.fetch(kommune)) == [sent]
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=pupil)) == {"8002"}


@pytest.mark.parametrize(
    "said",
    [
        {"ElevTrin": 10, "KlasseType": "45"},
        {"ElevTrin": 10, "KlasseType": "46"},
        ACTIVITY | {"ForberedendeAktivitetsKode": "9010"},
        ACTIVITY | {"ForberedendeAktivitetsKode": "9011"},
    ],
    ids=["EUD10 class", "20/20 class", "EUD10 activity", "20/20 activity"],
)
def test_the_school_kommune_gets_eud10_and_the_20_20_scheme(
    endpoint: Endpoint, pupil: str, said: dict[str, Any]
) -> None:
    """F206."""
    sent = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10", **said)
    assert feed(endpoint) == [sent]


@pytest.mark.parametrize(
    ("service", "said"),
    [
        (FORBEREDENDE_AKTIVITET, {"ElevTrin": 11, "KlasseType": "45"}),
        (FORBEREDENDE_AKTIVITET, ACTIVITY | {"ForberedendeAktivitetsKode": "0300"}),
        (UNGDOMSUDDANNELSE, HF),
        (KOMMUNE_AKTIVITET, {"InstitutionNummer": OTHER_KOMMUNE, "KommuneAktivitetsKode": "K02"}),
    ],
    ids=["11th grade in an EUD10 class", "another activity", "hf", "the home kommune's own EUD10"],
)
def test_the_school_kommune_gets_nothing_else(
    endpoint: Endpoint, pupil: str, service: str, said: dict[str, Any]
) -> None:
    """F208: nothing of any other event."""
    send(endpoint, service, pupil, "2026-08-10", **said)
    assert feed(endpoint) == []
    assert len(feed(endpoint, OTHER_KOMMUNE)) == 1


def test_the_school_kommune_gets_no_level_no_flag_and_not_the_rest_of_the_youth(endpoint: Endpoint, pupil: str) -> None:
    """F208: of a youth with an event that it gets."""
    sent = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10")
    send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-08-10")
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [event["HaendelseNummer"] for event in ung["HaendelseUddannelsesForloeb"]] == [sent]
    assert (ung["AfsluttetUddannelsesNiveau"], ung["UngHarUddannelsespaalaeg"]) == (None, None)
    (ung,) = endpoint.fetch(OTHER_KOMMUNE)["HaendelserUng"]
    assert (ung["AfsluttetUddannelsesNiveau"], ung["UngHarUddannelsespaalaeg"]) == ("Uddannelsespligt", False)


@pytest.mark.parametrize("type3", ["1011", "1012"])
def test_nothing_from_an_efterskole_and_all_when_it_becomes_another_school(
    world: World, endpoint: Endpoint, pupil: str, type3: str
) -> None:
    """F209: by today's register."""
    world.institution("452001", type3=type3)
    sent = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10", InstitutionNummer="452001")
    assert (feed(endpoint), numbers(endpoint.fetch(KOMMUNE)), feed(endpoint, OTHER_KOMMUNE)) == ([], [], [sent])
    world.institution("452001", type3="1014")
    assert (feed(endpoint), numbers(endpoint.fetch(KOMMUNE))) == ([sent], [sent])


def test_event_by_event_where_the_school_lies_today_also_after_the_youth_has_left_it(
    world: World, endpoint: Endpoint, pupil: str
) -> None:
    begun = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-01")
    left = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-05", **LEFT)
    world.institution("449009", type3="1013", kommune="751")
    elsewhere = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10", InstitutionNummer="449009")
    assert (feed(endpoint), feed(endpoint, OTHER_KOMMUNE)) == ([begun, left], [begun, left, elsewhere])
    world.institution(SCHOOL, type3="1013", kommune="461")
    assert feed(endpoint) == []
    world.institution("449009", type3="1013", kommune="101")
    assert feed(endpoint) == numbers(endpoint.fetch(KOMMUNE)) == [elsewhere]


def test_who_has_no_home_kommune_has_no_school_kommune(world: World, endpoint: Endpoint, pupil: str) -> None:
    send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10")
    world.person(pupil, status="80", kommune="751")
    assert feed(endpoint) == numbers(endpoint.fetch(KOMMUNE)) == []


def test_the_school_kommune_gets_the_cancellation_of_what_it_was_given(endpoint: Endpoint, pupil: str) -> None:
    shown = send(endpoint, FORBEREDENDE_AKTIVITET, pupil, "2026-08-10")
    hidden = send(endpoint, UNGDOMSUDDANNELSE, pupil, "2026-08-10")
    assert numbers(endpoint.fetch(KOMMUNE)) == [shown]
    cancel(endpoint, UNGDOMSUDDANNELSE, pupil, hidden)
    gone = cancel(endpoint, FORBEREDENDE_AKTIVITET, pupil, shown)
    assert (numbers(endpoint.fetch(KOMMUNE)), feed(endpoint)) == ([gone], [gone])


# A10: the job centres -------------------------------------------------------------------------------------------------


@contextmanager
def subscribed(world: World, number: int) -> Iterator[None]:
    """Let the job centre have a subscription while the block runs."""
    world.subscribe(number)
    with writing(world.engine) as connection:
        look_again(connection, [number])
    yield
    world.unsubscribe(number)


def dfdg(endpoint: Endpoint, **criterion: str) -> Any:
    return endpoint.call("DataTilDFDG", "HentHaendelserDFDG", {"InstitutionNummer": STAR, **criterion})


def test_the_subscriber_gets_education_and_kommune_events_from_before_it_subscribed(
    world: World, endpoint: Endpoint
) -> None:
    """F003, F004, F086, F120, F197: with their marks; no level, flag or contact time, and of no other youth."""
    world.institution(STAR, type3="STAR")
    number = world.person(PUPIL)
    world.person(YOUNG)
    fgu = {"InstitutionNummer": FGU_SCHOOL, "Speciale": "3", "Skoleperiode": "BA"}
    sent = [
        send(endpoint, FGU, PUPIL, "2026-08-01", **fgu),
        send(endpoint, FGU, PUPIL, "2026-08-08", **fgu, **DONE, EGU_uddannelsesniveau=True),
        send(endpoint, KOMMUNE_AKTIVITET, PUPIL, "2026-08-08", KommuneAktivitetsKode="K51"),
        send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2026-08-08", **HF),
        send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2026-08-09", **HF, **LEFT),
    ]
    time = {"Type": "Kontakttid", "AfbrudHaendelseNummer": sent[-1], "Status": None}
    send(endpoint, KONTAKT_TILBUDSTID, PUPIL, "2026-08-10", **time)
    send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-08-08")
    assert numbers(dfdg(endpoint)) == []
    with subscribed(world, number):
        assert numbers(dfdg(endpoint, HaendelseNummer=START)) == sent
        (ung,) = dfdg(endpoint)["HaendelserUng"]
        assert [event["HaendelseNummer"] for event in ung["HaendelseUddannelsesForloeb"]] == sent
        assert ung["HaendelseUddannelsesForloeb"][1]["EGU_uddannelsesniveau"] is True
        rest = (ung["AfsluttetUddannelsesNiveau"], ung["UngHarUddannelsespaalaeg"], ung["HaendelseKontaktTilbudstid"])
        assert rest == (None, None, [])
        assert numbers(dfdg(endpoint)) == []
    assert numbers(dfdg(endpoint, HaendelseNummer=START)) == []


@pytest.mark.parametrize(("status", "visible"), [("20", 1), ("70", 1), ("80", 0), ("90", 0)])
def test_a_subscription_is_over_with_death_and_emigration_also_when_nothing_has_ended_it(
    world: World, endpoint: Endpoint, status: str, visible: int
) -> None:
    world.institution(STAR, type3="STAR")
    number = world.person(PUPIL)
    sent = send(endpoint, UNGDOMSUDDANNELSE, PUPIL, "2026-08-08", **HF)
    with subscribed(world, number):
        world.person(PUPIL, status=status)
        assert numbers(dfdg(endpoint, HaendelseNummer=START)) == numbers(dfdg(endpoint)) == [sent] * visible


def test_the_subscriber_is_bound_by_the_same_clauses(world: World, endpoint: Endpoint) -> None:
    """F120: the clauses of completed courses, of the 25th birthday and of practice places."""
    world.institution(STAR, type3="STAR")
    young, grown = world.person(YOUNG), world.person(GROWN)
    send(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, "2023-08-01")
    stx = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-25", **STX, **DONE)
    send(endpoint, FORBEREDENDE_AKTIVITET, GROWN, "2024-08-01")
    eud = send(endpoint, UNGDOMSUDDANNELSE, GROWN, "2026-08-01", **EUD)
    send(endpoint, UNGDOMSUDDANNELSE, GROWN, "2026-08-01", **EUD, Praktiksted="Tømrer Hansen")
    with subscribed(world, young), subscribed(world, grown):
        assert numbers(dfdg(endpoint, HaendelseNummer=START)) == numbers(dfdg(endpoint)) == [stx, eud]


def test_a_cancellation_reaches_the_subscriber_that_was_given_the_report(world: World, endpoint: Endpoint) -> None:
    world.institution(STAR, type3="STAR")
    number = world.person(YOUNG)
    with subscribed(world, number):
        left = send(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, "2023-08-01")
        assert numbers(dfdg(endpoint)) == [left]
        done = send(endpoint, UNGDOMSUDDANNELSE, YOUNG, "2026-06-25", **STX, **DONE)
        gone = cancel(endpoint, FORBEREDENDE_AKTIVITET, YOUNG, left)
        assert sorted(numbers(dfdg(endpoint))) == [done, gone]


@pytest.mark.parametrize(("number", "code"), [("UDB-1", "8001"), ("UDB-" + "9" * 23, "8001")])
def test_refusals_of_the_subscribers_feed(world: World, endpoint: Endpoint, number: str, code: str) -> None:
    world.institution(STAR, type3="STAR")
    assert codes(dfdg(endpoint, HaendelseNummer=number)) == {code}


def test_only_the_job_centres_authority_fetches_for_them(endpoint: Endpoint) -> None:
    answer = endpoint.call("DataTilDFDG", "HentHaendelserDFDG", {"InstitutionNummer": KOMMUNE})
    assert codes(answer) == {"2003"}
