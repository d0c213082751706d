"""The hand-kept contract: its files agree with each other and keep the habits that toolkits need."""

from collections import Counter
from pathlib import Path

import pytest
import zeep
from lxml import etree
from zeep.helpers import serialize_object
from zeep.wsdl.bindings import Soap11Binding, Soap12Binding

from tests.wsdl.contract import (
    ENVELOPES,
    OPERATIONS,
    PAIRS,
    SAMPLES,
    SCHEMAS,
    WSDLS,
    root_of,
    schema_for,
    wrapper_namespace,
)
from udb.domain import elementer, services
from udb.paths import CONTRACT

SHARED_ANSWER = {"HentHaendelser", "HentHaendelserDFDG"}
FETCH_ANSWERS = [
    "HaendelserSvarType",
    *(f"{name}SvarType" for _, name in PAIRS if name.startswith("Hent") and name not in SHARED_ANSWER),
]
IN_SEVERAL_NAMESPACES = {"PingRequest", "PingResponse", "ServiceFaultDetailer"}

XS = "{http://www.w3.org/2001/XMLSchema}"
WSDL = "{http://schemas.xmlsoap.org/wsdl/}"
SOAP = "{http://schemas.xmlsoap.org/wsdl/soap/}"
SOAP12 = "{http://schemas.xmlsoap.org/wsdl/soap12/}"


def name_of(path: Path) -> str:
    return path.name


def named(root: etree._Element, kind: str) -> list[str]:
    return [element.get("name") for element in root.findall(f"{XS}{kind}")]


# --- The files -------------------------------------------------------------------------------------------------------


def test_the_services_are_the_contracts():
    assert {path.stem for path in WSDLS} == set(OPERATIONS)
    assert {path.stem for path in SCHEMAS} == {*OPERATIONS, "udb", "ukendt"}


def test_the_code_names_the_same_services_and_namespaces():
    assert {service.name: list(service.operations) for service in services.SERVICES.values()} == OPERATIONS
    namespaces = {service.namespace for service in services.SERVICES.values()}
    namespaces |= {services.PAYLOAD_NAMESPACE, services.UNKNOWN_SERVICE_NAMESPACE}
    assert {root_of(path).get("targetNamespace") for path in SCHEMAS} == namespaces


@pytest.mark.parametrize("path", SCHEMAS, ids=name_of)
def test_schema_compiles_from_its_file(path: Path):
    etree.XMLSchema(etree.parse(path))


@pytest.mark.parametrize("service", OPERATIONS)
def test_zeep_reads_both_bindings_and_all_operations(service: str):
    client = zeep.Client(str(CONTRACT / f"{service}.wsdl"))
    (found,) = client.wsdl.services.values()
    assert found.name == f"{service}Service"
    assert [type(port.binding) for port in found.ports.values()] == [Soap11Binding, Soap12Binding]
    for port in found.ports.values():
        assert sorted(port.binding.all()) == sorted([*OPERATIONS[service], "Ping"])


@pytest.mark.parametrize(("service", "operation"), PAIRS)
def test_zeep_builds_a_valid_call_over_both_bindings(service: str, operation: str):
    client = zeep.Client(str(CONTRACT / f"{service}.wsdl"))
    sample = root_of(SAMPLES / f"{operation}Request.xml")
    values = serialize_object(client.get_element(sample.tag).parse(sample, client.wsdl.types))
    for version, envelope in (("Soap11", ENVELOPES["soap11"]), ("Soap12", ENVELOPES["soap12"])):
        message = client.create_message(client.bind(f"{service}Service", f"{service}{version}"), operation, **values)
        (call,) = message.find(f"{{{envelope}}}Body")
        schema_for(call).assertValid(call)


# --- Schema habits ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SCHEMAS, ids=name_of)
def test_schema_uses_only_what_every_toolkit_understands(path: Path):
    root = root_of(path)
    assert root.get("elementFormDefault") == "qualified"
    used = {etree.QName(element).localname for element in root.iter(f"{XS}*")}
    assert used <= {
        "schema", "import", "annotation", "documentation", "element", "simpleType", "complexType", "sequence",
        "complexContent", "extension", "restriction", "pattern", "enumeration", "length", "minLength", "maxLength",
        "minInclusive", "maxInclusive",
    }  # fmt: skip
    references = {element.get(key) for element in root.iter(f"{XS}*") for key in ("type", "base") if element.get(key)}
    builtin = {reference for reference in references if reference.startswith("xs:")}
    assert builtin <= {"xs:string", "xs:token", "xs:int", "xs:boolean", "xs:dateTime"}
    assert not root.xpath("//@nillable | //@form | //@default | //@fixed")


@pytest.mark.parametrize("path", SCHEMAS, ids=name_of)
def test_named_types_end_in_type(path: Path):
    types = named(root_of(path), "simpleType") + named(root_of(path), "complexType")
    assert [name for name in types if not name.endswith("Type")] == []


def test_only_ping_and_the_fault_stand_in_more_than_one_namespace():
    names = Counter(
        name
        for path in SCHEMAS
        for kind in ("element", "simpleType", "complexType")
        for name in named(root_of(path), kind)
    )
    assert {name for name, times in names.items() if times > 1} == IN_SEVERAL_NAMESPACES


def test_payload_elements_are_the_operations_with_the_agreed_types():
    elements = root_of(CONTRACT / "udb.xsd").findall(f"{XS}element")
    types = {operation: f"v1:{operation}Type" for _, operation in PAIRS}
    types |= {f"{operation}Svar": f"v1:{operation}SvarType" for _, operation in PAIRS}
    types |= {f"{operation}Svar": "v1:HaendelserSvarType" for operation in SHARED_ANSWER}
    types |= {"KunValidering": "xs:boolean"}
    assert {element.get("name"): element.get("type") for element in elements} == types


@pytest.mark.parametrize("service", [name for name in OPERATIONS if name.startswith("Indberet")])
def test_a_reports_answer_is_a_receipt_and_nothing_more(service: str):
    (answer,) = root_of(CONTRACT / "udb.xsd").findall(f"{XS}complexType[@name='{service}SvarType']")
    (extension,) = answer.iter(f"{XS}extension")
    assert extension.get("base") == "v1:KvitteringType"
    assert len(extension) == 0


@pytest.mark.parametrize("answer", FETCH_ANSWERS)
def test_a_fetchs_answer_begins_with_its_refusals_and_demands_nothing(answer: str):
    (found,) = root_of(CONTRACT / "udb.xsd").findall(f"{XS}complexType[@name='{answer}']")
    children = found.findall(f"{XS}sequence/{XS}element")
    assert children[0].get("name") == "Fejl"
    assert len(children) > 1
    assert {child.get("minOccurs") for child in children} == {"0"}


def test_the_code_knows_every_element_name_and_no_other():
    local = {
        element.get("name")
        for path in SCHEMAS
        for element in root_of(path).iter(f"{XS}element")
        if element.get("name") and element.getparent().tag != f"{XS}schema"
    }
    assert set(elementer.ATTRIBUTE) == local


def test_the_wrappers_differ_only_in_their_operations():
    def shape(path: Path, operation: str) -> str:
        return path.read_text("utf-8").replace(wrapper_namespace(path.stem), "").replace(operation, "")

    single = {service: operations[0] for service, operations in OPERATIONS.items() if len(operations) == 1}
    shapes = {shape(CONTRACT / f"{service}.xsd", operation) for service, operation in single.items()}
    assert len(shapes) == 1


@pytest.mark.parametrize(("service", "operation"), PAIRS)
def test_the_types_around_a_payload_are_named_by_operation(service: str, operation: str):
    """KDSoap makes one class of anonymous types under one element name, so it lost every answer."""
    root = root_of(CONTRACT / f"{service}.xsd")
    assert root.nsmap["ipl"] == wrapper_namespace(service)
    found = {
        (end, element.get("name")): element.get("type")
        for end in ("Request", "Response")
        for element in root.findall(f"{XS}element[@name='{operation}{end}']/{XS}complexType/{XS}sequence/{XS}element")
    }
    assert found == {
        ("Request", "Identifier"): f"ipl:{operation}IdentifierType",
        ("Request", "Message"): f"ipl:{operation}RequestMessageType",
        ("Response", "Identifier"): f"ipl:{operation}IdentifierType",
        ("Response", "CorrelationID"): "v1:CorrelationIDType",
        ("Response", "Message"): f"ipl:{operation}ResponseMessageType",
    }


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
def test_no_two_elements_of_a_contract_share_a_name_and_differ_in_an_anonymous_type(path: Path):
    root = root_of(CONTRACT / f"{path.stem}.xsd")
    local = root.xpath("//xs:element[xs:complexType][not(parent::xs:schema)]/@name", namespaces={"xs": XS[1:-1]})
    assert [str(name) for name in local] == ["SourceSystemError"]


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
def test_the_service_has_a_name_that_no_operation_has(path: Path):
    """node's toolkits hold services and operations in one object; TypeScript and Mono make both of one name."""
    names = [element.get("name") for element in root_of(path).iter(f"{WSDL}service", f"{WSDL}portType", f"{WSDL}port")]
    assert names[1] == f"{path.stem}Service"
    assert not set(names) & {*OPERATIONS[path.stem], "Ping"}


# --- WSDL habits -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
def test_every_message_has_one_part_of_an_element(path: Path):
    messages = root_of(path).findall(f"{WSDL}message")
    parts = {message.get("name"): message.findall(f"{WSDL}part") for message in messages}
    expected = {f"{name}{end}" for name in [*OPERATIONS[path.stem], "Ping"] for end in ("Request", "Response")}
    assert set(parts) == {*expected, "ServiceFault"}
    for name in expected:
        # With "parameters", .NET's and Mono's proxies return the CorrelationID, and the answer as an out parameter.
        part_name = "request" if name.endswith("Request") else "response"
        assert [(part.get("name"), part.get("element")) for part in parts[name]] == [(part_name, f"ipl:{name}")]
    assert [part.get("element") for part in parts["ServiceFault"]] == ["ipl:ServiceFaultDetailer"]


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
def test_every_operation_has_input_output_fault_and_a_danish_word(path: Path):
    root = root_of(path)
    operations = root.findall(f"{WSDL}portType/{WSDL}operation")
    assert sorted(operation.get("name") for operation in operations) == sorted([*OPERATIONS[path.stem], "Ping"])
    for operation in operations:
        name = operation.get("name")
        documentation, *messages = operation
        assert documentation.tag == f"{WSDL}documentation"
        assert documentation.text.strip()
        assert [message.get("message") for message in messages] == [
            f"ipl:{name}Request", f"ipl:{name}Response", "ipl:ServiceFault",
        ]  # fmt: skip
    assert "Ungedatabasens vejledning" in " ".join(root.findtext(f"{WSDL}service/{WSDL}documentation").split())


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
@pytest.mark.parametrize(("soap", "version"), [(SOAP, "Soap11"), (SOAP12, "Soap12")])
def test_both_bindings_are_document_literal_without_action(path: Path, soap: str, version: str):
    (binding,) = root_of(path).findall(f"{WSDL}binding[@name='{path.stem}{version}Binding']")
    (style,) = binding.findall(f"{soap}binding")
    assert (style.get("style"), style.get("transport")) == ("document", "http://schemas.xmlsoap.org/soap/http")
    operations = binding.findall(f"{WSDL}operation")
    assert sorted(operation.get("name") for operation in operations) == sorted([*OPERATIONS[path.stem], "Ping"])
    for operation in operations:
        assert [action.get("soapAction") for action in operation.findall(f"{soap}operation")] == [""]
        for part in ("input", "output"):
            assert [body.get("use") for body in operation.findall(f"{WSDL}{part}/{soap}body")] == ["literal"]
        (fault,) = operation.findall(f"{WSDL}fault")
        (literal,) = fault
        assert (literal.tag, literal.get("use")) == (f"{soap}fault", "literal")
        assert fault.get("name") == literal.get("name") == "ServiceFault"


@pytest.mark.parametrize("path", WSDLS, ids=name_of)
def test_both_ports_have_the_placeholder_address(path: Path):
    root = root_of(path)
    assert root.get("targetNamespace") == wrapper_namespace(path.stem)
    ports = root.findall(f"{WSDL}service[@name='{path.stem}Service']/{WSDL}port")
    assert [port.get("binding") for port in ports] == [f"ipl:{path.stem}Soap11Binding", f"ipl:{path.stem}Soap12Binding"]
    addresses = [element.get("location") for port in ports for element in port]
    assert addresses == [f"http://127.0.0.1:8080/services/UDB/{path.stem}/v1"] * 2


@pytest.mark.parametrize("path", [*WSDLS, *SCHEMAS], ids=name_of)
def test_imports_are_relative_files_of_the_contract(path: Path):
    locations = {element.get("schemaLocation") for element in root_of(path).iter(f"{XS}import")}
    expected = {".wsdl": {f"{path.stem}.xsd"}, ".xsd": set() if path.stem == "udb" else {"udb.xsd"}}
    assert locations == expected[path.suffix]


@pytest.mark.parametrize("path", [*WSDLS, *SCHEMAS, *sorted(SAMPLES.glob("*.xml"))], ids=name_of)
def test_no_namespace_is_declared_in_vain(path: Path):
    for element in root_of(path).iter("*"):
        inherited = element.getparent().nsmap if element.getparent() is not None else {}
        # The npm package soap reads the schemas' prefixes from the WSDL that imports them; without it values get no
        # type.
        read_elsewhere = {"v1"} if element.tag == f"{XS}schema" and path.suffix == ".wsdl" else set()
        for prefix in set(element.nsmap) - set(inherited) - read_elsewhere:
            inside = list(element.iter("*"))
            used = {item.prefix for item in inside} | {
                value.split(":")[0]
                for item in inside
                for key, value in item.attrib.items()
                if key in {"type", "base", "ref", "element", "message", "binding"} and ":" in value
            }
            assert prefix in used, f"{prefix} at line {element.sourceline}"
