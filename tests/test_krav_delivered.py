"""Data that the vejledning says is delivered, and its form (docs/krav.csv names these tests)."""

import re
from typing import Any

import pytest
import zeep.exceptions
from lxml import etree

from tests.support.endpoint import HOST, Endpoint, basic, codes, request
from tests.support.fetches import numbers
from tests.support.reports import REPORTS, UNGDOM, accepted
from tests.support.world import EUD_SCHOOL, GYMNASIUM, KOMMUNE, OTHER_KOMMUNE, World
from udb.domain.services import (
    FORBEREDENDE_AKTIVITET,
    KONTAKT_TILBUDSTID,
    KONTAKTPERSON,
    ONSKER,
    SERVICES,
    UNGDOMSUDDANNELSE,
)
from udb.paths import CONTRACT

CPRNR = "7103095123"
"""Born 11 March 2009: 17 years old in the world's August 2026."""
YOUTH = {"CPRNr": CPRNR, "InstitutionNummer": KOMMUNE}
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
TEST = {"COsAFormaal": "3000", "COsAFormaalVersion": 1}


@pytest.fixture(autouse=True)
def youth(world: World) -> None:
    world.person(CPRNR)


def sent(endpoint: Endpoint, **fields: Any) -> Any:
    """Return the receipt of an accepted report on an hf."""
    return accepted(endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": CPRNR, **fields}))


def events(answer: Any) -> list[Any]:
    (ung,) = answer["HaendelserUng"]
    return list(ung["HaendelseUddannelsesForloeb"])


def test_practice_place_and_speciale_come_with_the_optag(endpoint: Endpoint) -> None:
    """F028, F029: of an EUD; the kommune gets both."""
    sent(
        endpoint,
        InstitutionNummer=EUD_SCHOOL,
        Uddannelse={"COsAFormaal": "9100", "COsAFormaalVersion": 2},
        Praktiksted="Tømrer Hansen",
        Speciale="Gulv",
    )
    (event,) = events(endpoint.fetch(KOMMUNE))
    assert (event["Praktiksted"], event["Speciale"]) == ("Tømrer Hansen", "Gulv")


@pytest.mark.parametrize("uddannelse", [UNGDOM["Uddannelse"], TEST], ids=["hf", "admission test"])
@pytest.mark.parametrize("criterion", [{}, {"HaendelseNummer": "UDB-" + "0" * 23}, {"CPRNr": CPRNR}], ids=str)
def test_each_kind_of_education_event_is_delivered(
    endpoint: Endpoint, criterion: dict[str, str], uddannelse: dict[str, Any]
) -> None:
    """F016, F017, F018, F144, F165: optag, optag with risk, afbrud and gennemfoert, of education and admission test."""
    steps: list[dict[str, Any]] = [
        {"Status": 1},
        {"Status": 1, "FrafaldstruetMarkering": True},
        {"Status": 2, "AfbrudsarsagsKode": "1"},
        {"Status": 1},
        {"Status": 3, "GennemfoertHf": False},
    ]
    receipts = [sent(endpoint, Uddannelse=uddannelse, **step) for step in steps]
    given = events(endpoint.fetch(KOMMUNE, **criterion))
    assert [event["HaendelseNummer"] for event in given] == [receipt["HaendelseNummer"] for receipt in receipts]
    assert [(event["Status"], event["FrafaldstruetMarkering"] or False) for event in given] == [
        (1, False),
        (1, True),
        (2, False),
        (1, False),
        (3, False),
    ]


def test_contact_and_offer_time_are_delivered_with_their_time(endpoint: Endpoint) -> None:
    """F109, F113."""
    sent(endpoint)
    afbrud = sent(endpoint, Status=2, AfbrudsarsagsKode="904")
    times = {"Kontakttid": "2026-08-10T07:15:00+02:00", "Tilbudstid": "2026-08-20T14:30:00+02:00"}
    for kind, when in times.items():
        report = {
            **YOUTH,
            "Type": kind,
            "HaendelseDato": when,
            "AfbrudHaendelseNummer": afbrud["HaendelseNummer"],
            "KildeLeverandoer": "UVvej",
            "Annullering": False,
        }
        accepted(endpoint.report(KONTAKT_TILBUDSTID, report))
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    given = {event["Type"]: event["HaendelseDato"].isoformat() for event in ung["HaendelseKontaktTilbudstid"]}
    assert given == times


def test_contact_times_of_one_day_stand_in_the_order_of_their_time(endpoint: Endpoint) -> None:
    """F113: whichever was reported first."""
    sent(endpoint)
    afbrud = sent(endpoint, Status=2, AfbrudsarsagsKode="904")
    for when in ("2026-08-10T07:45:00+02:00", "2026-08-10T07:15:00+02:00"):
        report = {
            **YOUTH,
            "Type": "Kontakttid",
            "HaendelseDato": when,
            "AfbrudHaendelseNummer": afbrud["HaendelseNummer"],
            "KildeLeverandoer": "UVvej",
            "Annullering": False,
        }
        accepted(endpoint.report(KONTAKT_TILBUDSTID, report))
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    given = [event["HaendelseDato"].isoformat() for event in ung["HaendelseKontaktTilbudstid"]]
    assert given == ["2026-08-10T07:15:00+02:00", "2026-08-10T07:45:00+02:00"]


def test_contact_times_of_the_hour_that_comes_twice_stand_by_instant(world: World, endpoint: Endpoint) -> None:
    """F113: the hour before, both hours from 2 to 3 on 25 October, and the hour after, reported from the last on."""
    sent(endpoint)
    afbrud = sent(endpoint, Status=2, AfbrudsarsagsKode="904")
    world.clock("2026-10-25T12:00:00")
    times = [
        "2026-10-25T01:59:59+02:00",
        "2026-10-25T02:15:00+02:00",
        "2026-10-25T02:45:00+02:00",
        "2026-10-25T02:15:00+01:00",
        "2026-10-25T02:45:00+01:00",
        "2026-10-25T03:00:00+01:00",
    ]
    for when in reversed(times):
        report = {
            **YOUTH,
            "Type": "Kontakttid",
            "HaendelseDato": when,
            "AfbrudHaendelseNummer": afbrud["HaendelseNummer"],
            "KildeLeverandoer": "UVvej",
            "Annullering": False,
        }
        accepted(endpoint.report(KONTAKT_TILBUDSTID, report))
    (ung,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [event["HaendelseDato"].isoformat() for event in ung["HaendelseKontaktTilbudstid"]] == times


def test_contact_and_wishes_as_the_vejledning_prints_them(world: World, endpoint: Endpoint) -> None:
    """F150, F179, F182, F183: each part with the day it was registered, as midnight; in the look-up alone."""
    cprnr = "7103015123"
    world.person(cprnr)
    for day, service, fields in (
        (
            "2019-09-02",
            KONTAKTPERSON,
            {"KontaktNavn": "Test Jensen", "KontaktMail": "test@jensen.dk", "KontaktTelefon": "23456789"},
        ),
        ("2019-11-19", ONSKER, {"JobOnsker": [{"JobOnsker": "Skolelærer"}]}),
        ("2019-11-20", ONSKER, {"UddannelsesOnsker": [{"UddannelsesOnsker": "Skolelærer"}]}),
    ):
        world.clock(f"{day}T10:30:00")
        accepted(endpoint.report(service, {**YOUTH, "CPRNr": cprnr, **fields}))
    assert endpoint.fetch(KOMMUNE)["HaendelserUng"] == []
    (ung,) = endpoint.fetch(KOMMUNE, CPRNr=cprnr)["HaendelserUng"]
    (group,) = ung["KontaktJobOgUddannelsesonsker"]
    assert group["KommuneInstitutionNummer"] == KOMMUNE
    contact = group["KommuneKontakt"]
    assert (contact["KontaktNavn"], contact["KontaktMail"], contact["KontaktTelefon"]) == (
        "Test Jensen",
        "test@jensen.dk",
        "23456789",
    )
    assert contact["KontaktRegistreringstid"].isoformat() == "2019-09-02T00:00:00+02:00"
    (job,), (education,) = group["JobOnsker"], group["UddannelsesOnsker"]
    assert (job["JobOnsker"], job["JobRegistreringstid"].isoformat()) == ("Skolelærer", "2019-11-19T00:00:00+01:00")
    assert (education["UddannelsesOnsker"], education["UddannelseRegistreringstid"].isoformat()) == (
        "Skolelærer",
        "2019-11-20T00:00:00+01:00",
    )


def test_reports_of_the_hour_that_comes_twice_keep_their_order(world: World, endpoint: Endpoint) -> None:
    """F161, F162: the clock shows an earlier time the second time, yet the number is higher; and both have V's form."""
    drawn = []
    for now, service in (
        ("2026-10-25T02:30:00+02:00", UNGDOMSUDDANNELSE),
        ("2026-10-25T02:10:00+01:00", FORBEREDENDE_AKTIVITET),
    ):
        world.clock(now)
        report = {**REPORTS[service], "CPRNr": CPRNR, "HaendelseDato": "2026-10-25T00:00:00"}
        drawn.append(accepted(endpoint.report(service, report)))
    first, second = (receipt["HaendelseNummer"] for receipt in drawn)
    assert first < second
    assert first[:12] == second[:12] == "UDB-20261025"
    assert all(re.fullmatch(r"UDB-\d{23}", number) for number in (first, second))
    assert all(re.fullmatch(r"UDB-FL-\d{23}", receipt["ForloebId"]) for receipt in drawn)
    assert numbers(endpoint.fetch(KOMMUNE)) == [first, second]
    assert numbers(endpoint.fetch(KOMMUNE, HaendelseNummer=first)) == [second]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("2018-03-10T23:00:00.000+01:00", "2018-03-10T00:00:00+01:00"),
        ("2018-03-10T23:00:00Z", "2018-03-11T00:00:00+01:00"),
        ("2018-03-10T00:00:00", "2018-03-10T00:00:00+01:00"),
        ("2017-07-31T22:00:00Z", "2017-08-01T00:00:00+02:00"),
    ],
)
def test_a_date_is_the_danish_day_and_comes_back_as_its_midnight(
    world: World, endpoint: Endpoint, said: str, shown: str
) -> None:
    """F171."""
    cprnr = "7103015123"
    world.person(cprnr)
    world.clock("2018-03-13T09:08:25")
    sent(endpoint, CPRNr=cprnr, HaendelseDato=said)
    (event,) = events(endpoint.fetch(KOMMUNE, CPRNr=cprnr))
    assert event["HaendelseDato"].isoformat() == shown


def test_the_school_s_kommune_cannot_look_up_who_lives_elsewhere(world: World, endpoint: Endpoint) -> None:
    """F207: not even a youth with an event that it would get."""
    world.person(CPRNR, kommune="751")
    accepted(endpoint.report(FORBEREDENDE_AKTIVITET, {**REPORTS[FORBEREDENDE_AKTIVITET], "CPRNr": CPRNR}))
    assert codes(endpoint.fetch(KOMMUNE, CPRNr=CPRNR)) == {"8002"}
    assert len(events(endpoint.fetch(OTHER_KOMMUNE, CPRNr=CPRNR))) == 1


def test_a_system_reports_for_the_institutions_it_has_agreements_for(world: World, endpoint: Endpoint) -> None:
    """F094, F095: one system for two institutions, and for none without its own agreement; a wrong key not at all."""
    sent(endpoint)
    accepted(endpoint.report(FORBEREDENDE_AKTIVITET, {**REPORTS[FORBEREDENDE_AKTIVITET], "CPRNr": CPRNR}))
    world.system("skolens", "en-noegle-helt-sin-egen", GYMNASIUM)
    own = Endpoint(endpoint.app, system="skolens", key="en-noegle-helt-sin-egen")
    sent(own, Speciale="A")
    stranger = Endpoint(endpoint.app, system="skolens", key="en-anden-noegle-helt")
    for caller, service, code in (
        (own, FORBEREDENDE_AKTIVITET, "UDB009102"),
        (stranger, UNGDOMSUDDANNELSE, "UDB009101"),
    ):
        with pytest.raises(zeep.exceptions.Fault) as fault:
            caller.report(service, {**REPORTS[service], "CPRNr": CPRNR})
        assert fault.value.detail[0].findtext("{*}ErrorCode") == code


@pytest.mark.parametrize("service", sorted(REPORTS))
def test_a_report_without_an_event_date_is_no_report(endpoint: Endpoint, service: str) -> None:
    """F023, F196: whatever its status."""
    sample = (CONTRACT / "samples" / f"{service}Request.xml").read_text("utf-8")
    for status in ("1", "2", "3"):
        body = etree.fromstring(sample.encode())
        (report,) = body.find("{*}Message")
        report.find("{*}Status").text = status
        report.remove(report.find("{*}HaendelseDato"))
        envelope = (
            f'<e:Envelope xmlns:e="{SOAP}"><e:Body>{etree.tostring(body, encoding="unicode")}</e:Body></e:Envelope>'
        )
        headers = {"Content-Type": "text/xml; charset=utf-8", "Authorization": basic()}
        answer = request(endpoint.app, "POST", f"http://{HOST}{SERVICES[service].path}", envelope.encode(), headers)
        assert answer.status == 500
        fault = etree.fromstring(answer.body)
        assert fault.findtext(".//{*}ErrorCode") == "IPL000002"
        assert "HaendelseDato" in fault.findtext(".//{*}Details")
