"""A vendor's whole job over HTTP: every educational report and all three fetches.

The clients are generated from the contract, over both SOAP versions.
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.clients.callers import Caller, Fault, Zeep, call, node
from tests.support.endpoint import SOAP_11, SOAP_12
from tests.support.reports import REPORTS
from tests.support.service import Service
from tests.support.world import KOMMUNE, World
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.rules import r6003
from udb.wsdl import faults

FETCH = "DataTilKommune"
BEFORE_ALL = "UDB-" + "0" * 23
FIRST, LAST = ("CPRNr", "HaendelseNummer"), ("Annullering",)


def in_order(report: dict[str, Any]) -> dict[str, Any]:
    """Return the elements in the contract's order: a client of the package ``soap`` must do that itself."""
    return dict(sorted(report.items(), key=lambda item: (item[0] in LAST) - (item[0] in FIRST)))


YOUTHS = {service: f"71030751{i:02}" for i, service in enumerate(REPORTS)}
OWN_REPORTS = {service: in_order({**report, "CPRNr": YOUTHS[service]}) for service, report in REPORTS.items()}


@pytest.fixture(params=[SOAP_11, SOAP_12])
def soap(request: pytest.FixtureRequest) -> str:
    version: str = request.param
    return version


@pytest.fixture(params=["zeep", "node"])
def caller(request: pytest.FixtureRequest, served: Service, soap: str) -> Iterator[Caller]:
    if request.param == "zeep":
        yield Zeep(served.address, soap)
    else:
        modules: Path = request.getfixturevalue("node_client")
        with node(modules, served.address, soap) as client:
            yield client


def fetch(caller: Caller, **criterion: str) -> list[Any]:
    """Return each event in the answer, with its youth's number."""
    answer = call(caller, FETCH, "HentHaendelser", {"InstitutionNummer": KOMMUNE, **criterion})
    assert answer["FindesFlereHaendelser"] is False
    return [
        (youth["CPRNr"], event)
        for youth in answer.get("HaendelserUng", [])
        for event in youth["HaendelseUddannelsesForloeb"]
    ]


def instant(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def lexical(value: Any) -> Any:
    """Return a value with numbers as their digits: the package ``soap`` makes numbers of plain xs:int, not of types
    with limits.
    """
    if isinstance(value, dict):
        return {name: lexical(item) for name, item in value.items()}
    return value if isinstance(value, bool) else str(value)


def test_a_vendors_job(world: World, caller: Caller) -> None:
    for youth in YOUTHS.values():
        world.person(youth)
    receipts = reports_and_fetches(caller)
    a_refusal_field_by_field(caller, receipts[UNGDOMSUDDANNELSE]["HaendelseNummer"])
    a_fault_with_its_typed_detail(caller)


def reports_and_fetches(caller: Caller) -> dict[str, Any]:
    receipts = {}
    for name, report in OWN_REPORTS.items():
        assert caller.invoke(name, "Ping", {}) in ("up", {"Status": "up"})
        receipts[name] = call(caller, name, name, report)
        assert receipts[name].keys() == {"Resultat", "HaendelseNummer", "ForloebId", "Registreringstid"}
        assert receipts[name]["Resultat"] == "Accepteret"

    assert caller.invoke(FETCH, "Ping", {}) in ("up", {"Status": "up"})
    new = fetch(caller)
    assert [youth for youth, _ in new] == list(YOUTHS.values())
    for (name, report), (_, event) in zip(OWN_REPORTS.items(), new, strict=True):
        for element in ("HaendelseNummer", "ForloebId"):
            assert event[element] == receipts[name][element]
        assert instant(event["HaendelseDato"]) == instant(report["HaendelseDato"])
        for element in report.keys() - {"CPRNr", "HaendelseDato"}:
            assert lexical(event[element]) == lexical(report[element]), element
    assert fetch(caller) == [], "what was given is not new"

    first = receipts[UNGDOMSUDDANNELSE]["HaendelseNummer"]
    assert fetch(caller, HaendelseNummer=BEFORE_ALL) == new
    assert fetch(caller, HaendelseNummer=first) == new[1:]
    assert fetch(caller, CPRNr=YOUTHS[UNGDOMSUDDANNELSE]) == new[:1]
    return receipts


def a_refusal_field_by_field(caller: Caller, taken: str) -> None:
    report = OWN_REPORTS[UNGDOMSUDDANNELSE]
    cancellation = in_order({**report, "Annullering": True, "HaendelseNummer": taken})
    cancelled = call(caller, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, cancellation)
    assert cancelled["Resultat"] == "Accepteret"
    refused = call(caller, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, cancellation)
    assert refused.keys() == {"Resultat", "Registreringstid", "Fejl"}
    assert refused["Resultat"] == "Afvist"
    assert instant(refused["Registreringstid"]) >= instant(cancelled["Registreringstid"])
    assert refused["Fejl"] == [
        {
            "FejlKode": "6003",
            "Alvor": "Haard",
            "FejlTekst": r6003.RULE.tekst,
            "Element": "HaendelseNummer",
            "VedroererHaendelseNummer": cancelled["HaendelseNummer"],
        }
    ]


def a_fault_with_its_typed_detail(caller: Caller) -> None:
    report = {**OWN_REPORTS[UNGDOMSUDDANNELSE], "InstitutionNummer": "499002"}
    with pytest.raises(Fault) as caught:
        call(caller, UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, report)
    detail = caught.value.detail
    assert list(detail) == ["CorrelationID", "Timestamp", "ErrorCode", "ErrorMessage", "SourceSystemError"]
    assert detail["ErrorCode"] == "UDB009102"
    assert detail["ErrorMessage"] == faults.NO_DATAAFTALE.text
    assert len(detail["CorrelationID"]) == 36
    assert detail["SourceSystemError"] == {
        "SourceSystemName": "UDB",
        "ErrorCode": "UDB009102",
        "Details": faults.NO_DATAAFTALE.text,
    }
