"""Facts of the vejledning on forloeb, as the kommune sees them (docs/krav.csv names these tests)."""

from typing import Any

import pytest

from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import numbers
from tests.support.reports import REPORTS, UNGDOM, accepted
from tests.support.world import DEPARTMENT, EUD_SCHOOL, KOMMUNE, SCHOOL, World
from udb.domain.services import FGU, FORBEREDENDE_AKTIVITET, KOMMUNE_AKTIVITET, UNGDOMSUDDANNELSE

CPRNR = "7103075123"
LEFT: dict[str, Any] = {"Status": 2, "AfbrudsarsagsKode": "904"}
COMPLETED: dict[str, Any] = {"Status": 3}


@pytest.fixture(autouse=True)
def youth(world: World) -> None:
    world.person(CPRNR)


def sent(endpoint: Endpoint, service: str = UNGDOMSUDDANNELSE, day: str = "2026-08-10", **fields: Any) -> Any:
    """Return the receipt of an accepted report of that day."""
    return accepted(endpoint.report(service, {**REPORTS[service], "HaendelseDato": f"{day}T00:00:00", **fields}))


def looked_up(endpoint: Endpoint) -> Any:
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    return ung


def dates_of_optag(endpoint: Endpoint) -> dict[str, str | None]:
    """Return by number of the event: the date of the optag in it."""
    return {
        event["HaendelseNummer"]: event["DatoOptag"].date().isoformat() if event["DatoOptag"] else None
        for event in looked_up(endpoint)["HaendelseUddannelsesForloeb"]
    }


def test_the_first_optag_s_date_is_told_with_the_end(endpoint: Endpoint) -> None:
    """F026, F164: also when a later optag moves the start, and after a risk."""
    sent(endpoint, day="2026-08-03")
    moved = sent(endpoint, day="2026-08-07")
    risk = sent(endpoint, FrafaldstruetMarkering=True)
    left = sent(endpoint, **LEFT)
    dates = dates_of_optag(endpoint)
    assert dates[left["HaendelseNummer"]] == "2026-08-03"
    assert dates[moved["HaendelseNummer"]] is None
    assert dates[risk["HaendelseNummer"]] is None
    assert {moved["ForloebId"], risk["ForloebId"]} == {left["ForloebId"]}


def test_withdrawn_before_the_start(world: World, endpoint: Endpoint) -> None:
    """F045, F163: one forloeb, ended, with the date the youth should have begun."""
    world.clock("2026-06-01T08:00:00")
    optag = sent(endpoint)
    world.clock("2026-06-20T08:00:00")
    left = sent(endpoint, day="2026-06-20", Status=2, AfbrudsarsagsKode="1")
    assert left["ForloebId"] == optag["ForloebId"]
    assert dates_of_optag(endpoint) == {optag["HaendelseNummer"]: None, left["HaendelseNummer"]: "2026-08-10"}
    anew = sent(endpoint, day="2026-08-11")
    assert anew["ForloebId"] != optag["ForloebId"]


def test_gf2_begins_before_gf1_is_completed(world: World, endpoint: Endpoint) -> None:
    """F059, F060: two forloeb, and the end is that of GF1."""
    gf1 = {"InstitutionNummer": EUD_SCHOOL, "Uddannelse": {"COsAFormaal": "9101", "COsAFormaalVersion": 1}}
    gf2 = {"InstitutionNummer": EUD_SCHOOL, "Uddannelse": {"COsAFormaal": "9102", "COsAFormaalVersion": 1}}
    first = sent(endpoint, day="2026-02-01", **gf1)
    second = sent(endpoint, day="2026-08-10", **gf2)
    world.clock("2026-08-12T08:00:00")
    completed = sent(endpoint, day="2026-08-09", **gf1, **COMPLETED)
    assert completed["ForloebId"] == first["ForloebId"] != second["ForloebId"]
    assert dates_of_optag(endpoint)[completed["HaendelseNummer"]] == "2026-02-01"


def test_a_wrong_gennemfoert_is_cancelled_and_the_afbrud_counts(world: World, endpoint: Endpoint) -> None:
    """F074: the kommune gets the afbrud, with the date of the optag."""
    stx = {"Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2}}
    sent(endpoint, day="2026-08-03", **stx)
    wrong = sent(endpoint, **stx, **COMPLETED)
    world.clock("2026-08-11T08:00:00")
    left = sent(endpoint, day="2026-08-11", **stx, **LEFT)
    sent(endpoint, **stx, **COMPLETED, Annullering=True, HaendelseNummer=wrong["HaendelseNummer"])
    assert left["HaendelseNummer"] in numbers(endpoint.fetch(KOMMUNE))
    dates = dates_of_optag(endpoint)
    assert dates[left["HaendelseNummer"]] == "2026-08-03"
    assert wrong["HaendelseNummer"] not in dates


def test_fgu_from_the_basic_course_to_the_end(endpoint: Endpoint) -> None:
    """F082, F083, F084, F086: every shift in one forloeb, and the egu mark is delivered."""
    steps: list[dict[str, Any]] = [
        {"Skoleperiode": "BA"},
        {"Skoleperiode": "US", "Speciale": "1"},
        {"Skoleperiode": "US", "Speciale": "3"},
        {"Skoleperiode": "US", "Speciale": "3", "EGU_uddannelsesniveau": True, **COMPLETED},
    ]
    receipts = [sent(endpoint, FGU, **step) for step in steps]
    assert [codes(receipt) for receipt in receipts] == [set()] * 4
    assert len({receipt["ForloebId"] for receipt in receipts}) == 1
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    names = ("Skoleperiode", "Speciale", "EGU_uddannelsesniveau", "Status")
    given = [tuple(event[name] for name in names) for event in ung["HaendelseUddannelsesForloeb"]]
    assert given == [("BA", None, None, 1), ("US", "1", None, 1), ("US", "3", None, 1), ("US", "3", True, 3)]


def test_an_fgu_forloeb_is_broken_off(endpoint: Endpoint) -> None:
    """F084."""
    optag = sent(endpoint, FGU)
    left = sent(endpoint, FGU, **LEFT)
    assert left["ForloebId"] == optag["ForloebId"]
    assert numbers(endpoint.fetch(KOMMUNE)) == [optag["HaendelseNummer"], left["HaendelseNummer"]]


def test_departments_and_their_main_institution_share_a_forloeb(endpoint: Endpoint) -> None:
    """F087, F200: the main institution counts, and each code of each code set."""
    on_department = sent(endpoint, InstitutionNummer=DEPARTMENT)
    completed = sent(endpoint, **COMPLETED, GennemfoertHf=True)
    assert completed["ForloebId"] == on_department["ForloebId"]
    activity = {name: value for name, value in UNGDOM.items() if name != "Uddannelse"}
    ids = {
        accepted(endpoint.report(service, {**activity, **fields}))["ForloebId"]
        for service, fields in (
            (FORBEREDENDE_AKTIVITET, {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "1060"}),
            (FORBEREDENDE_AKTIVITET, {"InstitutionNummer": SCHOOL, "ForberedendeAktivitetsKode": "0300"}),
            (
                FORBEREDENDE_AKTIVITET,
                {"InstitutionNummer": SCHOOL, "ElevTrin": 10, "KlasseTrin": 10, "KlasseType": "40"},
            ),
            (KOMMUNE_AKTIVITET, {"InstitutionNummer": KOMMUNE, "KommuneAktivitetsKode": "K11"}),
        )
    }
    assert len(ids) == 4
    assert on_department["ForloebId"] not in ids


@pytest.mark.parametrize("end", [LEFT, {**COMPLETED, "GennemfoertHf": False}], ids=["afbrud", "gennemfoert"])
@pytest.mark.parametrize("day", ["2026-08-01", "2026-09-01"])
def test_an_optag_reported_after_the_end_opens_a_new_forloeb(endpoint: Endpoint, end: dict[str, Any], day: str) -> None:
    """F201: whatever its date; after a gennemfoert from another number of the main institution (5001)."""
    first = sent(endpoint, day="2026-08-05")
    sent(endpoint, **end)
    anew = sent(endpoint, day=day, InstitutionNummer=DEPARTMENT)
    assert anew["ForloebId"] != first["ForloebId"]


def test_the_level_rises_with_what_is_completed(endpoint: Endpoint) -> None:
    """F089, F158: a whole hf raises it; a single subject does not, and the feed goes on after it."""
    sent(endpoint, day="2026-08-03")
    sent(endpoint, day="2026-08-07", **COMPLETED, GennemfoertHf=False)
    assert looked_up(endpoint)["AfsluttetUddannelsesNiveau"] == "Uddannelsespligt"
    endpoint.fetch(KOMMUNE)
    later = sent(endpoint, FGU)
    assert numbers(endpoint.fetch(KOMMUNE)) == [later["HaendelseNummer"]]
    sent(endpoint, InstitutionNummer=DEPARTMENT)
    sent(endpoint, InstitutionNummer=DEPARTMENT, **COMPLETED, GennemfoertHf=True)
    assert looked_up(endpoint)["AfsluttetUddannelsesNiveau"] == "Ungdomsuddannelse"


def test_an_ej_moedt_before_its_optag_leaves_the_youth_admitted(world: World, endpoint: Endpoint) -> None:
    """The guide for senders: send in order."""
    world.clock("2026-06-20T08:00:00")
    no_show = {"Status": 2, "AfbrudsarsagsKode": "1"}
    early = sent(endpoint, day="2026-06-20", **no_show)
    assert codes(early) == {"5003"}
    optag = sent(endpoint)
    assert optag["ForloebId"] != early["ForloebId"]
    again = sent(endpoint, day="2026-06-19", **no_show)
    assert again["ForloebId"] == optag["ForloebId"], "the forloeb was open"


def test_a_moved_start_needs_the_afbrud_cancelled_too(world: World, endpoint: Endpoint) -> None:
    """The guide for senders: cancel both, and report both again."""
    world.clock("2026-06-01T08:00:00")
    optag = sent(endpoint)
    world.clock("2026-06-20T08:00:00")
    no_show = {"day": "2026-06-20", "Status": 2, "AfbrudsarsagsKode": "1"}
    left = sent(endpoint, **no_show)
    cancelled = sent(endpoint, Annullering=True, HaendelseNummer=optag["HaendelseNummer"])
    assert codes(cancelled) == {"6004"}
    moved = sent(endpoint, day="2026-08-17")
    assert moved["ForloebId"] != left["ForloebId"], "admitted, though the youth has withdrawn"
    sent(endpoint, **no_show, Annullering=True, HaendelseNummer=left["HaendelseNummer"])
    anew = sent(endpoint, **no_show)
    assert anew["ForloebId"] == moved["ForloebId"]
    assert dates_of_optag(endpoint)[anew["HaendelseNummer"]] == "2026-08-17"
