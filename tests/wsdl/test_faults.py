"""Every fault of the contract's table, in both SOAP versions, valid against the schema."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from lxml import etree

from tests.support.fake_context import FETCH, REPORT, FakeContext, app_of, envelope, environ, ping, post, sample, send
from udb.domain.clock import system_time
from udb.domain.errors import DatabaseUnavailable, NoDataaftale
from udb.domain.services import SERVICES, UNKNOWN_SERVICE_NAMESPACE
from udb.paths import CONTRACT
from udb.wsdl import faults
from udb.wsdl.endpoint import fault_xml
from udb.wsdl.faults import ServiceFault
from udb.wsdl.soap import SOAP11, SOAP12, VERSIONS

# (ErrorCode, code over 1.1, code over 1.2, status over 1.2) by contract 3.
CONTRACT_TABLE = {
    faults.UNEXPECTED: ("IPL000001", "Server", "Receiver", 500),
    faults.NOT_VALID: ("IPL000002", "Client", "Sender", 400),
    faults.VERSION_MISMATCH: ("IPL000002", "VersionMismatch", "VersionMismatch", 500),
    faults.MUST_UNDERSTAND: ("IPL000002", "MustUnderstand", "MustUnderstand", 500),
    faults.NOT_AUTHENTICATED: ("UDB009101", "Client", "Sender", 400),
    faults.NO_DATAAFTALE: ("UDB009102", "Client", "Sender", 400),
    faults.TOO_LARGE: ("UDB009103", "Client", "Sender", 400),
    faults.DATABASE_UNAVAILABLE: ("UDB009104", "Server", "Receiver", 500),
    faults.RATE_LIMIT: ("UDB009105", "Client", "Sender", 400),
    faults.REFUSED_LIMIT: ("UDB009105", "Client", "Sender", 400),
    faults.NO_SUCH_SERVICE: ("UDB009106", "Client", "Sender", 400),
    faults.TRANSPORT: ("UDB009107", "Client", "Sender", 400),
    faults.SIGNATURE: ("UDB009108", "Client", "Sender", 400),
    faults.NO_SUCH_OPERATION: ("UDB009109", "Client", "Sender", 400),
}
XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
A_TIME = "dato og klokkeslæt i årene 1900 til 2999, fx 2026-08-10T00:00:00"
DETAILS = "Linje 1: <Æ> & 'ø'\nLinje 2: mere"
IDS = [f"{kind.error_code}-{kind.soap_code.name}" for kind in CONTRACT_TABLE]


def detail_of(document):
    (detail,) = etree.fromstring(document).xpath("//*[local-name()='ServiceFaultDetailer']")
    return detail


def assert_valid(detail, schema_name):
    etree.XMLSchema(etree.parse(CONTRACT / schema_name)).assertValid(etree.ElementTree(detail))


def test_the_table_is_the_contracts():
    assert set(map(id, faults.TABLE)) == set(map(id, CONTRACT_TABLE))


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("kind", CONTRACT_TABLE, ids=IDS)
def test_a_fault_is_as_the_contract_says(kind, version):
    error, code11, code12, status12 = CONTRACT_TABLE[kind]
    for service, schema in ((SERVICES[REPORT], f"{REPORT}.xsd"), (None, "ukendt.xsd")):
        correlation_id = str(uuid4())
        document = fault_xml.document(version, service, correlation_id, ServiceFault(kind, DETAILS))
        detail = detail_of(document)
        assert_valid(detail, schema)
        assert etree.QName(detail).namespace == (service.namespace if service else UNKNOWN_SERVICE_NAMESPACE)
        names = [etree.QName(child).localname for child in detail]
        source = ["SourceSystemError"] if error.startswith("UDB") else []
        assert names == ["CorrelationID", "Timestamp", "ErrorCode", "ErrorMessage", "Details", *source]
        assert [child.text for child in detail][:1] == [correlation_id]
        assert (detail[2].text, detail[3].text, detail[4].text) == (error, kind.text, DETAILS)
        if source:
            assert [child.text for child in detail[5]] == ["UDB", error, DETAILS]
        envelope_root = etree.fromstring(document)
        assert envelope_root.tag == version.tag("Envelope")
        fault = envelope_root.find(f"{version.tag('Body')}/{version.tag('Fault')}")
        if version is SOAP11:
            assert [etree.QName(child).localname for child in fault] == ["faultcode", "faultstring", "detail"]
            assert (fault[0].text, fault[1].text) == (f"soap:{code11}", f"{kind.text} Linje 1: <Æ> & 'ø'")
        else:
            assert [etree.QName(child).localname for child in fault] == ["Code", "Reason", "Detail"]
            assert (fault[0][0].text, fault[1][0].text) == (f"soap:{code12}", f"{kind.text} Linje 1: <Æ> & 'ø'")
        assert fault_xml.status(version, ServiceFault(kind)) == (500 if version is SOAP11 else status12)


def test_without_details_the_source_system_repeats_the_message():
    detail = detail_of(fault_xml.document(SOAP12, None, str(uuid4()), ServiceFault(faults.NO_DATAAFTALE)))
    assert_valid(detail, "ukendt.xsd")
    assert detail[-1][-1].text == faults.NO_DATAAFTALE.text


def test_the_timestamp_is_now():
    detail = detail_of(fault_xml.document(SOAP12, None, str(uuid4()), ServiceFault(faults.UNEXPECTED)))
    assert abs(datetime.fromisoformat(detail[1].text) - system_time()) < timedelta(minutes=1)


def test_version_mismatch_names_the_envelopes_that_are_taken():
    document = fault_xml.document(SOAP12, None, str(uuid4()), ServiceFault(faults.VERSION_MISMATCH))
    found = etree.fromstring(document).findall(
        f"{SOAP12.tag('Header')}/{SOAP12.tag('Upgrade')}/{SOAP12.tag('SupportedEnvelope')}"
    )
    assert [(one.nsmap[one.get("qname").partition(":")[0]], one.get("qname").partition(":")[2]) for one in found] == [
        (SOAP12.namespace, "Envelope"),
        (SOAP11.namespace, "Envelope"),
    ]


def not_understood(headers):
    answer = post(app_of(), REPORT, envelope(sample(f"{REPORT}Request"), SOAP12, headers))
    assert answer.soap_code == "MustUnderstand"
    found = answer.root.findall(f"{SOAP12.tag('Header')}/{SOAP12.tag('NotUnderstood')}")
    return [(one.nsmap["n"], one.get("qname")) for one in found]


def test_must_understand_names_the_headers_in_soap_12():
    headers = (
        '<a:Adresse xmlns:a="u:a?x=1&amp;y=2" s:mustUnderstand="1"/><b xmlns="u:b"/>'
        '<c:Handling xmlns:c="u:c" s:mustUnderstand="true"/>'
    )
    assert not_understood(headers) == [("u:a?x=1&y=2", "n:Adresse"), ("u:c", "n:Handling")]


def test_must_understand_keeps_a_name_that_could_hold_a_value():
    headers = '<a:C6101051234 xmlns:a="u:a" s:mustUnderstand="1"/><uden s:mustUnderstand="1"/>'
    headers += '<b:Plain xmlns:b="u:610105-1234" s:mustUnderstand="1"/>'
    assert not_understood(headers) == []


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize(
    ("error", "code", "statuses"),
    [
        (NoDataaftale(), "UDB009102", (500, 400)),
        (DatabaseUnavailable("psycopg: host=hemmelig"), "UDB009104", (500, 500)),
        (RuntimeError("hemmelig"), "IPL000001", (500, 500)),
        (ServiceFault(faults.RATE_LIMIT), "UDB009105", (500, 400)),
    ],
)
def test_what_a_use_case_raises(error, code, statuses, version):
    def raising(_call, _payload):
        raise error

    context = FakeContext(operations={"HentHaendelser": raising})
    answer = post(app_of(context), FETCH, envelope(sample("HentHaendelserRequest"), version), version)
    assert (answer.status, answer.error_code) == (statuses[VERSIONS.index(version)], code)
    assert "hemmelig" not in answer.body.decode()
    assert answer.headers["X-Correlation-ID"] == answer.text("CorrelationID")
    assert UUID(answer.text("CorrelationID")).version == 4
    assert answer.headers.get("Retry-After") == ("30" if code == "UDB009104" else None)
    if code == "UDB009104":
        assert "30 sekunder" in answer.text("ErrorMessage")


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
def test_a_system_that_calls_too_often_is_told_when_to_come_back(version):
    context = FakeContext(calls_left=2)
    app = app_of(context)
    request = envelope(sample("HentHaendelserRequest"), version)
    assert [post(app, FETCH, request, version).status for _ in range(2)] == [200, 200]
    refused = post(app, FETCH, request, version)
    assert (refused.status, refused.error_code) == (500 if version is SOAP11 else 400, "UDB009105")
    assert refused.headers["Retry-After"] == "1"
    assert "60 gange i minuttet" in refused.text("Details")
    assert post(app, FETCH, envelope("<a", version), version).error_code == "IPL000002", "before it is known who calls"
    stranger = post(app, FETCH, request, version, HTTP_AUTHORIZATION="Basic eDp5")
    assert stranger.error_code == "UDB009101", "only a known system is counted"
    assert post(app, FETCH, envelope(ping(FETCH), version), version).status == 200
    trial = environ(
        f"{SERVICES[REPORT].path}?kun-validering=1", envelope(sample(f"{REPORT}Request"), version), version.media_type
    )
    assert send(app, trial).error_code == "UDB009105"


@pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_told_which_to_use(method, version):
    for service in SERVICES.values():
        answer = send(app_of(), environ(service.path, b"", version.media_type, REQUEST_METHOD=method))
        assert (answer.status, answer.headers["Allow"]) == (405, "POST")


def test_what_ping_and_authentication_raise():
    class Broken(FakeContext):
        def ping(self):
            raise DatabaseUnavailable

        def authenticate(self, environ):
            raise KeyError("hemmelig")

    app = app_of(Broken())
    answer = post(app, REPORT, envelope(ping(REPORT)))
    assert (answer.status, answer.error_code) == (500, "UDB009104")
    other = post(app, REPORT, envelope(sample(f"{REPORT}Request")))
    assert (other.status, other.error_code) == (500, "IPL000001")


def test_what_must_end_the_worker_passes():
    def ending(_call, _payload):
        raise SystemExit(3)

    app = app_of(FakeContext(operations={"HentHaendelser": ending}))
    with pytest.raises(SystemExit):
        post(app, FETCH, envelope(sample("HentHaendelserRequest")))


@pytest.mark.parametrize(
    ("more", "header", "value"),
    [
        ({"REQUEST_METHOD": "PUT"}, "Allow", "POST"),
        ({"HTTP_AUTHORIZATION": None}, "WWW-Authenticate", 'Basic realm="Ungedatabasen", charset="UTF-8"'),
    ],
)
def test_headers_that_http_wants(more, header, value):
    answer = post(app_of(), REPORT, envelope(sample(f"{REPORT}Request")), **more)
    assert answer.headers[header] == value


def test_head_has_no_body():
    answer = send(app_of(), environ(SERVICES[REPORT].path, REQUEST_METHOD="HEAD"))
    assert (answer.status, answer.body) == (405, b"")


def test_every_violation_is_listed_with_line_and_element():
    report = (
        sample(f"{REPORT}Request")
        .replace("7408064217", "x")
        .replace(">1<", ">9<")
        .replace("LUDUS", " ")
        .replace("2022-08-08T", "T")
        .replace("<v1:Annullering>false</v1:Annullering>", "<v1:Fremmed/>")
        .replace("<v1:COsAFormaalVersion>2</v1:COsAFormaalVersion>", "")
    )
    lines = report.splitlines()

    def line_of(name):
        return next(number for number, text in enumerate(lines, 1) if f"<v1:{name}" in text)

    details = post(app_of(), REPORT, envelope(report)).text("Details").splitlines()
    assert details == [
        f"Linje {line_of('CPRNr')}: CPRNr: værdien har en forkert form; skriv 10 cifre uden andre tegn.",
        f"Linje {line_of('HaendelseDato')}: HaendelseDato: værdien har en forkert form; skriv {A_TIME}.",
        f"Linje {line_of('Status')}: Status: tallet er for stort; skriv et helt tal fra 1 til 3.",
        f"Linje {line_of('KildeLeverandoer')}: KildeLeverandoer: elementet er tomt; skriv 1 til 100 tegn.",
        f"Linje {line_of('Uddannelse')}: Uddannelse: elementet mangler indhold; her ventes COsAFormaalVersion.",
        f"Linje {line_of('Fremmed')}: ukendt element Fremmed: elementet findes ikke i skemaet; her ventes Annullering.",
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            ("<v1:Status>", "<v1:C6101051234/><v1:Status>"),
            "ukendt element: elementet findes ikke i skemaet; her ventes ",
        ),
        (
            ("<v1:Status>", f"<v1:{'a' * 41}/><v1:Status>"),
            "ukendt element: elementet findes ikke i skemaet; her ventes ",
        ),
        (
            ("<v1:Status>", '<v1:Status hemmelig="6101051234">'),
            "Status: elementet må ikke have attributter; fjern dem.",
        ),
        (
            ("<v1:Status>", '<Status xmlns="u:6101051234"/><v1:Status>'),
            "Status: elementet er i et forkert navnerum; brug http://udb.stil.dk/v1.",
        ),
        (("461248", "4612481"), "InstitutionNummer: værdien har en forkert længde; skriv præcis 6 tegn."),
        (("Studieadministration Nord", "6101051234" * 11), "SystemName: værdien er for lang; skriv 1 til 100 tegn."),
        ((">1<", ">6101051234<"), "Status: værdien har en forkert form; skriv et helt tal fra 1 til 3."),
        ((">1<", "><"), "Status: elementet er tomt; skriv et helt tal fra 1 til 3."),
        (
            ("2022-08-08T", "0001-01-01T"),
            f"HaendelseDato: værdien har en forkert form; skriv {A_TIME}.",
        ),
        ((">false<", ">False<"), "GennemfoertHf: værdien har en forkert form; skriv true eller false."),
        ((">false<", "> <"), "GennemfoertHf: elementet er tomt; udelad det, eller skriv true eller false."),
        (
            ("<v1:GennemfoertHf>false", f'<v1:GennemfoertHf {XSI} xsi:nil="true">'),
            "GennemfoertHf: elementet må ikke have xsi:nil; udelad det i stedet.",
        ),
        (
            ("<v1:KildeLeverandoer>LUDUS", f'<v1:KildeLeverandoer {XSI} xsi:nil="true">'),
            "KildeLeverandoer: elementet må ikke have xsi:nil; skriv 1 til 100 tegn.",
        ),
        (
            ("</v1:FrafaldstruetMarkering>", "</v1:FrafaldstruetMarkering><v1:Status>1</v1:Status>"),
            "Status: elementet hører ikke til her; fjern det.",
        ),
    ],
)
def test_words_for_what_is_wrong(change, words):
    answer = post(app_of(), REPORT, envelope(sample(f"{REPORT}Request").replace(*change, 1)))
    assert answer.error_code == "IPL000002"
    assert words in answer.text("Details")
    assert "6101051234" not in answer.body.decode()


def test_an_enumeration_names_its_values_and_never_the_callers():
    wishes = sample("IndberetningOnskerRequest").replace(
        "</v1:IndberetningOnsker>",
        "<v1:Slet>is not an element of the set {'Job', '6101051234'}</v1:Slet></v1:IndberetningOnsker>",
    )
    answer = post(app_of(), "IndberetningOnsker", envelope(wishes))
    assert answer.text("Details").endswith(
        ": Slet: værdien er ikke en af dem, der kan bruges; skriv Job, Uddannelse eller Begge."
    )
