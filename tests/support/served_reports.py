"""Optag sent over HTTP to a service that may break off."""

from typing import Final

from tests.support.endpoint import Answer
from tests.support.service import Service, report, text_of
from tests.support.world import GYMNASIUM
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.sandbox.soapcall import Payload
from udb.wsdl.faults import RETRY_SECONDS

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
