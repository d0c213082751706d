"""A course opens a look-up (A11) and a contact person (7011) when it has been reported for some days: the dates that a
report names are its reporter's own words.
"""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from tests.access.clauses import DONE, HF, LEFT, PUPIL, STX, YOUNG, cancel, send
from tests.support.endpoint import Endpoint, codes
from tests.support.world import DEPARTMENT, FGU_SCHOOL, GYMNASIUM, World
from udb.context import Context
from udb.domain.services import (
    DATA_TIL_INSTITUTION,
    FGU,
    INSTITUTION_KONTAKT,
    KOMMUNE_AKTIVITET,
    STATUS_HENVISNING,
    UNGDOMSUDDANNELSE,
)
from udb.settings import Settings
from udb.store.tables import read_log
from udb.wsdl.use_cases import application

DAYS = Settings(sandbox=True, forloeb_dage=7, forloeb_dage_tilskud=30)
OPERATIONS = {
    "HentUddannelsespaalaeg": (DATA_TIL_INSTITUTION, GYMNASIUM, "8301"),
    "HentUdslusningstilskud": (DATA_TIL_INSTITUTION, FGU_SCHOOL, "8101"),
    "HentStatusHenvisning": (STATUS_HENVISNING, GYMNASIUM, "8201"),
}
LAST_SHUT = {
    "HentUddannelsespaalaeg": "2026-08-16T23:00:00",
    "HentUdslusningstilskud": "2026-09-08T23:00:00",
    "HentStatusHenvisning": "2026-09-08T23:00:00",
}
"""Late on the last day on which a course that was reported on 10 August opens nothing."""
FIRST_OPEN = {
    "HentUddannelsespaalaeg": "2026-08-17T00:00:00",
    "HentUdslusningstilskud": "2026-09-09T00:00:00",
    "HentStatusHenvisning": "2026-09-09T00:00:00",
}
OPENED: dict[str, set[str]] = {
    "HentUddannelsespaalaeg": set(),
    "HentUdslusningstilskud": {"8104"},  # no month of eIndkomst is delivered
    "HentStatusHenvisning": set(),
}
CONTACT = {
    "InstitutionNummer": GYMNASIUM,
    "KontaktNavn": "Lærer",
    "KontaktMail": "l@skole.example",
    "KontaktTelefon": "12345678",
}
NEW_NUMBER = "7103065900"


@pytest.fixture
def outside(context: Context, endpoint: Endpoint) -> Endpoint:
    """A caller at a service with the days of a register outside the sandbox; on the same database as ``endpoint``."""
    assert endpoint.app is not None
    return Endpoint(application(replace(context, settings=DAYS), {}))


def ask(endpoint: Endpoint, operation: str, cprnr: str = YOUNG) -> Any:
    service, asking, _ = OPERATIONS[operation]
    return endpoint.call(service, operation, {"InstitutionNummer": asking, "CPRNr": cprnr})


def contact(endpoint: Endpoint, cprnr: str = YOUNG) -> Any:
    return endpoint.report(INSTITUTION_KONTAKT, {"CPRNr": cprnr, **CONTACT})


def invent(endpoint: Endpoint, operation: str, cprnr: str = YOUNG) -> list[tuple[str, str, dict[str, Any]]]:
    """Report today, with dates long ago, what opens a look-up; return each report's service, number and fields."""
    reports: list[tuple[str, str, dict[str, Any]]] = {
        "HentUddannelsespaalaeg": [(UNGDOMSUDDANNELSE, "2025-08-01", HF)],
        "HentUdslusningstilskud": [
            (FGU, "2025-08-01", {"InstitutionNummer": FGU_SCHOOL}),
            (FGU, "2025-12-31", {"InstitutionNummer": FGU_SCHOOL, **DONE}),
        ],
        "HentStatusHenvisning": [
            (UNGDOMSUDDANNELSE, "2026-01-01", STX),
            (UNGDOMSUDDANNELSE, "2026-02-01", {**STX, **LEFT}),
        ],
    }[operation]
    return [
        (service, send(endpoint, service, cprnr, day, **fields), {"HaendelseDato": f"{day}T00:00:00", **fields})
        for service, day, fields in reports
    ]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_an_invented_course_answers_as_an_unknown_youth(world: World, outside: Endpoint, operation: str) -> None:
    """A school invents a course long ago, asks, and cancels it: it gets the one refusal, logged as every refusal."""
    youth = world.person(YOUNG)
    refusal = ask(outside, operation, PUPIL)
    reported = invent(outside, operation)
    assert ask(outside, operation)["Fejl"] == refusal["Fejl"]
    assert codes(refusal) == {OPERATIONS[operation][2]}
    world.clock(LAST_SHUT[operation])
    assert ask(outside, operation)["Fejl"] == refusal["Fejl"]
    for service, nummer, fields in reversed(reported):
        send(outside, service, YOUNG, "2026-08-01", **{**fields, "Annullering": True, "HaendelseNummer": nummer})
    world.clock("2027-01-01T08:00:00")
    assert ask(outside, operation)["Fejl"] == refusal["Fejl"]
    query = select(read_log.c.klausul, read_log.c.personer).where(read_log.c.operation == operation)
    with world.engine.connect() as connection:
        rows = connection.execute(query.order_by(read_log.c.id)).all()
    assert rows[1:] == [(None, [youth])] * 3


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_course_opens_when_the_days_have_passed(world: World, outside: Endpoint, operation: str) -> None:
    world.person(YOUNG)
    invent(outside, operation)
    world.clock(FIRST_OPEN[operation])
    assert codes(ask(outside, operation)) == OPENED[operation]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_sandbox_demands_no_days(world: World, endpoint: Endpoint, operation: str) -> None:
    world.person(YOUNG)
    invent(endpoint, operation)
    assert codes(ask(endpoint, operation)) == OPENED[operation]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_repetition_after_a_number_change_counts_from_the_first_report(
    world: World, outside: Endpoint, operation: str
) -> None:
    world.person(YOUNG)
    invent(outside, operation)
    world.clock(FIRST_OPEN[operation])
    world.change_number(YOUNG, NEW_NUMBER)
    invent(outside, operation, NEW_NUMBER)
    assert codes(ask(outside, operation, NEW_NUMBER)) == OPENED[operation]


def test_a_report_of_old_opens_no_other_window(world: World, outside: Endpoint) -> None:
    """The months of the grant follow the end that has been reported for 30 days, not one invented beside it."""
    world.person(YOUNG)
    world.institution("483352", type3="1027", hovedinstitution=FGU_SCHOOL)
    invent(outside, "HentUdslusningstilskud")
    world.clock(FIRST_OPEN["HentUdslusningstilskud"])
    send(outside, FGU, YOUNG, "2026-09-01", InstitutionNummer="483352")
    send(outside, FGU, YOUNG, "2026-09-08", InstitutionNummer="483352", **DONE)
    # By the later course it would be 8102, too short.
    assert codes(ask(outside, "HentUdslusningstilskud")) == {"8104"}
    world.clock("2026-10-09T00:00:00")
    assert codes(ask(outside, "HentUdslusningstilskud")) == {"8102"}


def test_no_afbrud_invented_beside_a_real_one_is_judged(world: World, outside: Endpoint) -> None:
    world.person(YOUNG)
    invent(outside, "HentStatusHenvisning")
    world.clock(FIRST_OPEN["HentStatusHenvisning"])
    send(outside, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **HF)
    send(outside, UNGDOMSUDDANNELSE, YOUNG, "2026-09-09", **HF, **LEFT)
    # By the later afbrud it would be 8202, too early.
    assert ask(outside, "HentStatusHenvisning")["Opfyldt"] is False


def test_a_later_report_of_the_course_does_not_shut_it(world: World, outside: Endpoint) -> None:
    world.person(YOUNG)
    invent(outside, "HentUddannelsespaalaeg")
    world.clock(FIRST_OPEN["HentUddannelsespaalaeg"])
    send(outside, UNGDOMSUDDANNELSE, YOUNG, "2026-08-17", **HF, InstitutionNummer=DEPARTMENT)
    assert not ask(outside, "HentUddannelsespaalaeg")["Fejl"]


def test_a_contact_person_reveals_no_order_until_the_days_have_passed(world: World, outside: Endpoint) -> None:
    """7011, in a trial too: a youth with an order and one without get the same answer."""
    trial = Endpoint(outside.app, query="kun-validering=1")
    ordered, free = world.person(YOUNG), world.person(PUPIL)
    world.subscribe(ordered)
    assert free != ordered
    for cprnr in (YOUNG, PUPIL):
        send(outside, UNGDOMSUDDANNELSE, cprnr, "2025-08-01", **HF)
    for now in ("2026-08-10T09:00:00", "2026-08-16T23:00:00"):
        world.clock(now)
        for caller in (trial, outside):
            with_order, without = contact(caller, YOUNG), contact(caller, PUPIL)
            assert (codes(with_order), with_order["Fejl"]) == ({"7011"}, without["Fejl"])
            assert "normalt 7" in with_order["Fejl"][0]["FejlTekst"]
    world.clock("2026-08-17T00:00:00")
    assert codes(contact(trial, YOUNG)) == set()
    assert codes(contact(trial, PUPIL)) == {"7011"}
    assert contact(outside, YOUNG)["Resultat"] == "Accepteret"


def test_the_marks_of_a_new_course_are_fetched_at_once(world: World, outside: Endpoint) -> None:
    """HentMarkeringer: the kommune's mark names that very course, so the kommune knows it."""
    world.person(YOUNG)
    sent = send(outside, UNGDOMSUDDANNELSE, YOUNG, "2026-08-01", **STX)
    about = {"IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": sent}
    marked = send(outside, KOMMUNE_AKTIVITET, YOUNG, "2026-08-10", **about)
    answer = outside.call(DATA_TIL_INSTITUTION, "HentMarkeringer", {"InstitutionNummer": GYMNASIUM})
    (ung,) = answer["HaendelserUng"]
    assert [event["HaendelseNummer"] for event in ung["HaendelseUddannelsesForloeb"]] == [marked]


def test_a_cancelled_course_of_old_opens_nothing(world: World, outside: Endpoint) -> None:
    world.person(YOUNG)
    ((service, nummer, fields),) = invent(outside, "HentUddannelsespaalaeg")
    world.clock(FIRST_OPEN["HentUddannelsespaalaeg"])
    cancel(
        outside, service, YOUNG, nummer, **{name: value for name, value in fields.items() if name != "HaendelseDato"}
    )
    send(outside, UNGDOMSUDDANNELSE, YOUNG, "2025-08-01", **HF)
    assert codes(ask(outside, "HentUddannelsespaalaeg")) == {"8301"}


@pytest.mark.parametrize(("sandbox", "days"), [(False, (7, 30)), (True, (0, 0))])
def test_the_days_outside_the_sandbox(*, sandbox: bool, days: tuple[int, int]) -> None:
    settings = Settings(sandbox=sandbox)
    assert (settings.dage_foer_opslag, settings.dage_foer_tilskud) == days
    given = Settings(sandbox=sandbox, forloeb_dage=0, forloeb_dage_tilskud=3)
    assert (given.dage_foer_opslag, given.dage_foer_tilskud) == (0, 3)
