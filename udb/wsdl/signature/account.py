"""Examine a captured request check by check (``udb signature explain``)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from udb.domain.errors import FileUnusable
from udb.domain.text import Text
from udb.wsdl.faults import ServiceFault
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.signature.steps import Outcome, explain
from udb.wsdl.signature.token import check_certificate
from udb.wsdl.soap import VERSIONS
from udb.wsdl.xml.envelope import open_envelope
from udb.wsdl.xml.parse import parse

PASSED: Final = "passed"
FAILED: Final = "failed"
NOT_REACHED: Final = "not reached: an earlier check failed"
NOT_TRIED: Final = "not tried: give --system"


@dataclass(frozen=True, slots=True)
class Line:
    """The result of one check, in English."""

    row: dict[str, str]
    failed: bool


def account(
    content: bytes, *, now: datetime, sha1: bool, system_id: str, known: Callable[[str], Any] | None
) -> list[Line]:
    """Return the result of every check. ``content``: the request as it was sent; the other values: as in ``Policy``.

    Without ``known``, the registration of the certificate is not checked. Raises FileUnusable when the request cannot
    be read as far as its headers.
    """
    try:
        root = parse(content)
        version = next((one for one in VERSIONS if root.tag == one.tag("Envelope")), VERSIONS[-1])
        open_envelope(root, version)
    except ServiceFault as fault:
        details = f"{fault.kind.text} {fault.details or ''}".strip()
        english = (
            f"The file is not a SOAP request. The service would answer {fault.kind.error_code}, in Danish:\n{details}"
        )
        raise FileUnusable(Text(details, english)) from None
    policy = Policy(now, sha1=sha1, system_id=system_id, known=known or _nobody)
    outcomes = explain(Examined(root, version, policy))
    return [_line(number, outcome, registered=known is not None) for number, outcome in enumerate(outcomes, start=1)]


def _nobody(_fingerprint: str) -> None:
    return None


def _line(number: int, outcome: Outcome, *, registered: bool) -> Line:
    if outcome.step.run is check_certificate and outcome.reached and not registered:
        return Line(_row(number, outcome, NOT_TRIED, ""), failed=False)
    if not outcome.reached:
        return Line(_row(number, outcome, NOT_REACHED, ""), failed=False)
    if outcome.reason is None:
        return Line(_row(number, outcome, PASSED, ""), failed=False)
    return Line(_row(number, outcome, FAILED, f"[{outcome.reason.key}] {outcome.reason.text.en}"), failed=True)


def _row(number: int, outcome: Outcome, result: str, expected: str) -> dict[str, str]:
    return {
        "trin": f"{number}. {outcome.step.title}",
        "resultat": result,
        "fundet": outcome.found.en,
        "forventet": expected,
    }
