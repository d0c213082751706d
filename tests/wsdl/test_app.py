"""The endpoint: addresses, the contract, pages, Ping, the answer's bytes and the steps after its delivery."""

import logging
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID

import pytest
import structlog
from lxml import etree

from tests.support.fake_context import (
    CPR,
    FETCH,
    HOST,
    REPORT,
    FakeContext,
    app_of,
    envelope,
    environ,
    page,
    ping,
    post,
    sample,
    send,
)
from tests.support.youths import youths
from tests.wsdl.contract import PAIRS
from udb.domain.call import Call, Delivery
from udb.domain.haendelse import Indberetning
from udb.domain.services import REPORTS, SERVICES
from udb.paths import CONTRACT
from udb.wsdl import record
from udb.wsdl.services import OPERATIONS as TABLE
from udb.wsdl.soap import VERSIONS
from udb.wsdl.use_cases import USE_CASES

BOTH = pytest.mark.parametrize("version", VERSIONS, ids=lambda version: version.number)
EVERY = pytest.mark.parametrize("service", SERVICES)
OPERATIONS = [(service.name, operation) for service in SERVICES.values() for operation in service.operations]


def get(app, path, **more):
    return send(app, environ(path, REQUEST_METHOD="GET", HTTP_AUTHORIZATION=None, CONTENT_TYPE=None, **more))


def validate(answer, service):
    body = answer.root[-1]
    etree.XMLSchema(etree.parse(CONTRACT / f"{service}.xsd")).assertValid(etree.ElementTree(body[0]))


@BOTH
@EVERY
@pytest.mark.parametrize(("up", "status"), [(True, "up"), (False, "down")])
def test_every_service_answers_ping_without_credentials(service, version, up, status):
    app = app_of(FakeContext(up=up))
    answer = post(app, service, envelope(ping(service), version), version, HTTP_AUTHORIZATION=None)
    assert (answer.status, answer.text("Status")) == (200, status)
    assert answer.headers["Content-Type"] == version.content_type
    validate(answer, service)


def test_the_table_has_every_operation_of_the_contract_once():
    rows = [(row.service, row.name) for row in TABLE]
    assert sorted(rows) == sorted(PAIRS)
    named = {(row.request.get_type_name(), row.answer.get_type_name()) for row in TABLE}
    shared = {"HentHaendelser": "Haendelser", "HentHaendelserDFDG": "Haendelser"}
    assert named == {(f"{name}Type", f"{shared.get(name, name)}SvarType") for _, name in PAIRS}


def test_no_service_only_answers_ping():
    """Every operation of every service has its use case, and no use case is without operation."""
    assert {operation for _, operation in OPERATIONS} == USE_CASES.keys()
    assert all(service.operations for service in SERVICES.values())


@BOTH
@pytest.mark.parametrize(("service", "operation"), OPERATIONS)
def test_every_sample_reaches_its_use_case_and_every_sample_answer_comes_back(service, operation, version):
    """The use case returns the sample answer's data, read by the codec's own reader."""
    from udb.wsdl.endpoint.service_endpoint import Endpoint
    from udb.wsdl.xml import codec

    described = Endpoint(SERVICES[service]).operations.described
    descriptor = described[f"{{{SERVICES[service].namespace}}}{operation}Request"]
    expected = etree.fromstring(sample(f"{operation}Response"))
    payload = codec.reader(descriptor.out_message)(expected).message.payload
    if service in REPORTS:
        # What a receipt says in the log and not in XML.
        payload.repeated = False
    calls = []

    def use_case(call, request):
        calls.append((call, request))
        return payload

    request = sample(f"{operation}Request")
    answer = post(app_of(FakeContext(operations={operation: use_case})), service, envelope(request, version), version)
    assert answer.status == 200
    validate(answer, service)

    ((call, given),) = calls
    transaction = etree.fromstring(request).findtext(f".//{{{SERVICES[service].namespace}}}SystemTransactionID")
    assert call == Call(
        correlation_id=answer.headers["X-Correlation-ID"],
        system_id="system",
        service=service,
        operation=operation,
        institution_nummer=given.institution_nummer,
        transaction_id=transaction,
    )
    assert isinstance(given, Indberetning) == (service in REPORTS)
    (message,) = answer.root[-1][0].xpath("*[local-name()='Message']/*")
    (sampled,) = expected.xpath("*[local-name()='Message']/*")
    assert values(message) == values(sampled)


def values(element):
    """Return names and values in order; points in time as instants."""
    children = [values(child) for child in element]
    text = (element.text or "").strip()
    if not children and len(text) > 18 and text[10:11] == "T":
        text = datetime.fromisoformat(text).astimezone(UTC).isoformat()
    return element.tag, children or text


def test_the_education_group_is_laid_flat():
    seen = []

    def use_case(_call, report):
        seen.append(report)
        raise SystemExit

    with pytest.raises(SystemExit):
        post(app_of(FakeContext(operations={REPORT: use_case})), REPORT, envelope(sample(f"{REPORT}Request")))
    (report,) = seen
    assert (report.service, report.cosa_formaal, report.cosa_formaal_version) == (REPORT, "3017", 2)
    assert (report.cprnr, report.status, report.annullering, report.gennemfoert_hf) == ("7408064217", 1, False, False)
    assert report.haendelse_nummer is None


@BOTH
def test_the_identifier_comes_back_exactly(version):
    name = "  A &amp; B&#13;\n\t&lt;ø&gt; 🍏 "
    request = sample("HentHaendelserRequest").replace("Ungeindsats Hav", name)
    answer = post(app_of(), FETCH, envelope(request, version), version)
    assert answer.text("SystemName") == "  A & B\r\n\t<ø> 🍏 "
    assert answer.text("CorrelationID") == answer.headers["X-Correlation-ID"]
    assert UUID(answer.text("CorrelationID")).version == 4


@EVERY
def test_the_contract_is_served_with_the_address_that_was_asked(service):
    answer = get(app_of(), f"{SERVICES[service].path}?wsdl")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    addresses = answer.root.xpath("//*[local-name()='address']/@location")
    assert addresses == [f"http://{HOST}{SERVICES[service].path}"] * 2
    kept = etree.parse(CONTRACT / f"{service}.wsdl")
    root = answer.root
    for one in (root, kept.getroot()):
        for address in one.xpath("//*[local-name()='address']"):
            address.set("location", "")
    (imported,) = kept.xpath("//*[local-name()='import']")
    assert imported.get("schemaLocation") == f"{service}.xsd"
    imported.set("schemaLocation", f"../{service}.xsd")
    assert etree.tostring(root, method="c14n") == etree.tostring(kept, method="c14n")
    for import_ in ("udb.xsd", f"{service}.xsd"):
        schema = get(app_of(), f"/services/UDB/{import_}")
        assert (schema.status, schema.body) == (200, (CONTRACT / import_).read_bytes())


@pytest.mark.parametrize(
    "query", ["WSDL", "wsdl=", "wsdl=1", "wsdl&", "&wsdl", "wsdl&x=1", "x=1&wsdl", "x&Wsdl&y", "%77sdl"]
)
def test_spellings_of_the_question(query):
    plain = get(app_of(), f"{SERVICES[FETCH].path}?wsdl")
    asked = get(app_of(), f"{SERVICES[FETCH].path}?{query}")
    assert (asked.status, asked.body) == (200, plain.body)


@pytest.mark.parametrize("query", ["", "x=1", "x=wsdl", "wsdlx", "soap=1.1", "xsd=1"])
def test_what_does_not_ask_for_the_contract(query):
    answer = get(app_of(), f"{SERVICES[FETCH].path}?{query}")
    assert (answer.status, answer.text("Details")) == (405, "Send kaldet med POST. Kontrakten hentes med GET og ?wsdl.")


def test_the_setting_goes_before_the_host_header():
    context = FakeContext(settings=SimpleNamespace(adresse="https://udb.example/", vaerter=(HOST,), maks_body=1))
    addresses = get(app_of(context), f"{SERVICES[FETCH].path}?wsdl").root.xpath("//*[local-name()='address']/@location")
    assert set(addresses) == {f"https://udb.example{SERVICES[FETCH].path}"}


@pytest.mark.parametrize("host", ["evil.example", f"{HOST}.evil.example", f"x@{HOST}", "", None])
def test_a_host_that_is_not_on_the_list_is_never_given_back(host):
    answer = get(app_of(), f"{SERVICES[FETCH].path}?wsdl", HTTP_HOST=host)
    assert (answer.status, answer.error_code) == (400, "UDB009107")
    assert "evil" not in answer.body.decode()


def test_head_of_the_contract():
    answer = send(app_of(), environ(f"{SERVICES[FETCH].path}?wsdl", REQUEST_METHOD="HEAD"))
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/services", "/services/", "/services/UDB/Findes/v1"])
def test_an_unknown_service_names_what_exists(path):
    answer = get(app_of(), path)
    assert (answer.status, answer.error_code) == (404, "UDB009106")
    assert all(service.path in answer.text("Details") for service in SERVICES.values())
    assert "Findes/" not in answer.text("Details")
    detail = answer.root.xpath("//*[local-name()='ServiceFaultDetailer']")[0]
    assert etree.QName(detail).namespace == "http://ipl.stil.dk/services/udb/v1"


def test_an_unknown_version_names_the_right_one():
    answer = get(app_of(), "/services/UDB/DataTilKommune/v2")
    assert (answer.status, answer.text("Details")) == (
        404,
        "DataTilKommune findes kun som v1: /services/UDB/DataTilKommune/v1",
    )


def named(name):
    def page_(_environ, start_response):
        start_response("200 OK", [])
        return [name.encode()]

    return page_


@pytest.mark.parametrize(
    ("path", "answered"),
    [
        ("/", b"front"),
        ("/health/live", b"live"),
        ("/sandbox/ur", b"sandbox"),
        ("/sandbox", b"sandbox"),
        ("/sandbox/import/cpr", b"import"),
        ("/sandboxes", b"Siden findes ikke.\n"),
        ("/health/lively", b"Siden findes ikke.\n"),
        ("/servicesx", b"Siden findes ikke.\n"),
    ],
)
def test_pages_by_the_longest_path(path, answered):
    names = {"/": "front", "/health/live": "live", "/sandbox/": "sandbox", "/sandbox/import": "import"}
    answer = get(app_of(pages={root: named(name) for root, name in names.items()}), path)
    assert answer.body == answered
    assert answer.status == (404 if answered.startswith(b"Siden") else 200)


class Hooks(list):
    """A list of the steps that ran after an answer."""

    def around(self, payload):
        return lambda _call, _request: Delivery(
            payload=payload, delivered=lambda: self.append("delivered"), broken=lambda: self.append("broken")
        )


def fetching(payload):
    hooks = Hooks()
    app = app_of(FakeContext(operations={"HentHaendelser": hooks.around(payload)}))
    return hooks, app, environ(SERVICES[FETCH].path, envelope(sample("HentHaendelserRequest")))


@pytest.mark.parametrize(("count", "whole"), [(0, True), (10, True), (5000, False)])
def test_a_long_answer_streams_and_a_short_one_has_its_length(count, whole):
    hooks, app, env = fetching(page(youths(count)))
    answer = send(app, env)
    assert answer.status == 200
    assert ("Content-Length" in answer.headers) is whole
    if whole:
        assert int(answer.headers["Content-Length"]) == len(answer.body)
    validate(answer, FETCH)
    assert len(answer.root.xpath("//*[local-name()='CPRNr']")) == count
    assert hooks == ["delivered"]


@pytest.mark.parametrize("count", [0, 5000])
@pytest.mark.parametrize("pieces", [0, 1, 3])
def test_a_connection_that_breaks_takes_the_answer_back(count, pieces):
    hooks, app, env = fetching(page(youths(count)))
    answer = app(env, lambda *_: None)
    stream = iter(answer)
    for _ in range(min(pieces, 1) if count == 0 else pieces):
        next(stream)
    assert hooks == []
    answer.close()
    answer.close()
    assert hooks == ["broken"]


def test_an_answer_that_cannot_be_written_is_a_fault_and_taken_back():
    hooks, app, env = fetching(SimpleNamespace())
    answer = send(app, env)
    assert (answer.status, answer.error_code, hooks) == (500, "IPL000001", ["broken"])


def test_an_answer_that_breaks_under_way_is_taken_back():
    def breaking():
        yield from youths(5000)
        raise RuntimeError

    hooks, app, env = fetching(page(breaking()))
    with pytest.raises(RuntimeError):
        send(app, env)
    assert hooks == ["broken"]


def test_a_hook_that_fails_is_logged_without_its_text():
    def failing():
        raise RuntimeError(CPR)

    context = FakeContext(
        operations={"HentHaendelser": lambda *_: Delivery(payload=page(()), delivered=failing, broken=failing)}
    )
    with structlog.testing.capture_logs([record.merge]) as lines:
        answer = post(app_of(context), FETCH, envelope(sample("HentHaendelserRequest")))
    assert answer.status == 200
    assert [line["event"] for line in lines] == ["call.answered", "call.after_answer_failed"]
    assert {line["correlation_id"] for line in lines} == {answer.text("CorrelationID")}
    assert CPR not in str(lines)


def test_log_lines_carry_the_call_and_nothing_of_the_body(caplog):
    def raising(_call, payload):
        raise ValueError(f"{payload.cprnr} {payload.kilde_leverandoer}")

    lines = []
    structlog.configure(
        processors=[record.merge, lambda _l, _n, line: lines.append(line) or str(line)],
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )
    try:
        with caplog.at_level(logging.DEBUG):
            answer = post(
                app_of(FakeContext(operations={REPORT: raising})), REPORT, envelope(sample(f"{REPORT}Request"))
            )
            get(app_of(), "/services/UDB/Findes/v1")
    finally:
        structlog.reset_defaults()
    unexpected, answered, next_call = lines
    assert (unexpected["event"], unexpected["error"]) == ("call.unexpected_error", "ValueError")
    assert any("raising" in place for place in unexpected["traceback"])
    expected = {
        "correlation_id": answer.headers["X-Correlation-ID"],
        "service": REPORT,
        "operation": REPORT,
        "system_id": "system",
        "institution_nummer": "461248",
    }
    for line in (unexpected, answered):
        assert {name: line[name] for name in expected} == expected
    assert (answered["event"], answered["status"], answered["error_code"]) == ("call.answered", 500, "IPL000001")
    assert [next_call[name] for name in list(expected)[1:]] == [None] * 4, "nothing of the call before is left"
    for secret in ("7408064217", "LUDUS", "Studieadministration"):
        assert secret not in f"{lines}{caplog.text}"
