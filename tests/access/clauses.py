"""Shared by the access tests: youths of the interesting ages, educations, short ways of sending and fetching."""

from typing import Any

from tests.support.endpoint import Endpoint
from tests.support.fetches import START, numbers
from tests.support.reports import REPORTS
from tests.support.world import EUD_SCHOOL, KOMMUNE

PUPIL = "7103105123"
"""Born 11 March 2010: 16 years old in the world's August 2026."""
YOUNG = "7103065123"
"""Born 11 March 2006: 20 years old."""
GROWN = "7103004123"
"""Born 11 March 2000: 26 years old."""

HF: dict[str, Any] = {"Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": 2}}
STX: dict[str, Any] = {"Uddannelse": {"COsAFormaal": "3009", "COsAFormaalVersion": 2}}
EUD: dict[str, Any] = {
    "Uddannelse": {"COsAFormaal": "9100", "COsAFormaalVersion": 2},
    "InstitutionNummer": EUD_SCHOOL,
}
ACTIVITY = dict.fromkeys(("ElevTrin", "KlasseTrin", "KlasseType", "KlasseNavn"))
KOMMUNES: dict[str, Any] = {
    "InstitutionNummer": KOMMUNE,
    "Status": 1,
    "KildeLeverandoer": "UVvej",
    "Annullering": False,
}
LEFT = {"Status": 2, "AfbrudsarsagsKode": "902"}
DONE = {"Status": 3}


def send(endpoint: Endpoint, service: str, cprnr: str, day: str, **fields: Any) -> str:
    """Send a report that is accepted; return its number."""
    receipt = endpoint.report(service, report_of(service, cprnr, day, **fields))
    assert receipt["Resultat"] == "Accepteret", receipt
    return str(receipt["HaendelseNummer"])


def report_of(service: str, cprnr: str, day: str, **fields: Any) -> dict[str, Any]:
    """Return a report of a service; a field that is None is left out."""
    report = REPORTS.get(service, KOMMUNES) | {"CPRNr": cprnr, "HaendelseDato": f"{day}T00:00:00"} | fields
    return {name: value for name, value in report.items() if value is not None}


def cancel(endpoint: Endpoint, service: str, cprnr: str, nummer: str, **fields: Any) -> str:
    """Cancel a report; return the number of the cancellation."""
    return send(endpoint, service, cprnr, "2026-08-01", Annullering=True, HaendelseNummer=nummer, **fields)


def feed(endpoint: Endpoint, kommune: str = KOMMUNE) -> list[str]:
    """Return the numbers of everything that the feed shows."""
    return numbers(endpoint.fetch(kommune, HaendelseNummer=START))


def look_up(endpoint: Endpoint, cprnr: str, kommune: str = KOMMUNE) -> list[str]:
    return numbers(endpoint.fetch(kommune, CPRNr=cprnr))


def education_events(answer: Any) -> list[Any]:
    return [event for ung in answer["HaendelserUng"] for event in ung["HaendelseUddannelsesForloeb"]]
