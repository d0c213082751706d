"""A report through the public endpoint: receipt, event, call key, cancellation."""

from typing import Any

import pytest
import zeep.exceptions
from lxml import etree
from sqlalchemy import select

from tests.support.endpoint import SOAP_11, SOAP_12, Endpoint, codes
from tests.support.reports import CPRNR, REPORTS, UNGDOM
from tests.support.rows import count
from tests.support.world import DEPARTMENT, GYMNASIUM, KOMMUNE, World
from udb.domain.services import FORBEREDENDE_AKTIVITET, UNGDOMSUDDANNELSE
from udb.store.tables import call_key, haendelse, haendelse_raad, read_log


@pytest.fixture(autouse=True)
def youth(world: World) -> None:
    world.person(CPRNR)


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
@pytest.mark.parametrize("service", REPORTS)
def test_every_education_report_becomes_an_event_the_kommune_fetches(
    endpoint: Endpoint, service: str, soap: str
) -> None:
    caller = Endpoint(endpoint.app, soap=soap)
    receipt = caller.report(service, REPORTS[service])
    assert (receipt["Resultat"], receipt["Fejl"]) == ("Accepteret", [])
    for criterion in ({}, {"HaendelseNummer": "UDB-" + "0" * 23}, {"CPRNr": CPRNR}):
        (fetched,) = caller.fetch(KOMMUNE, **criterion)["HaendelserUng"]
        (event,) = fetched["HaendelseUddannelsesForloeb"]
        assert event["HaendelseNummer"] == receipt["HaendelseNummer"]
        assert event["ForloebId"] == receipt["ForloebId"]
        for name, value in REPORTS[service].items():
            if name == "Uddannelse":
                assert {key: event[name][key] for key in value} == value
            elif name not in {"CPRNr", "HaendelseDato"}:
                assert event[name] == value, name


def test_a_refused_report_leaves_no_trace_but_the_read_log(world: World, endpoint: Endpoint) -> None:
    receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "Status": 2, "HaendelseDato": "2026-08-11T00:00:00"}, "k")
    assert receipt["Resultat"] == "Afvist"
    assert receipt["HaendelseNummer"] is None
    assert receipt["ForloebId"] is None
    assert codes(receipt) >= {"3001", "4003"}
    assert [count(world.engine, table) for table in (haendelse, call_key, read_log)] == [0, 0, 1]
    corrected = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "k")
    assert corrected["Resultat"] == "Accepteret", "a refused first try does not block a corrected second"


def test_the_same_report_under_the_same_key_is_stored_once(world: World, endpoint: Endpoint) -> None:
    first = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "k")
    world.clock("2026-08-12T08:00:00")
    same_instant = {**UNGDOM, "HaendelseDato": "2026-08-09T22:00:00Z"}
    again = endpoint.report(UNGDOMSUDDANNELSE, same_instant, "k")
    assert zeep.helpers.serialize_object(again) == zeep.helpers.serialize_object(first)
    assert count(world.engine, haendelse) == 1


def test_blanks_around_a_code_are_no_part_of_it(world: World, endpoint: Endpoint) -> None:
    report = {**UNGDOM, "Speciale": "A1"}
    assert endpoint.report(UNGDOMSUDDANNELSE, report)["Resultat"] == "Accepteret"
    blank = {**report, "Speciale": "\n A1 ", "Uddannelse": {"COsAFormaal": " 3017 ", "COsAFormaalVersion": 2}}
    assert codes(endpoint.report(UNGDOMSUDDANNELSE, blank)) == {"5002"}
    assert count(world.engine, haendelse) == 1
    (fetched,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    assert [event["Speciale"] for event in fetched["HaendelseUddannelsesForloeb"]] == ["A1"]


@pytest.mark.parametrize(
    ("service", "fields"),
    [
        (UNGDOMSUDDANNELSE, {"Speciale": " "}),
        (UNGDOMSUDDANNELSE, {"Status": 2, "AfbrudsarsagsKode": " \t"}),
        (UNGDOMSUDDANNELSE, {"Uddannelse": {"COsAFormaal": " ", "COsAFormaalVersion": 2}}),
        (FORBEREDENDE_AKTIVITET, {"KlasseType": "  "}),
    ],
)
def test_a_code_of_blanks_alone_is_not_valid(world: World, endpoint: Endpoint, service: str, fields: Any) -> None:
    with pytest.raises(zeep.exceptions.Fault) as refused:
        endpoint.report(service, {**REPORTS[service], **fields})
    assert "IPL000002" in etree.tostring(refused.value.detail, encoding="unicode")
    assert count(world.engine, haendelse) == 0


def test_another_report_under_the_same_key_is_9001(world: World, endpoint: Endpoint) -> None:
    first = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "k")
    other = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "HaendelseDato": "2026-08-11T00:00:00"}, "k")
    assert (other["Resultat"], codes(other)) == ("Afvist", {"9001"})
    assert first["HaendelseNummer"] not in str(other)
    assert count(world.engine, haendelse) == 1


def test_the_key_is_the_callers_own(world: World, endpoint: Endpoint) -> None:
    world.person("7103075124")
    endpoint.report(UNGDOMSUDDANNELSE, UNGDOM, "k")
    for service, fields in (
        (UNGDOMSUDDANNELSE, {**UNGDOM, "InstitutionNummer": DEPARTMENT, "Status": 1, "Speciale": "x"}),
        (FORBEREDENDE_AKTIVITET, REPORTS[FORBEREDENDE_AKTIVITET]),
    ):
        receipt = endpoint.report(service, fields, "k")
        assert "9001" not in codes(receipt), "another institution or operation has keys of its own"


def test_advice_is_in_the_receipt_and_kept_with_the_event(world: World, endpoint: Endpoint) -> None:
    receipt = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "HaendelseDato": "2027-02-01T00:00:00"})
    assert (receipt["Resultat"], codes(receipt)) == ("Accepteret", {"3004"})
    with world.engine.connect() as connection:
        kept = connection.execute(select(haendelse_raad.c.nummer, haendelse_raad.c.fejl_kode)).all()
    assert kept == [(receipt["HaendelseNummer"], "3004")]


def test_a_cancelled_report_is_gone_and_its_cancellation_is_given_to_those_who_had_it(endpoint: Endpoint) -> None:
    optag = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    assert len(endpoint.fetch(KOMMUNE)["HaendelserUng"]) == 1
    cancel = {**UNGDOM, "Annullering": True, "HaendelseNummer": optag["HaendelseNummer"]}
    receipt = endpoint.report(
        UNGDOMSUDDANNELSE, {**cancel, "InstitutionNummer": DEPARTMENT, "KildeLeverandoer": "Andet"}
    )
    assert receipt["Resultat"] == "Accepteret", receipt
    assert receipt["HaendelseNummer"] > optag["HaendelseNummer"]
    assert receipt["ForloebId"] == optag["ForloebId"]
    (youth,) = endpoint.fetch(KOMMUNE)["HaendelserUng"]
    (event,) = youth["HaendelseUddannelsesForloeb"]
    assert event["HaendelseNummer"] == receipt["HaendelseNummer"]
    assert event["AnnulleretHaendelseNummer"] == optag["HaendelseNummer"]
    assert event["Annullering"] is True
    assert (event["KildeLeverandoer"], event["InstitutionNummer"]) == ("LUDUS", GYMNASIUM), "the cancelled report's own"
    (looked_up,) = endpoint.fetch(KOMMUNE, CPRNr=CPRNR)["HaendelserUng"]
    assert looked_up["HaendelseUddannelsesForloeb"] == []


def test_a_report_cancelled_before_anybody_had_it_is_never_new(endpoint: Endpoint) -> None:
    optag = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "Annullering": True, "HaendelseNummer": optag["HaendelseNummer"]})
    assert endpoint.fetch(KOMMUNE)["HaendelserUng"] == []
    (by_number,) = endpoint.fetch(KOMMUNE, HaendelseNummer=optag["HaendelseNummer"])["HaendelserUng"]
    assert [event["Annullering"] for event in by_number["HaendelseUddannelsesForloeb"]] == [True]


def test_a_repetition_after_a_number_change_takes_the_twins_forloeb_and_place(world: World, endpoint: Endpoint) -> None:
    first = endpoint.report(UNGDOMSUDDANNELSE, UNGDOM)
    world.change_number(CPRNR, "7103075200")
    afbrud = {**UNGDOM, "Status": 2, "AfbrudsarsagsKode": "9"}
    assert codes(endpoint.report(UNGDOMSUDDANNELSE, afbrud)) == {"1003"}
    again = endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": "7103075200"})
    assert (again["Resultat"], again["ForloebId"], again["Fejl"]) == ("Accepteret", first["ForloebId"], [])
    (youth,) = endpoint.fetch(KOMMUNE, CPRNr="7103075200")["HaendelserUng"]
    assert [e["HaendelseNummer"] for e in youth["HaendelseUddannelsesForloeb"]] == [again["HaendelseNummer"]]
    cancelled = endpoint.report(
        UNGDOMSUDDANNELSE, {**UNGDOM, "Annullering": True, "HaendelseNummer": first["HaendelseNummer"]}
    )
    assert cancelled["Resultat"] == "Accepteret", cancelled
    with world.engine.connect() as connection:
        named = connection.execute(
            select(haendelse.c.annulleret_haendelse_nummer).where(haendelse.c.annullering).order_by(haendelse.c.nummer)
        ).scalars()
        assert list(named) == [first["HaendelseNummer"], again["HaendelseNummer"]]


def test_an_unknown_institution_and_a_missing_dataaftale_are_one_answer(world: World, endpoint: Endpoint) -> None:
    world.institution("499001", agreed=False)
    details = []
    for nummer in ("499001", "499002"):
        with pytest.raises(zeep.exceptions.Fault) as fault:
            endpoint.report(UNGDOMSUDDANNELSE, {**UNGDOM, "InstitutionNummer": nummer})
        detailer = fault.value.detail[0]
        details.append([(child.tag, child.text) for child in detailer.iter() if "orrelation" not in child.tag])
        assert "UDB009102" in str(details[-1])
    assert [d for d in details[0] if "Timestamp" not in d[0]] == [d for d in details[1] if "Timestamp" not in d[0]]
