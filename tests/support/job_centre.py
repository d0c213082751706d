"""The job centre's reports on one youth, and what the kommune fetches of them."""

from typing import Any, Final

from tests.support.endpoint import Endpoint
from tests.support.world import KOMMUNE, STAR

CPRNR: Final = "7103095123"
"""Born 11 March 2009: 17 years old in the world's August 2026."""
HEAD: Final = {"CPRNr": CPRNR, "InstitutionNummer": STAR, "KildeLeverandoer": "DFDG"}
CONTACT: Final = {"KontaktNavn": "Jytte Job", "KontaktMail": "job@kommune.example", "KontaktTelefon": "33445566"}


def subscription(handling: str, **more: Any) -> dict[str, Any]:
    """Return the report that begins, changes or ends a subscription."""
    return {**HEAD, "Abonnement": {"Handling": handling, **more}}


def look_up(endpoint: Endpoint, kommune: str = KOMMUNE) -> Any:
    """Look the youth up."""
    (ung,) = endpoint.fetch(kommune, CPRNr=CPRNR)["HaendelserUng"]
    return ung


def orders(ung: Any) -> list[tuple[str, str, bool, str]]:
    """Return the events of uddannelsespaalaeg: number, day, on or off, and source."""
    return [
        (
            event["HaendelseNummer"],
            event["HaendelseDato"].date().isoformat(),
            event["HarUddannelsespaalaeg"],
            event["KildeLeverandoer"],
        )
        for event in ung["HaendelseUddannelsespaalaeg"]
    ]


def dfdg(endpoint: Endpoint, **criterion: str) -> Any:
    """Fetch as the job centres' system."""
    return endpoint.call("DataTilDFDG", "HentHaendelserDFDG", {"InstitutionNummer": STAR, **criterion})


def numbers(answer: Any) -> list[str]:
    """Return the numbers of the events of every kind."""
    return [
        event["HaendelseNummer"]
        for ung in answer["HaendelserUng"]
        for kind in ung
        if kind.startswith("Haendelse")
        for event in ung[kind]
    ]
