"""Answers that are signed: by zeep's verification, and by our own of requests."""

from types import SimpleNamespace

import pytest
from lxml import etree
from zeep.exceptions import SignatureVerificationFailed
from zeep.wsse.signature import BinarySignature

from tests.support.certificates import for_service, issued
from tests.support.endpoint import SOAP_11, SOAP_12, Endpoint
from tests.support.fake_context import FETCH, FakeContext, app_of, envelope, page, ping, post, sample
from tests.support.youths import youths
from udb.domain.clock import system_time
from udb.domain.errors import WrongUse
from udb.wsdl.signature import names, steps
from udb.wsdl.signature.answer import load
from udb.wsdl.signature.examined import Examined, Policy
from udb.wsdl.soap import VERSIONS
from udb.wsdl.xml.parse import parse


def signer(key=None, certificate=None):
    own = for_service()
    return load(SimpleNamespace(svar_noegle=key or own.key_file, svar_certifikat=certificate or own.file))


@pytest.fixture
def app():
    return app_of(FakeContext(sign_answer=signer()))


class Verifying(BinarySignature):
    """zeep's own verification, without a signature."""

    verified = 0

    def apply(self, envelope, headers):
        return envelope, headers

    def verify(self, envelope):
        self.verified += 1
        return super().verify(envelope)


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_zeep_verifies_our_answers_and_notices_another_key(app, soap):
    own, other = for_service(), issued("andet")
    verifying = Verifying(str(own.key_file), str(own.file))
    endpoint = Endpoint(app, system="system", key="noegle", soap=soap, wsse=verifying)
    assert endpoint.fetch("281111")["FindesFlereHaendelser"] is False
    assert verifying.verified == 1
    stranger = Endpoint(
        app, system="system", key="noegle", soap=soap, wsse=Verifying(str(other.key_file), str(other.file))
    )
    with pytest.raises(SignatureVerificationFailed):
        stranger.fetch("281111")


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
def test_a_long_answer_is_signed_as_we_want_requests_signed(version):
    operations = {"HentHaendelser": lambda _call, _payload: page(youths(2000))}
    app = app_of(FakeContext(operations=operations, sign_answer=signer()))
    answer = post(app, FETCH, envelope(sample("HentHaendelserRequest"), version), version)
    assert answer.status == 200
    root = etree.fromstring(answer.body)
    assert len(root.findall(".//{*}HaendelserUng")) == 2000
    known = SimpleNamespace(system_id="udb", blocked=None)
    policy = Policy(system_time(), sha1=False, system_id="udb", known=lambda _fingerprint: known)
    steps.check(Examined(root, version, policy))


def test_ping_and_faults_are_not_signed(app):
    for body in (envelope(ping(FETCH)), envelope("<x/>")):
        assert parse(post(app, FETCH, body).body).find(f".//{names.SIGNATURE}") is None


@pytest.mark.parametrize(
    ("key", "certificate"),
    [(None, "andet.pem"), ("andet.key", None), ("findes-ikke.key", None), ("andet.pem", None), (None, "andet.key")],
)
def test_files_that_do_not_belong_together_are_told(key, certificate):
    folder = issued("andet").file.parent
    with pytest.raises(WrongUse, match="UDB_SVAR_"):
        signer(key and folder / key, certificate and folder / certificate)


def test_one_file_alone_is_too_little():
    with pytest.raises(WrongUse, match="both"):
        load(SimpleNamespace(svar_noegle=None, svar_certifikat=for_service().file))
    assert load(SimpleNamespace(svar_noegle=None, svar_certifikat=None)) is None
