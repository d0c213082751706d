"""SOAP calls as bytes. Nothing here depends on the service: names, addresses and namespaces are the contract's."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

SOAP11: Final = "http://schemas.xmlsoap.org/soap/envelope/"
SOAP12: Final = "http://www.w3.org/2003/05/soap-envelope"
VERSIONS: Final = {"1.1": SOAP11, "1.2": SOAP12}
MEDIA: Final = {"1.1": "text/xml; charset=utf-8", "1.2": "application/soap+xml; charset=utf-8"}
DATA: Final = "http://udb.stil.dk/v1"

UNGDOM: Final = "IndberetningUngdomsuddannelse"
FGU: Final = "IndberetningForberedendeGrundUddannelse"
AKTIVITET: Final = "IndberetningForberedendeAktivitet"
VIDEREGAAENDE: Final = "IndberetningVideregaaendeUddannelse"
KOMMUNE_AKTIVITET: Final = "IndberetningKommuneAktivitet"
TILBUDSTID: Final = "IndberetningKontaktTilbudstid"
KONTAKTPERSON: Final = "IndberetningKontaktperson"
ONSKER: Final = "IndberetningOnsker"
SKOLEKONTAKT: Final = "IndberetInstitutionKontakt"
JOBCENTER: Final = "IndberetningJobcenter"
TIL_KOMMUNE: Final = "DataTilKommune"
TIL_INSTITUTION: Final = "DataTilInstitution"
HENVISNING: Final = "HentStatusHenvisning"
TIL_DFDG: Final = "DataTilDFDG"
SERVICES: Final = (
    *(UNGDOM, FGU, AKTIVITET, VIDEREGAAENDE, KOMMUNE_AKTIVITET, TILBUDSTID, KONTAKTPERSON, ONSKER, SKOLEKONTAKT),
    *(JOBCENTER, TIL_KOMMUNE, TIL_INSTITUTION, HENVISNING, TIL_DFDG),
)
OPERATIONS: Final = {
    "HentHaendelser": TIL_KOMMUNE,
    "HentUddannelsespaalaeg": TIL_INSTITUTION,
    "HentUdslusningstilskud": TIL_INSTITUTION,
    "HentMarkeringer": TIL_INSTITUTION,
    "HentStatusHenvisning": HENVISNING,
    "HentHaendelserDFDG": TIL_DFDG,
}
"""The operations that are not named as their service."""

Payload = Mapping[str, Any]
"""Elements in order; a list is an element that is repeated, a mapping one with elements of its own."""


def path(service: str) -> str:
    return f"/services/UDB/{service}/v1"


def namespace(service: str) -> str:
    return f"http://ipl.stil.dk/services/udb/{service.lower()}/v1"


def basic(system: str, key: str) -> str:
    return "Basic " + base64.b64encode(f"{system}:{key}".encode()).decode()


def elements(payload: Payload) -> str:
    """The payload's elements, each on a line of its own."""
    written = []
    for name, value in payload.items():
        for one in value if isinstance(value, Sequence) and not isinstance(value, str) else [value]:
            content = f"\n{elements(one)}" if isinstance(one, Mapping) else escape(text(one))
            written.append(f"<v1:{name}>{content}</v1:{name}>\n")
    return "".join(written)


def text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def request(operation: str, payload: Payload, transaction: str) -> str:
    """The element in Body."""
    service = OPERATIONS.get(operation, operation)
    return (
        f'<ipl:{operation}Request xmlns:ipl="{namespace(service)}" xmlns:v1="{DATA}">\n'
        f"<ipl:Identifier>\n<ipl:SystemName>Optagelse</ipl:SystemName>\n"
        f"<ipl:SystemTransactionID>{escape(transaction)}</ipl:SystemTransactionID>\n</ipl:Identifier>\n"
        f"<ipl:Message>\n<v1:{operation}>\n{elements(payload)}</v1:{operation}>\n</ipl:Message>\n"
        f"</ipl:{operation}Request>\n"
    )


def ping(service: str) -> str:
    return f'<PingRequest xmlns="{namespace(service)}"/>'


def envelope(content: str, version: str = "1.2", header: str = "") -> str:
    head = f"<s:Header>{header}</s:Header>" if header else ""
    return f'<s:Envelope xmlns:s="{VERSIONS[version]}">{head}<s:Body>{content}</s:Body></s:Envelope>'
