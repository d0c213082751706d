"""Target: any message in the checks of its signature; only those that were signed may pass.

The seeds' key is made again in every process, so nothing that a fuzzer finds can carry a signature of its own.
"""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, Final

from lxml import etree

from tests.fuzz.bounds import bounded
from tests.fuzz.packet import with_number
from tests.support.certificates import YEAR, Issued, issued
from tests.support.fake_context import CPR, sample
from tests.support.signing import FORMS, signed
from tests.wsdl.broken import CASES
from udb.domain.errors import UdbRefused
from udb.wsdl.faults import ServiceFault
from udb.wsdl.signature import steps, verify
from udb.wsdl.signature.account import account
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.signature.reasons import Broken
from udb.wsdl.soap import VERSIONS
from udb.wsdl.xml.envelope import open_envelope
from udb.wsdl.xml.parse import parse

NOW: Final = datetime(2026, 8, 10, 6, tzinfo=UTC)
REQUEST: Final = with_number(sample("HentHaendelserRequest"))
SYSTEM: Final = "system"
LARGEST_SEED: Final = 12 * 1024


@cache
def _certificate() -> Issued:
    return issued("fuzz", YEAR, NOW - timedelta(days=1))


@cache
def _genuine() -> frozenset[bytes]:
    """Return every Body that was signed with the seeds' key, in canonical form."""
    return frozenset(_digest(parse(seed)) for seed in seeds().values() if _passes(_examined_of(seed)))


def _digest(root: etree._Element) -> bytes:
    return hashlib.sha256(etree.tostring(root[-1], method="c14n", exclusive=True)).digest()


@cache
def seeds() -> dict[str, bytes]:
    """Return by name: the forms of other stacks, in both SOAP versions, and messages broken in one way each."""
    found = {
        f"{form}-{version.number}{'-sha1' if sha1 else ''}": signed(
            form, REQUEST, _certificate(), version, created=NOW, sha1=sha1
        )
        for form in FORMS
        for version in VERSIONS
        for sha1 in (False, True)
    }
    for case in CASES:
        more = {"created": NOW, **case.more, **({"created": NOW} if "created" in case.more else {})}
        found[case.name] = signed("dotnet", REQUEST, _certificate(), before=case.before, after=case.after, **more)
    return {name: seed for name, seed in found.items() if len(seed) <= LARGEST_SEED}


def run(message: bytes) -> None:
    """Check the message. Raises AssertionError when something passes that was not signed, or when the two ways to check
    disagree; or what the checks let through.
    """
    _genuine()
    with bounded():
        _account(message)
        try:
            root = parse(message)
            version = next((one for one in VERSIONS if root.tag == one.tag("Envelope")), VERSIONS[-1])
            open_envelope(root, version)
        except ServiceFault as fault:
            _tells_nothing(fault.details)
            return
        examined = _examined(root)
        reason = _reason(examined)
        first = next((one for one in steps.explain(_examined(root)) if one.reason or not one.reached), None)
    assert (first and first.reason) is reason, "check and explain do not agree"
    if reason is None:
        assert verify.signature_value(examined)
        assert examined.references
        assert _digest(root) in _genuine(), "a Body that nobody signed has passed"


def _examined_of(message: bytes) -> Examined:
    return _examined(parse(message))


def _examined(root: etree._Element) -> Examined:
    version = next((one for one in VERSIONS if root.tag == one.tag("Envelope")), VERSIONS[-1])
    return Examined(root, version, Policy(NOW, sha1=True, system_id=SYSTEM, known=_known))


def _known(fingerprint: str) -> Any:
    """Know only the seeds' certificate as the system's."""
    whose = SYSTEM if fingerprint == _certificate().fingerprint else "en-anden"
    return SimpleNamespace(system_id=whose, blocked=None)


def _passes(examined: Examined) -> bool:
    return _reason(examined) is None


def _reason(examined: Examined) -> Any:
    try:
        steps.check(examined)
    except Broken as broken:
        _tells_nothing(broken.details)
        return broken.reason
    return None


def _account(message: bytes) -> None:
    try:
        outcomes = account(message, now=NOW, sha1=False, system_id=SYSTEM, known=_known)
    except UdbRefused as refused:
        _tells_nothing(refused)
        return
    assert len(outcomes) == len(steps.STEPS)
    _tells_nothing(outcomes)


def _tells_nothing(outcomes: object) -> None:
    assert CPR not in str(outcomes), "a number of the message is shown"
