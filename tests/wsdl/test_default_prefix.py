"""``#default`` in a PrefixList: the default namespace counts as used (Exclusive C14N 1.0, section 3).

A list without it must never mean it, and a message that was changed after it was signed stays refused.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest
from lxml import etree

from tests.support.certificates import issued
from tests.support.fake_context import sample
from tests.support.signing import signed
from tests.wsdl.broken import both, put
from udb.domain.clock import system_time
from udb.paths import ROOT
from udb.wsdl.signature import names, steps
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.signature.reasons import Broken, Reason
from udb.wsdl.soap import SOAP11, VERSIONS, Version
from udb.wsdl.xml import parse

REQUEST = sample("HentHaendelserRequest")
RECORDED = (ROOT / "tests" / "signed" / "recorded.wss4j-default.xml").read_bytes()
"""Sent by WSS4J 1.6.19 with its own settings, under an Envelope that declares a default namespace."""
SENT = datetime(2026, 11, 29, 20, 24, 10, tzinfo=UTC)
LISTS = (
    "",
    "#default",
    "unknown",
    "#default unknown",
    "wsse #default xsd",
    " xsd  #default ",
    "xsd wsse",
    "#default #default",
    "default",
    "#DEFAULT",
)
SIGNED_INFO, TOKEN, TIMESTAMP, BODY = range(4)
"""The places of InclusiveNamespaces in the form."""


def verdict(message: bytes, version: Version, now: datetime | None = None, before: bytes = b"<a/>") -> Reason | None:
    """Return why a message is refused in a new thread, which has read the message ``before``; None: it is accepted."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(_verdict, message, version, now or system_time(), before).result()


def _verdict(message: bytes, version: Version, now: datetime, before: bytes) -> Reason | None:
    parse.parse(before)
    known = SimpleNamespace(system_id="system", blocked=None)
    policy = Policy(now, sha1=False, system_id="system", known=lambda _: cast("Any", known))
    try:
        steps.check(Examined(parse.parse(message), version, policy))
    except Broken as broken:
        return broken.reason
    return None


def message(version: Version, *changes: Callable[[etree._Element], None]) -> bytes:
    return signed("wss4j-default", REQUEST, issued("eget"), version, before=both(*changes))


def test_what_wss4j_sends_is_accepted() -> None:
    assert verdict(RECORDED, SOAP11, SENT) is None


NAMESPACE = SOAP11.namespace.encode()
CHANGES = {
    "body": (b"<v1:Status>1<", b"<v1:Status>2<", Reason.BODY_CHANGED),
    "body, by a space": (b"<v1:Annullering>", b" <v1:Annullering>", Reason.BODY_CHANGED),
    "body, another namespace under a prefix of the list": (
        b'xmlns:v1="http://udb.stil.dk/v1"',
        b'xmlns:v1="http://udb.stil.dk/v2"',
        Reason.BODY_CHANGED,
    ),
    "timestamp": (b"29:08.800Z<", b"29:08.801Z<", Reason.TIMESTAMP_CHANGED),
    "another default namespace above Timestamp": (
        b"<wsse:Security ",
        b'<wsse:Security xmlns="urn:x" ',
        Reason.TIMESTAMP_CHANGED,
    ),
    "no default namespace above Timestamp": (b"<wsse:Security ", b'<wsse:Security xmlns="" ', Reason.TIMESTAMP_CHANGED),
    "another default namespace at Timestamp": (
        b"<wsu:Timestamp ",
        b'<wsu:Timestamp xmlns="urn:x" ',
        Reason.TIMESTAMP_CHANGED,
    ),
    "another default namespace at SignedInfo": (
        b"<ds:SignedInfo>",
        b'<ds:SignedInfo xmlns="urn:x">',
        Reason.SIGNATURE_VALUE,
    ),
    "SignedInfo's list without it": (b'"#default ipl v1"', b'"ipl v1"', Reason.SIGNATURE_VALUE),
    "Timestamp's list without it": (b'"soapenv wsse #default', b'"soapenv wsse', Reason.TIMESTAMP_CHANGED),
    "Body's list with it": (
        b'PrefixList="ipl v1"/></ds:Transform>',
        b'PrefixList="#default ipl v1"/></ds:Transform>',
        Reason.SIGNATURE_VALUE,
    ),
}


@pytest.mark.parametrize(("old", "new", "reason"), CHANGES.values(), ids=CHANGES.keys())
def test_what_was_changed_on_the_way_is_refused(old: bytes, new: bytes, reason: Reason) -> None:
    assert RECORDED.count(old) == 1
    assert verdict(RECORDED.replace(old, new), SOAP11, SENT) is reason


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("prefixes", LISTS)
@pytest.mark.parametrize("place", [SIGNED_INFO, TOKEN, TIMESTAMP, BODY])
def test_a_list_means_the_same_here_as_where_it_was_signed(version: Version, prefixes: str, place: int) -> None:
    right = message(version, put(names.INCLUSIVE, "PrefixList", prefixes, place))
    assert verdict(right, version) is None
    changed = right.replace(b"InstitutionNummer>", b"InstitutionNummer >", 1)
    assert verdict(changed, version) is None, "the same canonical form"
    changed = right.replace(b"</ipl:SystemName>", b".</ipl:SystemName>")
    assert changed != right
    assert verdict(changed, version) is Reason.BODY_CHANGED


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("prefixes", ["#default", "wsse #default", "", "unknown"])
def test_another_default_namespace_counts_where_the_list_names_it(version: Version, prefixes: str) -> None:
    right = message(version, *(put(names.INCLUSIVE, "PrefixList", prefixes, place) for place in range(4)))
    moved = right.replace(b"<wsse:Security ", b'<wsse:Security xmlns="urn:x" ')
    assert moved != right
    assert (verdict(moved, version) is None) == ("#default" not in prefixes)


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
def test_an_empty_list_does_not_come_to_mean_it(version: Version) -> None:
    """libxml2 takes an empty prefix for the default one, once a message of the thread has had an empty namespace."""
    right = message(version, *(put(names.INCLUSIVE, "PrefixList", "", place) for place in range(4)))

    assert verdict(right, version, before=b'<a xmlns="urn:a"><b xmlns=""/></a>') is None


def test_a_call_that_another_thread_parses_is_read_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parse, "MAX_NAMES", -1)
    assert verdict(RECORDED, SOAP11, SENT) is None
    assert verdict(message(SOAP11), SOAP11) is None
