"""Target: any call at the endpoint, from its headers to the receipt or the fault, in a context without database."""

import re
from datetime import UTC, datetime
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

import structlog
from lxml import etree

from tests.fuzz.bounds import bounded
from tests.fuzz.packet import packed, unpacked, with_number
from tests.support.fake_context import (
    CPR,
    SETTINGS,
    Answer,
    FakeContext,
    app_of,
    empty_page,
    envelope,
    receipt,
    sample,
    send,
)
from tests.wsdl import hostile
from udb.domain.errors import NoDataaftale
from udb.domain.services import SERVICES, Service
from udb.wsdl.soap import VERSIONS

LARGEST_SEED: Final = 4 * 1024
STATUSES: Final = {
    "IPL000002": {400, 500},
    "UDB009101": {400, 401, 500},
    "UDB009102": {400, 500},
    "UDB009103": {413},
    "UDB009106": {404},
    "UDB009107": {400, 405, 411, 415, 500, 501},
    "UDB009108": {400, 500},
    "UDB009109": {400, 500},
}
"""Every fault that a caller can cause while the service itself is well, and its HTTP statuses (contract 3)."""
OURS: Final = frozenset({"Server", "Receiver"})
"""SOAP codes for a fault of the service."""
_NUMBER: Final = re.compile("[0-9]{6}")
_OWN_NUMBERS: Final = (str(SETTINGS["maks_body"]),)
_LINE: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")


@cache
def endpoint() -> Any:
    context = FakeContext()
    for service in SERVICES.values():
        for operation in service.operations:
            context.operations.setdefault(operation, _receipt if service.reports else _refused)
    context.operations["HentHaendelserDFDG"] = empty_page
    return app_of(context)


def _receipt(call: Any, payload: Any) -> Any:
    if hasattr(payload, "haendelse_dato"):
        return receipt(call, payload)
    return receipt(call, SimpleNamespace(haendelse_dato=datetime(2026, 8, 10, 8, tzinfo=UTC)))


def _refused(_call: Any, _payload: Any) -> Any:
    raise NoDataaftale


def seeds() -> dict[str, bytes]:
    """Return by name: every service's calls, and the small ones among the hostile requests."""
    found = {}
    for version in VERSIONS:
        headers = {"Content-Type": version.content_type}
        for service in SERVICES.values():
            for name in _requests(service):
                body = envelope(with_number(sample(name)), version)
                found[f"{name}-{version.number}"] = packed("POST", service.path, headers, body)
        for case in hostile.CASES:
            if case.socket or case.headers or case.method != "POST":
                found[f"{case.name}-{version.number}"] = packed(
                    case.method, case.path, case.all_headers(version), case.body(version)[: 64 * 1024]
                )
    return {name: seed for name, seed in found.items() if len(seed) <= LARGEST_SEED}


def _requests(service: Service) -> list[str]:
    return [f"{service.name}.PingRequest", *(f"{operation}Request" for operation in service.operations)]


def run(packet: bytes) -> None:
    """Send the input. Raises AssertionError for an answer that the contract does not have, or what the endpoint let
    through.
    """
    environ = unpacked(packet)
    with bounded(), structlog.testing.capture_logs() as lines:
        answer = send(endpoint(), environ)
    assert CPR not in str(lines), "the log tells a number"
    unexpected = [(line["error"], line["traceback"][-1]) for line in lines if line["log_level"] == "error"]
    assert not unexpected, str(unexpected)
    for name, value in answer.headers.items():
        assert _LINE.fullmatch(f"{name}: {value}"), "a header that ends early"
    # Pages and the contract are no answers to a call; HEAD has no body.
    if not answer.headers["Content-Type"].startswith(("text/plain", "application/zip")) and answer.body:
        _check(answer)
    assert answer.status in {200, 404} | set().union(*STATUSES.values())


def _check(answer: Answer) -> None:
    root = answer.root
    code = answer.error_code if etree.QName(root).localname == "Envelope" else None
    if code is None:
        assert answer.status == 200
        return
    assert code in STATUSES, f"{code} is no fault that a caller can bring about"
    assert answer.status in STATUSES[code], f"{code} with {answer.status}"
    assert answer.soap_code not in OURS, f"{code} says it is our doing"
    assert CPR.encode() not in answer.body, "the fault tells a number"
    details = answer.text("Details") or ""
    if code != "UDB009108":
        remaining = re.sub("|".join(_OWN_NUMBERS), "", details)
        assert not _NUMBER.search(remaining), "the fault shows a value of the message"
