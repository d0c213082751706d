"""Optag sent over HTTP to a service that may break off."""

from typing import Final
from wsgiref.types import WSGIApplication

from tests.support.endpoint import Answer, basic, request
from tests.support.service import Service, report, text_of
from tests.support.world import GYMNASIUM
from udb.domain.services import SERVICES, UNGDOMSUDDANNELSE
from udb.sandbox.soapcall import Payload, envelope
from udb.wsdl.faults import RETRY_SECONDS
from udb.wsdl.soap import SOAP11

REPORTS: Final = 200
YOUTHS: Final = [f"710307{5100 + i}" for i in range(REPORTS)]
OPTAG: Final[Payload] = {
    "InstitutionNummer": GYMNASIUM,
    "HaendelseDato": "2026-08-10T00:00:00",
    "Status": "1",
    "KildeLeverandoer": "LUDUS",
    "Uddannelse": {"COsAFormaal": "3017", "COsAFormaalVersion": "2"},
    "Annullering": "false",
}


def send(service: Service, youth: str, key: str) -> Answer:
    """Report an optag."""
    return report(service.address, UNGDOMSUDDANNELSE, {"CPRNr": youth, **OPTAG}, key)


def send_within(app: WSGIApplication, youth: str, key: str) -> Answer:
    """Report an optag to an application in this process."""
    body = envelope(UNGDOMSUDDANNELSE, UNGDOMSUDDANNELSE, {"CPRNr": youth, **OPTAG}, key).encode()
    headers = {"Content-Type": SOAP11.content_type, "Authorization": basic()}
    return request(app, "POST", SERVICES[UNGDOMSUDDANNELSE].path, body, headers)


def number_of(answer: Answer) -> str:
    """Return the event number of an accepted report."""
    assert text_of(answer, "Resultat") == "Accepteret", answer.body
    number = text_of(answer, "HaendelseNummer")
    assert number
    return number


def is_unavailable(answer: Answer) -> bool:
    """Return whether the answer is the fault that asks the caller to send again later."""
    return (answer.status, text_of(answer, "ErrorCode"), answer.headers.get("retry-after")) == (
        500,
        "UDB009104",
        str(RETRY_SECONDS),
    )
