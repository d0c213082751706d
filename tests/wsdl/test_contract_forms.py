"""The forms in which the contract is served: one SOAP version, the schemas inside, all services in one file."""

import io
import zipfile
from types import SimpleNamespace

import pytest
import zeep
from lxml import etree

from tests.support.fake_context import FETCH, HOST, REPORT, SETTINGS, FakeContext, app_of, environ, send
from tests.wsdl.contract import ENVELOPES, OPERATIONS, SAMPLES, SCHEMAS, root_of, schema_for
from udb.domain.services import SERVICES
from udb.paths import CONTRACT

WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
XS = "{http://www.w3.org/2001/XMLSchema}"
SOAP = {"1.1": "http://schemas.xmlsoap.org/wsdl/soap/", "1.2": "http://schemas.xmlsoap.org/wsdl/soap12/"}
EVERY = pytest.mark.parametrize("service", SERVICES)


def get(path, **more):
    return send(app_of(), environ(path, REQUEST_METHOD="GET", HTTP_AUTHORIZATION=None, CONTENT_TYPE=None, **more))


def wsdl(service, query):
    answer = get(f"{SERVICES[service].path}?{query}")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/xml; charset=utf-8")
    return answer.root


@EVERY
@pytest.mark.parametrize(("wanted", "other"), [("1.1", "1.2"), ("1.2", "1.1")])
def test_one_soap_version_has_its_binding_and_port_alone_and_no_word_of_the_other(service, wanted, other):
    root = wsdl(service, f"wsdl&soap={wanted}")
    name = f"{service}Soap{wanted.replace('.', '')}"
    assert [binding.get("name") for binding in root.findall(f"{WSDL}binding")] == [f"{name}Binding"]
    assert [port.get("name") for port in root.findall(f"{WSDL}service/{WSDL}port")] == [name]
    assert SOAP[other] not in etree.tostring(root).decode()
    (address,) = root.iter(f"{{{SOAP[wanted]}}}address")
    assert address.get("location") == f"http://{HOST}{SERVICES[service].path}"
    whole = wsdl(service, "wsdl")
    assert [etree.tostring(one) for one in root.findall(f"{WSDL}message")] != []
    for kind in ("message", "portType", "types"):
        both = [[canonical(one) for one in document.findall(f"{WSDL}{kind}")] for document in (root, whole)]
        assert both[0] == both[1]


def canonical(element):
    return etree.tostring(element, method="c14n", exclusive=True)


@EVERY
def test_the_single_file_has_its_schemas_inside_as_they_are(service, tmp_path):
    root = wsdl(service, "singleWsdl")
    schemas = root.findall(f"{WSDL}types/{XS}schema")
    assert [root_of(CONTRACT / name).get("targetNamespace") for name in ("udb.xsd", f"{service}.xsd")] == [
        schema.get("targetNamespace") for schema in schemas
    ]
    assert not root.xpath("//@schemaLocation")
    for schema, name in zip(schemas, ("udb.xsd", f"{service}.xsd"), strict=True):
        kept = root_of(CONTRACT / name)
        for imported in kept.iter(f"{XS}import"):
            del imported.attrib["schemaLocation"]
        assert canonical(schema) == canonical(kept)
    file = tmp_path / "alone.wsdl"
    file.write_bytes(etree.tostring(root))
    client = zeep.Client(str(file))
    for operation in OPERATIONS[service]:
        sample = root_of(SAMPLES / f"{operation}Request.xml")
        values = client.get_element(sample.tag).parse(sample, client.wsdl.types)
        content = {name: values[name] for name in ("Identifier", "Message")}
        message = client.create_message(client.bind(f"{service}Service", f"{service}Soap12"), operation, **content)
        (call,) = message.find(f"{{{ENVELOPES['soap12']}}}Body")
        schema_for(call).assertValid(call)


def test_single_and_one_version_go_together():
    root = wsdl(FETCH, "soap=1.1&singleWSDL")
    assert [binding.get("name") for binding in root.findall(f"{WSDL}binding")] == [f"{FETCH}Soap11Binding"]
    assert len(root.findall(f"{WSDL}types/{XS}schema")) == 2


@pytest.mark.parametrize("query", ["wsdl&soap=1.3", "wsdl&soap=", "wsdl&soap=1.1&soap=1.2", "wsdl&soap=11"])
def test_another_soap_version_is_answered_with_the_right_spelling(query):
    answer = get(f"{SERVICES[FETCH].path}?{query}")
    assert (answer.status, answer.error_code) == (400, "UDB009107")
    assert answer.text("Details") == ("Kontrakten med én SOAP-version hentes med ?wsdl&soap=1.1 eller ?wsdl&soap=1.2.")


def test_every_schema_has_one_address_for_all_services():
    for path in SCHEMAS:
        schema = get(f"/services/UDB/{path.name}")
        assert (schema.status, schema.body) == (200, path.read_bytes())
        for service in (FETCH, REPORT):
            assert get(f"/services/UDB/{service}/{path.name}").status == 404
            assert get(f"{SERVICES[service].path}/{path.name}").status == 404
    for name in ("findes.xsd", "DataTilKommune.wsdl", "contract_files.py", "..", ""):
        assert get(f"/services/UDB/{name}").error_code == "UDB009106"


def test_the_archive_has_every_file_and_works_where_it_is_unpacked(tmp_path):
    answer = get("/services/UDB/kontrakt.zip")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/zip")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kontrakt.zip"'
    assert int(answer.headers["Content-Length"]) == len(answer.body)
    packed = zipfile.ZipFile(io.BytesIO(answer.body))
    samples = {f"eksempler/{path.name}" for path in SAMPLES.glob("*.xml")}
    assert {*packed.namelist()} == {f"{name}.wsdl" for name in SERVICES} | {path.name for path in SCHEMAS} | samples
    packed.extractall(tmp_path)
    for service in SERVICES.values():
        client = zeep.Client(str(tmp_path / f"{service.name}.wsdl"))
        (found,) = client.wsdl.services.values()
        locations = {port.binding_options["address"] for port in found.ports.values()}
        assert locations == {f"http://{HOST}{service.path}"}
    assert get("/services/UDB/kontrakt.zip").body == answer.body, "the same bytes each time"


def test_the_archive_names_no_host_that_is_not_on_the_list():
    refused = get("/services/UDB/kontrakt.zip", HTTP_HOST="evil.example")
    assert (refused.status, refused.error_code) == (400, "UDB009107")
    settings = SimpleNamespace(**{**SETTINGS, "adresse": "https://udb.example/"})
    app = app_of(FakeContext(settings=settings))
    asked = environ("/services/UDB/kontrakt.zip", REQUEST_METHOD="GET", HTTP_HOST="evil.example")
    packed = zipfile.ZipFile(io.BytesIO(send(app, asked).body))
    assert "https://udb.example/services/UDB/DataTilKommune/v1" in packed.read("DataTilKommune.wsdl").decode()


@pytest.mark.parametrize(
    "path", ["/services/UDB/kontrakt.zip", "/services/UDB/udb.xsd", f"{SERVICES[FETCH].path}?singleWsdl"]
)
def test_head_of_each(path):
    answer = send(app_of(), environ(path, REQUEST_METHOD="HEAD"))
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/services/UDB/kontrakt.zip", "/services/UDB/udb.xsd"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_told_which_to_use(path, method):
    answer = send(app_of(), environ(path, REQUEST_METHOD=method))
    assert (answer.status, answer.headers["Allow"], answer.error_code) == (405, "GET, HEAD", "UDB009107")
