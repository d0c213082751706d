"""Signed requests in both SOAP versions.

Forms of stacks we did not write are accepted. Broken ones are refused with their reason, cheaply. Only signed content
is used.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
import structlog
from lxml import etree

from tests.support.certificates import Issued, issued, unusual
from tests.support.endpoint import SOAP_11, SOAP_12, Endpoint
from tests.support.fake_context import (
    CPR,
    FETCH,
    SETTINGS,
    FakeContext,
    app_of,
    empty_page,
    envelope,
    ping,
    post,
    sample,
)
from tests.support.garbage import left_by, uncollected
from tests.support.signing import FORMS, ZeepSignature, seal, signed, unsigned
from tests.wsdl.broken import CASES, ID, body_of
from udb.domain.clock import system_time
from udb.wsdl import record
from udb.wsdl.signature import names, steps, verify
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.signature.limits import LIFE_SECONDS, SKEW_SECONDS
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.soap import SOAP11, SOAP12, VERSIONS

REQUEST = sample("HentHaendelserRequest")
ATTACK_BUDGET = 0.25
"""Seconds of processor time that any refusal may take here."""


@pytest.fixture(scope="module")
def certificates() -> dict[str, Issued]:
    names = ("eget", "andet", "ukendt", "andens", "spaerret", "udloebet", "kommende", "svag")
    return {name: unusual(name) for name in names}


@dataclass
class SigningContext(FakeContext):
    """A context that demands signatures and knows the certificates of two systems."""

    seen: set = field(default_factory=set)

    def certificate(self, fingerprint: str):
        whose = {"ukendt": None, "andens": "en-anden"}
        for name in ("eget", "andet", "andens", "spaerret"):
            if issued(name).fingerprint == fingerprint:
                blocked = system_time() if name == "spaerret" else None
                return SimpleNamespace(system_id=whose.get(name, "system"), blocked=blocked)
        return None

    def first_use(self, fingerprint: str, signature: bytes, expires: datetime) -> bool:
        assert expires > system_time()
        is_new = (fingerprint, signature) not in self.seen
        self.seen.add((fingerprint, signature))
        return is_new


def context(**settings) -> SigningContext:
    return SigningContext(settings=SimpleNamespace(**{**SETTINGS, "kraever_signatur": True, **settings}))


@pytest.fixture
def app(certificates):
    assert certificates
    return app_of(context())


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_zeep_signs_and_is_heard(app, soap):
    endpoint = Endpoint(app, system="system", key="noegle", soap=soap, wsse=ZeepSignature(issued("eget")))
    assert endpoint.fetch("281111")["FindesFlereHaendelser"] is False


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("form", FORMS)
def test_the_forms_of_other_stacks_are_heard_once(app, form, version):
    message = signed(form, REQUEST, issued("eget"), version)
    assert post(app, FETCH, message, version).status == 200
    again = post(app, FETCH, message, version)
    assert again.error_code == "UDB009108"
    assert reason_of(again) is Reason.REPLAYED
    assert post(app, FETCH, signed(form, REQUEST, issued("andet"), version), version).status == 200


@pytest.mark.parametrize("form", FORMS)
def test_sha1_is_taken_behind_its_switch_alone(app, form):
    message = signed(form, REQUEST, issued("eget"), sha1=True)
    assert reason_of(post(app, FETCH, message)) is Reason.SHA1
    assert post(app_of(context(signatur_sha1=True)), FETCH, message).status == 200


def reason_of(answer) -> Reason | None:
    """Return the reason that a fault names, with its own text."""
    details = answer.text("Details") or ""
    found = [reason for reason in Reason if details.startswith(f"[{reason.key}] {reason.text}")]
    assert len(found) <= 1
    return found[0] if found else None


def broken(case, version) -> bytes:
    return signed(
        "dotnet", REQUEST, issued(case.certificate), version, before=case.before, after=case.after, **case.more
    )


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_broken_variant_is_refused_with_its_reason_and_cheaply(app, certificates, case, version, caplog):
    assert case.certificate in certificates
    message = broken(case, version)
    with structlog.testing.capture_logs() as lines, caplog.at_level(logging.DEBUG), uncollected():
        began = time.thread_time()
        answer = post(app, FETCH, message, version)
        taken = time.thread_time() - began
    assert taken < ATTACK_BUDGET
    assert (answer.error_code, reason_of(answer)) == ("UDB009108", case.reason), answer.body.decode()
    assert (answer.status, answer.soap_code) == ((500, "Client") if version is SOAP11 else (400, "Sender"))
    assert caplog.text == ""
    assert [line["error_code"] for line in lines] == ["UDB009108"]


def test_neither_taken_nor_broken_ones_leave_anything_to_the_collector(app):
    for _ in range(2):
        messages = [signed(form, REQUEST, issued("eget")) for form in FORMS] + [broken(case, SOAP12) for case in CASES]
        left = left_by([partial(post, app, FETCH, message) for message in messages])
    assert left == 0


def test_every_reason_has_a_variant_and_words_of_its_own():
    tried = {case.reason for case in CASES} | {Reason.REPLAYED, Reason.OTHER_CHANGED}
    assert tried == set(Reason)
    assert len(tried) >= 25
    assert len({reason.key for reason in Reason}) == len({reason.text.da for reason in Reason}) == len(Reason)
    assert len({case.name for case in CASES}) == len(CASES)


def test_a_changed_header_that_was_signed_is_told(app):
    def change(envelope):
        envelope[0][1].text = "urn:uuid:en-anden"

    answer = post(app, FETCH, signed("wcf", REQUEST, issued("eget"), after=change))
    assert reason_of(answer) is Reason.OTHER_CHANGED


def test_what_is_handed_on_is_what_was_signed(certificates):
    assert certificates
    heard = []

    def use_case(call, payload):
        heard.append((call.system_id, payload.institution_nummer))
        return empty_page(call, payload)

    strict = context()
    strict.operations["HentHaendelser"] = use_case
    app = app_of(strict)
    assert post(app, FETCH, signed("dotnet", REQUEST, issued("eget"))).status == 200
    for case in CASES:
        post(app, FETCH, broken(case, SOAP12))
    assert len(heard) == 1


def test_a_library_that_verifies_something_else_is_not_believed(monkeypatch, certificates):
    """If signxml ever leads a reference elsewhere than our code, the bytes it verified are not ours."""
    assert certificates
    root = etree.fromstring(signed("dotnet", REQUEST, issued("eget")))
    policy = Policy(system_time(), sha1=False, system_id="system", known=context().certificate)
    steps.check(Examined(root, SOAP12, policy))
    real = verify._verified

    def other(examined):
        return [SimpleNamespace(signed_data=found.signed_data + b" ") for found in real(examined)]

    monkeypatch.setattr(verify, "_verified", other)
    outcome = steps.explain(Examined(root, SOAP12, policy))[-1]
    assert outcome.reason is Reason.SIGNATURE_VALUE


def test_the_order_of_the_checks_size_form_signature_schema(app):
    not_schema = REQUEST.replace("InstitutionNummer>", "Fremmed>")
    answer = post(app, FETCH, signed("dotnet", not_schema, issued("eget")))
    assert answer.error_code == "IPL000002"

    def tampered(envelope):
        body_of(envelope)[0].set("x", "y")

    answer = post(app, FETCH, signed("dotnet", not_schema, issued("eget"), after=tampered))
    assert reason_of(answer) is Reason.BODY_CHANGED


@pytest.mark.parametrize("ago", [LIFE_SECONDS + SKEW_SECONDS - 20, 20 - SKEW_SECONDS])
def test_clocks_may_differ_a_little(app, ago):
    message = signed("dotnet", REQUEST, issued("eget"), created=system_time() - timedelta(seconds=ago))
    assert post(app, FETCH, message).status == 200


@pytest.mark.parametrize(
    "created",
    ["{:%Y-%m-%dT%H:%M:%S}Z", "{:%Y-%m-%dT%H:%M:%S}.1234567Z", "{:%Y-%m-%dT%H:%M:%S}.123456789+00:00"],
)
def test_times_as_other_stacks_write_them(app, created):
    def change(envelope):
        envelope.find(f".//{names.CREATED}").text = created.format(system_time())
        expires = envelope.find(f".//{names.EXPIRES}")
        expires.getparent().remove(expires)

    assert post(app, FETCH, signed("dotnet", REQUEST, issued("eget"), before=change)).status == 200


def test_what_stands_outside_the_signature_may_change(app):
    def change(envelope):
        etree.SubElement(envelope[0], "{urn:x}Extra").text = "x"

    assert post(app, FETCH, signed("dotnet", REQUEST, issued("eget"), after=change)).status == 200


def test_where_no_signature_is_demanded_one_that_is_there_is_checked(certificates):
    app = app_of(context(kraever_signatur=False))
    assert certificates
    for case in CASES:
        expected = case.reason
        answer = post(app, FETCH, broken(case, SOAP12))
        if case.reason is Reason.HEADER_MISSING:
            assert answer.status == 200
        else:
            assert reason_of(answer) is expected, case.name


def test_ping_needs_no_signature(app):
    assert post(app, FETCH, envelope(ping(FETCH))).status == 200


def test_a_fault_tells_nothing_of_the_content(app):
    def change(envelope):
        body_of(envelope)[0].set("Id", CPR)
        envelope[0][0].set(ID, CPR)

    answer = post(app, FETCH, signed("dotnet", REQUEST, issued("eget"), after=change))
    assert reason_of(answer) is Reason.ID_TWICE
    assert CPR not in answer.body.decode()


def test_an_utf16_request_is_signed_over_the_same_bytes(app):
    envelope = seal(unsigned("dotnet", REQUEST, issued("eget")), issued("eget"))
    message = etree.tostring(envelope, xml_declaration=True, encoding="UTF-16")
    answer = post(app, FETCH, message, SOAP12, CONTENT_TYPE="application/soap+xml; charset=utf-16")
    assert answer.status == 200


def test_the_log_names_the_reason_and_nothing_of_it_stays_with_the_worker(app):
    lines = []
    structlog.configure(
        processors=[record.merge, lambda _l, _n, line: lines.append(line) or str(line)],
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    try:
        post(app, FETCH, signed("dotnet", REQUEST, issued("ukendt")))
        post(app, FETCH, signed("dotnet", REQUEST, issued("eget")))
    finally:
        structlog.reset_defaults()
    assert [(line["signature"], line["system_id"]) for line in lines] == [
        (Reason.CERTIFICATE_UNKNOWN.key, "system"),
        (None, "system"),
    ]
