"""A trial by header or by address: when it counts, when it is refused, and that nothing on the way makes one."""

from types import SimpleNamespace

import pytest
import xmlsec
import zeep
from lxml import etree
from zeep.wsse.signature import _make_sign_key, _sign_node

from tests.support.certificates import Issued, issued
from tests.support.endpoint import InProcess
from tests.support.fake_context import (
    FETCH,
    KEY,
    REPORT,
    SETTINGS,
    FakeContext,
    app_of,
    empty_page,
    envelope,
    environ,
    ping,
    receipt,
    sample,
    send,
)
from tests.support.signing import ZeepSignature, seal, unsigned
from tests.wsdl.broken import ID, add_reference
from udb.domain.services import SERVICES
from udb.paths import CONTRACT
from udb.wsdl.signature import names
from udb.wsdl.signature.reasons import Reason
from udb.wsdl.soap import SOAP12, VERSIONS

BOTH = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
BODY = sample(f"{REPORT}Request")
NAMESPACE = "http://udb.stil.dk/v1"
TRIAL = f'<v:KunValidering xmlns:v="{NAMESPACE}">true</v:KunValidering>'
QUERY = "?kun-validering=1"


class Service:
    """An application that remembers whether each report was a trial."""

    def __init__(self, **settings) -> None:
        self.trials: list[bool] = []
        known = {issued("eget").fingerprint: SimpleNamespace(system_id="system", blocked=None)}
        context = FakeContext(
            settings=SimpleNamespace(**{**SETTINGS, **settings}),
            operations={REPORT: self._report, "HentHaendelser": empty_page},
        )
        context.certificate = known.get
        self.app = app_of(context)

    def _report(self, call, payload):
        self.trials.append(call.validate_only)
        return receipt(call, payload)

    def post(self, body: bytes, version=SOAP12, query: str = "", service: str = REPORT):
        return send(self.app, environ(f"{SERVICES[service].path}{query}", body, version.media_type))


SANDBOX = {"sandbox": True, "kraever_signatur": False}
STRICT_SANDBOX = {"sandbox": True, "kraever_signatur": True}
LENIENT = {"sandbox": False, "kraever_signatur": False}
PRODUCTION = {"sandbox": False, "kraever_signatur": True}


def sent(version=SOAP12, header: str = TRIAL, *, sign: bool = False, covered: bool = True) -> bytes:
    """Return a report with a header, signed or not; ``covered``: the signature covers the header."""
    if not sign:
        return envelope(BODY, version, header)
    message = unsigned("dotnet", BODY, issued("eget"), version)
    if header:
        trial = etree.fromstring(header)
        trial.set(ID, "Proeve")
        message[0].append(trial)
        if covered:
            add_reference("#Proeve")(message)
    return etree.tostring(seal(message, issued("eget")), xml_declaration=True, encoding="UTF-8")


@pytest.fixture(autouse=True)
def certificate() -> Issued:
    return issued("eget")


@BOTH
@pytest.mark.parametrize(
    ("settings", "sign", "header", "query", "trial"),
    [
        pytest.param(SANDBOX, False, "", "", False, id="a report"),
        pytest.param(SANDBOX, False, "", QUERY, True, id="by address in a sandbox"),
        pytest.param(SANDBOX, False, TRIAL, "", True, id="by header in a sandbox"),
        pytest.param(SANDBOX, False, TRIAL, QUERY, True, id="by both"),
        pytest.param(SANDBOX, True, "", QUERY, True, id="signed, by address in a sandbox"),
        pytest.param(SANDBOX, True, TRIAL, "", True, id="signed, by header in a sandbox"),
        pytest.param(LENIENT, False, TRIAL, "", True, id="unsigned where that is enough"),
        pytest.param(PRODUCTION, True, "", "", False, id="a signed report"),
        pytest.param(PRODUCTION, True, TRIAL, "", True, id="by signed header"),
        pytest.param(PRODUCTION, True, TRIAL, QUERY, True, id="by signed header and address"),
        pytest.param(PRODUCTION, True, TRIAL.replace("true", "false"), "", False, id="signed false"),
        pytest.param(STRICT_SANDBOX, True, TRIAL, "", True, id="sandbox that requires signatures"),
        pytest.param(SANDBOX, False, TRIAL.replace("true", " 1 "), "", True, id="1"),
        pytest.param(SANDBOX, False, TRIAL.replace("true", "0"), "", False, id="0"),
    ],
)
def test_what_is_a_trial(version, settings, sign, header, query, trial):
    service = Service(**settings)
    answer = service.post(sent(version, header, sign=sign), version, query)
    assert (answer.status, service.trials) == (200, [trial]), answer.body.decode()


@BOTH
@pytest.mark.parametrize("settings", [LENIENT, PRODUCTION, STRICT_SANDBOX])
@pytest.mark.parametrize("sign", [False, True])
def test_the_address_alone_is_not_enough_outside_a_sandbox_or_where_calls_are_signed(version, settings, sign):
    service = Service(**settings)
    answer = service.post(sent(version, "", sign=sign), version, QUERY)
    if settings["kraever_signatur"] and not sign:
        assert answer.error_code == "UDB009108"
    else:
        assert answer.error_code == "UDB009107"
        assert "headeren KunValidering" in answer.text("Details")
    assert service.trials == []


@BOTH
@pytest.mark.parametrize("settings", [SANDBOX, LENIENT, PRODUCTION, STRICT_SANDBOX])
def test_a_header_that_the_signature_does_not_cover_is_refused(version, settings):
    service = Service(**settings)
    for header in (TRIAL, TRIAL.replace("true", "false")):
        answer = service.post(sent(version, header, sign=True, covered=False), version)
        assert answer.error_code == "UDB009108"
        assert answer.text("Details").startswith(f"[{Reason.TRIAL_UNSIGNED.key}]")
    assert service.trials == []


@BOTH
def test_nobody_on_the_way_makes_a_trial_of_a_signed_report_or_a_report_of_a_signed_trial(version):
    service = Service(**PRODUCTION)
    report = etree.fromstring(sent(version, "", sign=True))
    report[0].append(etree.fromstring(TRIAL))
    added = service.post(etree.tostring(report), version)
    assert added.text("Details").startswith(f"[{Reason.TRIAL_UNSIGNED.key}]")
    trial = etree.fromstring(sent(version, TRIAL, sign=True))
    (header,) = trial.iter(f"{{{NAMESPACE}}}KunValidering")
    header.text = "false"
    changed = service.post(etree.tostring(trial), version)
    assert changed.text("Details").startswith(f"[{Reason.OTHER_CHANGED.key}]")
    trial[0].remove(header)
    removed = service.post(etree.tostring(trial), version)
    assert removed.text("Details").startswith(f"[{Reason.REFERENCE_NOWHERE.key}]")
    assert service.trials == []


@BOTH
def test_an_unsigned_header_where_signatures_are_required_is_an_unsigned_call(version):
    answer = Service(**PRODUCTION).post(sent(version), version)
    assert answer.error_code == "UDB009108"
    assert answer.text("Details").startswith(f"[{Reason.HEADER_MISSING.key}]")


@BOTH
@pytest.mark.parametrize("value", ["1", "true", "0"])
def test_must_understand_may_be_on_it(version, value):
    service = Service(**SANDBOX)
    header = TRIAL.replace("xmlns", f's:mustUnderstand="{value}" xmlns')
    assert service.post(sent(version, header), version).status == 200
    assert service.trials == [True]


def named(name: str, namespace: str = NAMESPACE) -> str:
    return f'<v:{name} xmlns:v="{namespace}">true</v:{name}>'


@BOTH
@pytest.mark.parametrize(
    ("header", "code"),
    [
        pytest.param(named("Kunvalidering"), "UDB009107", id="other case"),
        pytest.param(named("Kun-Validering"), "UDB009107", id="dash"),
        pytest.param(named("kun_validering", "urn:x"), "UDB009107", id="other namespace"),
        pytest.param("<KunValidering>true</KunValidering>", "UDB009107", id="no namespace"),
        pytest.param(named("Proeve"), "UDB009107", id="other name of our namespace"),
        pytest.param(named("KunValidering", SERVICES[REPORT].namespace), "UDB009107", id="wrapper namespace"),
        pytest.param(named("Noget", SERVICES[FETCH].namespace), "UDB009107", id="another of ours"),
        pytest.param(TRIAL + TRIAL, "IPL000002", id="twice"),
        pytest.param(TRIAL.replace("true", "ja"), "IPL000002", id="no boolean"),
        pytest.param(TRIAL.replace("true", "True"), "IPL000002", id="capital"),
        pytest.param(TRIAL.replace("true", ""), "IPL000002", id="empty"),
        pytest.param(TRIAL.replace("true", "<a>true</a>"), "IPL000002", id="element inside"),
    ],
)
def test_no_misspelt_trial_is_taken_for_a_report(version, header, code):
    service = Service(**SANDBOX)
    answer = service.post(sent(version, header), version)
    assert (answer.error_code, service.trials) == (code, [])
    assert "KunValidering" in answer.text("Details")


@BOTH
def test_a_trial_for_another_node_is_refused(version):
    service = Service(**SANDBOX)
    header = TRIAL.replace("xmlns", f's:{version.role_attribute}="urn:en-anden" xmlns')
    answer = service.post(sent(version, header), version)
    assert (answer.error_code, service.trials) == ("IPL000002", [])


@BOTH
def test_address_and_header_that_disagree_are_refused(version):
    service = Service(**SANDBOX)
    answer = service.post(sent(version, TRIAL.replace("true", "false")), version, QUERY)
    assert (answer.error_code, service.trials) == ("UDB009107", [])


@BOTH
def test_a_fetch_has_no_trial(version):
    body = sample("HentHaendelserRequest")
    for header, query in ((TRIAL, ""), ("", QUERY), (TRIAL, QUERY)):
        answer = Service(**SANDBOX).post(envelope(body, version, header), version, query, FETCH)
        assert answer.error_code == "UDB009107"
        assert "hører til indberetninger" in answer.text("Details")
    false = TRIAL.replace("true", "false")
    assert Service(**SANDBOX).post(envelope(body, version, false), version, service=FETCH).status == 200


@BOTH
def test_other_headers_and_ping_are_as_before(version):
    service = Service(**SANDBOX)
    other = '<a:Action xmlns:a="http://www.w3.org/2005/08/addressing"/><x/>'
    assert service.post(sent(version, other), version).status == 200
    assert service.trials == [False]
    assert service.post(envelope(ping(REPORT), version, TRIAL), version).status == 200


class TrialSignature(ZeepSignature):
    """The recipe of docs/signering.md: zeep's signature, made once more with a reference to the header."""

    def apply(self, message, headers):
        message, headers = super().apply(message, headers)
        trial = message.find(f".//{{{NAMESPACE}}}KunValidering")
        (signature,) = message.iter(names.SIGNATURE)
        context = xmlsec.SignatureContext()
        context.key = _make_sign_key(self.key_data, self.cert_data, self.password)
        for element in message.iter(etree.Element):
            if ID in element.attrib:
                context.register_id(element, "Id", names.WSU)
        _sign_node(context, signature, trial, self.digest_method)
        context.sign(signature)
        return message, headers


@BOTH
def test_zeep_signs_a_trial_as_the_documentation_says(version):
    service = Service(**PRODUCTION)
    client = zeep.Client(str(CONTRACT / f"{REPORT}.wsdl"), wsse=TrialSignature(issued("eget")))
    client.transport = InProcess(service.app, {"Authorization": KEY})
    trial = etree.Element(f"{{{NAMESPACE}}}KunValidering")
    trial.text = "true"
    request = etree.fromstring(BODY)
    values = client.get_element(request.tag).parse(request, client.wsdl.types)
    port = client.bind(f"{REPORT}Service", f"{REPORT}Soap{version.number.replace('.', '')}")
    answer = port[REPORT](Identifier=values["Identifier"], Message=values["Message"], _soapheaders=[trial])
    assert answer["Message"][f"{REPORT}Svar"]["Resultat"] == "Accepteret"
    assert service.trials == [True]
