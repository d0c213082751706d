"""The kommune's reports through the endpoint: activities, marks, contact times, contact persons, wishes (V 2)."""

from typing import Any

import pytest

from tests.support.endpoint import Endpoint, codes
from tests.support.fetches import numbers
from tests.support.reports import UNGDOM, accepted
from tests.support.rows import count
from tests.support.world import GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.services import (
    INSTITUTION_KONTAKT,
    KOMMUNE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    UNGDOMSUDDANNELSE,
)
from udb.store.tables import call_key, haendelse, kontakt, onske, read_log

CPRNR = "7103095123"
"""Born 11 March 2009: 17 years old in the world's August 2026."""
YOUTH = {"CPRNr": CPRNR, "InstitutionNummer": KOMMUNE}
CONTACT = {
    **YOUTH,
    "KontaktNavn": "Test Jensen",
    "KontaktMail": "test@jensen.example",
    "KontaktTelefon": "23456789",
}


@pytest.fixture(autouse=True)
def youth(world: World) -> int:
    return world.person(CPRNR)


def registered(endpoint: Endpoint) -> Any:
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    return ung["KontaktJobOgUddannelsesonsker"]


def test_a_contact_person_stands_in_the_look_up_alone(endpoint: Endpoint) -> None:
    receipt = accepted(endpoint.report(KONTAKTPERSON, CONTACT))
    assert (receipt["HaendelseNummer"], receipt["ForloebId"], receipt["Fejl"]) == (None, None, [])
    (group,) = registered(endpoint)
    assert group["KommuneInstitutionNummer"] == KOMMUNE
    contact = group["KommuneKontakt"]
    assert {name: contact[name] for name in ("KontaktNavn", "KontaktMail", "KontaktTelefon")} == {
        name: CONTACT[name] for name in ("KontaktNavn", "KontaktMail", "KontaktTelefon")
    }
    assert contact["KontaktRegistreringstid"].isoformat() == "2026-08-10T00:00:00+02:00"
    assert endpoint.fetch(KOMMUNE)["HaendelserUng"] == []


def test_the_latest_contact_person_stands_until_deleted(world: World, endpoint: Endpoint) -> None:
    accepted(endpoint.report(KONTAKTPERSON, CONTACT))
    world.clock("2027-08-11T08:00:00")
    assert registered(endpoint)[0]["KommuneKontakt"]["KontaktNavn"] == "Test Jensen", "a year later: still there"
    accepted(endpoint.report(KONTAKTPERSON, {**CONTACT, "KontaktNavn": "Ny Kontakt"}))
    assert registered(endpoint)[0]["KommuneKontakt"]["KontaktNavn"] == "Ny Kontakt"
    accepted(endpoint.report(KONTAKTPERSON, {**YOUTH, "Slet": True}))
    assert registered(endpoint) == []
    accepted(endpoint.report(KONTAKTPERSON, {**YOUTH, "Slet": True}))


def test_each_kind_of_wish_has_its_own_list_and_time(world: World, endpoint: Endpoint) -> None:
    accepted(endpoint.report(ONSKER, {**YOUTH, "JobOnsker": [{"JobOnsker": "Skolelærer"}, {"JobOnsker": "Tømrer"}]}))
    world.clock("2026-08-11T08:00:00")
    accepted(endpoint.report(ONSKER, {**YOUTH, "UddannelsesOnsker": [{"UddannelsesOnsker": "Sundhed"}]}))
    (group,) = registered(endpoint)
    assert group["KommuneKontakt"] is None
    jobs = [(wish["JobOnsker"], wish["JobRegistreringstid"].day) for wish in group["JobOnsker"]]
    educations = [
        (wish["UddannelsesOnsker"], wish["UddannelseRegistreringstid"].day) for wish in group["UddannelsesOnsker"]
    ]
    assert (jobs, educations) == ([("Skolelærer", 10), ("Tømrer", 10)], [("Sundhed", 11)])
    accepted(endpoint.report(ONSKER, {**YOUTH, "JobOnsker": [{"JobOnsker": "Kok"}], "Slet": "Uddannelse"}))
    (group,) = registered(endpoint)
    assert [wish["JobOnsker"] for wish in group["JobOnsker"]] == ["Kok"]
    assert group["UddannelsesOnsker"] == []


def test_the_home_kommune_comes_first_and_may_delete_what_an_earlier_one_registered(
    world: World, endpoint: Endpoint
) -> None:
    accepted(endpoint.report(KONTAKTPERSON, CONTACT))
    world.person(CPRNR, kommune="751")
    other = {**YOUTH, "InstitutionNummer": OTHER_KOMMUNE}
    accepted(endpoint.report(ONSKER, {**other, "JobOnsker": [{"JobOnsker": "Kok"}]}))
    (ung,) = endpoint.fetch(OTHER_KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    groups = [group["KommuneInstitutionNummer"] for group in ung["KontaktJobOgUddannelsesonsker"]]
    assert groups == [OTHER_KOMMUNE, KOMMUNE]
    assert codes(endpoint.report(KONTAKTPERSON, CONTACT)) == {"7001"}
    accepted(endpoint.report(KONTAKTPERSON, {**other, "Slet": True}))
    (ung,) = endpoint.fetch(OTHER_KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    assert [g["KommuneInstitutionNummer"] for g in ung["KontaktJobOgUddannelsesonsker"]] == [OTHER_KOMMUNE]
    assert count(world.engine, kontakt) == 0
    assert codes(endpoint.report(KONTAKTPERSON, {**YOUTH, "Slet": True})) == {"7001"}, "neither home nor registered"


def test_the_former_home_kommune_deletes_its_own_alone(world: World, endpoint: Endpoint) -> None:
    wishes = {"JobOnsker": [{"JobOnsker": "Kok"}]}
    accepted(endpoint.report(ONSKER, {**YOUTH, **wishes}))
    world.person(CPRNR, kommune="751")
    accepted(endpoint.report(ONSKER, {**YOUTH, **wishes, "InstitutionNummer": OTHER_KOMMUNE}))
    accepted(endpoint.report(ONSKER, {**YOUTH, "Slet": "Begge"}))
    (ung,) = endpoint.fetch(OTHER_KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    assert [g["KommuneInstitutionNummer"] for g in ung["KontaktJobOgUddannelsesonsker"]] == [OTHER_KOMMUNE]
    assert count(world.engine, onske) == 1


def test_a_kommunes_activity_and_mark_are_education_events(world: World, endpoint: Endpoint) -> None:
    common = {
        **YOUTH,
        "HaendelseDato": "2026-08-10T00:00:00",
        "Status": 1,
        "KildeLeverandoer": "UVvej",
        "Annullering": False,
    }
    activity = accepted(endpoint.report(KOMMUNE_AKTIVITET, {**common, "KommuneAktivitetsKode": "K01"}))
    optag = accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}))
    named = {"IfoelgeKommunen": "Risiko", "VedroererHaendelseNummer": optag["HaendelseNummer"]}
    mark = accepted(endpoint.report(KOMMUNE_AKTIVITET, {**common, **named}))
    assert mark["ForloebId"] == optag["ForloebId"], "filed in the forløb it refers to"
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    events = {event["HaendelseNummer"]: event for event in ung["HaendelseUddannelsesForloeb"]}
    assert events[activity["HaendelseNummer"]]["KommuneAktivitetsKode"] == "K01"
    assert {name: events[mark["HaendelseNummer"]][name] for name in named} == named
    world.person(CPRNR, kommune="751")
    cancel = {**common, **named, "Annullering": True, "HaendelseNummer": mark["HaendelseNummer"]}
    accepted(endpoint.report(KOMMUNE_AKTIVITET, cancel))


def test_a_contact_time_keeps_its_time_of_day_and_refers_to_the_afbrud(endpoint: Endpoint) -> None:
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR, "HaendelseDato": "2026-08-03T00:00:00"}))
    left = {**UNGDOM, "CPRNr": CPRNR, "Status": 2, "AfbrudsarsagsKode": "9"}
    afbrud = accepted(endpoint.report(UNGDOMSUDDANNELSE, left))
    contact_time = {
        **YOUTH,
        "Type": "Tilbudstid",
        "HaendelseDato": "2026-08-20T14:30:00+02:00",
        "AfbrudHaendelseNummer": afbrud["HaendelseNummer"],
        "KildeLeverandoer": "UVvej",
        "Annullering": False,
    }
    receipt = accepted(endpoint.report(KONTAKT_TILBUDSTID, contact_time))
    assert receipt["ForloebId"] is None
    for criterion in ({}, {"CPRNr": CPRNR}):
        (ung,) = endpoint.fetch(KOMMUNE, **criterion)["HaendelserUng"]
        (event,) = ung["HaendelseKontaktTilbudstid"]
        assert event["HaendelseNummer"] == receipt["HaendelseNummer"]
        assert event["HaendelseDato"].isoformat() == contact_time["HaendelseDato"]
        assert event["AfbrudHaendelseNummer"] == afbrud["HaendelseNummer"]
        assert (event["Type"], event["Annullering"]) == ("Tilbudstid", False)
    cancel = {**contact_time, "Annullering": True, "HaendelseNummer": receipt["HaendelseNummer"]}
    cancelled = accepted(endpoint.report(KONTAKT_TILBUDSTID, cancel))
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    (event,) = ung["HaendelseKontaktTilbudstid"]
    assert event["AnnulleretHaendelseNummer"] == receipt["HaendelseNummer"]
    assert event["HaendelseNummer"] == cancelled["HaendelseNummer"]


def test_an_institutions_contact_person_needs_an_order_and_an_open_forloeb(
    world: World, endpoint: Endpoint, youth: int
) -> None:
    contact = {**CONTACT, "InstitutionNummer": GYMNASIUM}
    assert codes(endpoint.report(INSTITUTION_KONTAKT, contact)) == {"7011"}
    accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}))
    assert codes(endpoint.report(INSTITUTION_KONTAKT, contact)) == {"7011"}
    world.subscribe(youth)
    accepted(endpoint.report(INSTITUTION_KONTAKT, contact))
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    assert ung["UngHarUddannelsespaalaeg"] is True
    (kept,) = ung["InstitutionKontakt"]
    assert (kept["InstitutionNummer"], kept["KontaktNavn"]) == (GYMNASIUM, "Test Jensen")
    accepted(endpoint.report(INSTITUTION_KONTAKT, {**YOUTH, "InstitutionNummer": GYMNASIUM, "Slet": True}))
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    assert ung["InstitutionKontakt"] == []


def test_validate_only_says_the_same_and_stores_nothing(world: World, endpoint: Endpoint) -> None:
    trial = Endpoint(endpoint.app, query="kun-validering=1")
    good = trial.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR, "HaendelseDato": "2027-02-01T00:00:00"}, "k")
    assert (good["Resultat"], codes(good)) == ("Accepteret", {"3004"})
    assert (good["HaendelseNummer"], good["ForloebId"]) == (None, None)
    bad = trial.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR, "Status": 2}, "k")
    assert (bad["Resultat"], codes(bad) >= {"4003"}) == ("Afvist", True)
    accepted(trial.report(KONTAKTPERSON, CONTACT))
    assert [count(world.engine, table) for table in (haendelse, kontakt, call_key)] == [0, 0, 0]
    assert count(world.engine, read_log) == 3
    sent = accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR}, "k"))
    assert numbers(endpoint.fetch(KOMMUNE)) == [sent["HaendelseNummer"]]
