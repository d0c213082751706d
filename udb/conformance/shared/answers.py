"""Check an answer against the contract, whatever the call: HTTP status, envelope, Identifier, schema, fault."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from udb.conformance.shared import contract
from udb.conformance.shared.transport import Reply
from udb.conformance.shared.xml import MOST_TAGS, HasDoctype, TooLarge, Unreadable, parsed
from udb.domain import elementer
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.wsdl.soap import SOAP11, VERSIONS, Version

OK: Final = 200
_CPR: Final = re.compile(r"(?<!\d)[0-9]{10}(?!\d)")
_CODES12: Final = {"Sender": "Sender", "Receiver": "Receiver"}
_CODES11: Final = {"Client": "Sender", "Server": "Receiver"}
_STATUS12: Final = {"Sender": 400, "Receiver": 500}
STATUS11: Final = 500
NO_PROCESSING: Final = frozenset({401, 404, 405, 411, 413, 415})
"""The statuses of a fault where no SOAP processing took place (contract 3)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A SOAP fault: ``side`` Sender or Receiver in both versions, or the version's own code."""

    side: str
    error_code: str
    details: str


@dataclass(slots=True)
class Answer:
    """An answer; ``wrong`` lists what the contract forbids in it."""

    reply: Reply
    payload: etree._Element | None = None
    fault: Fault | None = None
    correlation_id: str = ""
    wrong: list[str] = field(default_factory=list)

    def texts(self, path: str) -> list[str]:
        """Return the texts at a path of element names below the payload."""
        return [] if self.payload is None else texts(self.payload, path)

    def codes(self) -> frozenset[str]:
        """Return the codes of the receipt's or the refusal's lines."""
        return frozenset(self.texts(f"{elementer.FEJL}/{elementer.FEJL_KODE}"))


def texts(element: etree._Element, path: str) -> list[str]:
    """Return the texts at a path of payload element names below an element."""
    found = [element]
    for name in path.split("/"):
        found = [child for parent in found for child in parent.findall(f"{{{PAYLOAD_NAMESPACE}}}{name}")]
    return [(one.text or "").strip() for one in found]


def read(reply: Reply, service: str | None, operation: str, version: Version, identifier: Mapping[str, str]) -> Answer:
    """Read an answer and check it against the contract; ``identifier``: what it must repeat (empty for Ping)."""
    answer = Answer(reply)
    try:
        root = parsed(reply.body)
    except TooLarge:
        answer.wrong.append(f"Svaret er for stort: det har flere end {MOST_TAGS} mærker.")
        return answer
    except Unreadable as error:
        other = "XML med DOCTYPE, som SOAP ikke tillader" if isinstance(error, HasDoctype) else "ikke XML"
        what = "HTML" if b"<html" in reply.body[:2000].lower() else other
        answer.wrong.append(f"Svaret er {what} (HTTP {reply.status}, {reply.media_type or 'uden Content-Type'}).")
        return answer
    if root.tag != version.tag("Envelope"):
        answer.wrong.append(f"Svaret er ikke en konvolut i SOAP {version.number}: {etree.QName(root).localname}.")
        return answer
    if reply.media_type != version.media_type:
        answer.wrong.append(f"Content-Type er {reply.media_type}, ikke {version.media_type}.")
    body = root.find(version.tag("Body"))
    if body is None or len(body) != 1:
        answer.wrong.append("Konvoluttens Body skal have præcis ét element.")
        return answer
    if body[0].tag == version.tag("Fault"):
        _read_fault(answer, body[0], service, version)
    else:
        _read_response(answer, body[0], service, operation, identifier)
    return answer


def _read_response(
    answer: Answer, element: etree._Element, service: str | None, operation: str, identifier: Mapping[str, str]
) -> None:
    wrapper = contract.namespace_of(service)
    if element.tag != f"{{{wrapper}}}{operation}Response":
        answer.wrong.append(f"Svaret er {etree.QName(element).localname} og ikke {operation}Response i sit navnerum.")
        return
    if answer.reply.status != OK:
        answer.wrong.append(
            f"HTTP-status er {answer.reply.status} for et svar, der ikke er en fejl; den skal være 200."
        )
    answer.wrong += [f"Skemaet: {said}" for said in contract.violations(service, element)]
    for name, value in identifier.items():
        echoed = element.findtext(f"{{{wrapper}}}{elementer.IDENTIFIER}/{{{wrapper}}}{name}")
        if echoed != value:
            answer.wrong.append(f"{name} er ikke gentaget, som den blev sendt.")
    answer.correlation_id = element.findtext(f"{{{wrapper}}}{elementer.CORRELATION_ID}") or ""
    message = element.find(f"{{{wrapper}}}{elementer.MESSAGE}")
    answer.payload = element if message is None else message.find(f"{{{PAYLOAD_NAMESPACE}}}{operation}Svar")


def _read_fault(answer: Answer, element: etree._Element, service: str | None, version: Version) -> None:
    if version is SOAP11:
        said, details = element.findtext("faultcode") or "", element.find("detail")
    else:
        said = element.findtext(f"{version.tag('Code')}/{version.tag('Value')}") or ""
        details = element.find(version.tag("Detail"))
    known = _CODES11 if version is SOAP11 else _CODES12
    side = known.get(said.rpartition(":")[2], said.rpartition(":")[2])
    if details is None or len(details) != 1:
        answer.wrong.append("Fejlen har ikke præcis ét element i detail.")
        answer.fault = Fault(side, "", "")
        return
    detail = details[0]
    namespace = etree.QName(detail).namespace or ""
    if namespace != contract.namespace_of(service):
        answer.wrong.append("Fejlens detail står i et andet navnerum end adressens.")
    answer.wrong += [f"Fejlens detail, skemaet: {said}" for said in contract.violations(service, detail)]
    answer.correlation_id = detail.findtext(f"{{{namespace}}}{elementer.CORRELATION_ID}") or ""
    answer.fault = Fault(
        side,
        detail.findtext(f"{{{namespace}}}{elementer.ERROR_CODE}") or "",
        detail.findtext(f"{{{namespace}}}{elementer.DETAILS}") or "",
    )
    _judge_status(answer, side, version)
    text = etree.tostring(detail, encoding="unicode", method="text").replace(answer.correlation_id, "")
    if _CPR.search(text):
        answer.wrong.append("Fejlen nævner et CPR-nummer.")
    if "Traceback" in text or "SELECT " in text:
        answer.wrong.append("Fejlen røber, hvordan programmet er bygget.")


def _judge_status(answer: Answer, side: str, version: Version) -> None:
    status = answer.reply.status
    wanted = STATUS11 if version is SOAP11 else _STATUS12.get(side, STATUS11)
    if status != wanted and status not in NO_PROCESSING:
        answer.wrong.append(f"HTTP-status er {status} for en fejl over SOAP {version.number}; den skal være {wanted}.")


def version_of(reply: Reply) -> Version | None:
    """Return the SOAP version of an answer's Content-Type; None for any other."""
    return next((version for version in VERSIONS if version.media_type == reply.media_type), None)
