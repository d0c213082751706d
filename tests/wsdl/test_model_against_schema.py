"""The spyne model agrees with the schema: names, order, cardinality, types and facets, no more and no less."""

from decimal import Decimal
from functools import cache

import pytest
from lxml import etree
from spyne import Boolean, DateTime, Integer32, Unicode
from spyne.model.complex import ComplexModelBase
from spyne.model.primitive.xml import Token

from udb.domain.elementer import ATTRIBUTE
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.paths import CONTRACT
from udb.wsdl.endpoint.service_endpoint import Endpoint
from udb.wsdl.models.envelope import FAULT_DETAIL, fault_detail

XS = "{http://www.w3.org/2001/XMLSchema}"
BUILT_IN = {"string": Unicode, "token": Token, "int": Integer32, "boolean": Boolean, "dateTime": DateTime}


@cache
def declared(file):
    root = etree.parse(CONTRACT / file).getroot()
    return {(child.tag, child.get("name")): child for child in root if child.get("name")}


def shared():
    return declared("udb.xsd")


@cache
def complex_types():
    """Return every named complex type of the contract: no two have one name."""
    files = ["udb.xsd", *(f"{service}.xsd" for service in SERVICES)]
    return {name: node for file in files for (tag, name), node in declared(file).items() if tag == f"{XS}complexType"}


def occurs(node):
    most = node.get("maxOccurs", "1")
    return int(node.get("minOccurs", "1")), Decimal("inf") if most == "unbounded" else Decimal(most)


def schema_children(complex_type):
    """Return the elements of a complex type in order, inherited ones first."""
    extension = complex_type.find(f"{XS}complexContent/{XS}extension")
    if extension is not None:
        yield from schema_children(shared()[f"{XS}complexType", extension.get("base").partition(":")[2]])
        complex_type = extension
    sequence = complex_type.find(f"{XS}sequence")
    yield from () if sequence is None else sequence.iterchildren(f"{XS}element")


def content(node):
    """Return the complex type of an element: its own, or the named one; else None."""
    own = node.find(f"{XS}complexType")
    return own if own is not None else complex_types().get((node.get("type") or "").partition(":")[2])


def check_members(model, complex_type, namespace, seen):
    nodes = list(schema_children(complex_type))
    members = list(model.get_flat_type_info(model).items())
    refs = [node.get("ref") for node in nodes]
    names = [(node.get("ref") or node.get("name")).rpartition(":")[2] for node in nodes]
    assert [member.Attributes.sub_name for _, member in members] == names
    for (attribute, member), node, ref in zip(members, nodes, refs, strict=True):
        name = member.Attributes.sub_name
        expected = PAYLOAD_NAMESPACE if ref else namespace
        assert (member.Attributes.sub_ns or namespace) == expected
        assert attribute == ("payload" if ref else ATTRIBUTE[name])
        assert (member.Attributes.min_occurs, Decimal(member.Attributes.max_occurs)) == occurs(node), name
        assert member.Attributes.nillable is False
        check_type(member, shared()[f"{XS}element", name] if ref else node, namespace, seen)


def check_type(member, node, namespace, seen):
    complex_type = content(node)
    if complex_type is None:
        check_simple(member, node.get("type"))
        return
    assert issubclass(member, ComplexModelBase)
    if node.get("type"):
        prefix, _, name = node.get("type").partition(":")
        assert member.get_type_name() == name
        namespace = {"v1": PAYLOAD_NAMESPACE, "ipl": namespace}[prefix]
        if name in seen:
            return
        seen.add(name)
    assert member.get_namespace() == namespace
    check_members(member, complex_type, namespace, seen)


def check_simple(member, qname):
    prefix, _, name = qname.partition(":")
    if prefix == "xs":
        assert member.__name__ == BUILT_IN[name].__name__ or issubclass(member, BUILT_IN[name])
        assert facets_of_model(member) == {}
        return
    assert (member.get_type_name(), member.get_namespace()) == (name, PAYLOAD_NAMESPACE)
    restriction = shared()[f"{XS}simpleType", name].find(f"{XS}restriction")
    base = BUILT_IN[restriction.get("base").partition(":")[2]]
    assert issubclass(member, base)
    assert issubclass(member, Token) == (base is Token)
    assert facets_of_model(member) == facets_of_schema(restriction)


def facets_of_schema(restriction):
    found = {}
    for node in restriction.iterchildren():
        facet, value = etree.QName(node).localname, node.get("value")
        if facet == "enumeration":
            found.setdefault("values", set()).add(value)
        elif facet == "length":
            found.update(minLength=int(value), maxLength=int(value))
        elif facet != "annotation":
            found[facet] = value if facet == "pattern" else int(value)
    return found


def facets_of_model(member):
    attributes = member.Attributes
    found = {}
    if issubclass(member, Unicode):
        if attributes.min_len:
            found["minLength"] = int(attributes.min_len)
        if attributes.max_len != Decimal("inf"):
            found["maxLength"] = int(attributes.max_len)
    if issubclass(member, Integer32):
        if attributes.ge not in {Integer32.Attributes.ge, Decimal("-inf")}:
            found["minInclusive"] = int(attributes.ge)
        if attributes.le not in {Integer32.Attributes.le, Decimal("inf")}:
            found["maxInclusive"] = int(attributes.le)
    if getattr(attributes, "pattern", None):
        found["pattern"] = attributes.pattern
    if attributes.values:
        found["values"] = set(attributes.values)
    return found


@pytest.mark.parametrize("service", SERVICES.values(), ids=lambda service: service.name)
def test_every_wrapper_and_payload_of_a_service(service):
    elements = {
        node.get("name"): node
        for node in etree.parse(CONTRACT / f"{service.name}.xsd").getroot().iterchildren(f"{XS}element")
    }
    assert elements.keys() - {FAULT_DETAIL} == {
        f"{operation}{end}" for operation in (*service.operations, "Ping") for end in ("Request", "Response")
    }
    messages = [
        message
        for descriptor in Endpoint(service).operations.described.values()
        for message in (descriptor.in_message, descriptor.out_message)
    ]
    names = [message.Attributes.sub_name or message.get_type_name() for message in messages]
    assert sorted(names) == sorted(elements.keys() - {FAULT_DETAIL})
    for name, message in zip(names, messages, strict=True):
        check_members(message, content(elements[name]), service.namespace, set())
    check_members(fault_detail(service.namespace), content(elements[FAULT_DETAIL]), service.namespace, set())


def test_no_type_of_the_schemas_is_left_over():
    seen = set()
    for service in SERVICES.values():
        root = etree.parse(CONTRACT / f"{service.name}.xsd").getroot()
        for descriptor in Endpoint(service).operations.described.values():
            for message in (descriptor.in_message, descriptor.out_message):
                name = message.Attributes.sub_name or message.get_type_name()
                check_members(message, content(root.find(f"{XS}element[@name='{name}']")), service.namespace, seen)
    assert complex_types().keys() - seen <= {"KvitteringType"}, "KvitteringType is only ever extended"


def test_a_model_that_differs_is_found():
    from udb.wsdl.models import shared as models

    node = shared()[f"{XS}complexType", "FejlType"]
    wrong = models.KontaktpersonType
    with pytest.raises(AssertionError):
        check_members(wrong, node, PAYLOAD_NAMESPACE, set())
