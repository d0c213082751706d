"""Make requests from the contract's schemas, and check answers against them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from lxml import etree

from udb.domain import elementer
from udb.domain.clock import midnight
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES, UNKNOWN_SERVICE_NAMESPACE
from udb.paths import CONTRACT
from udb.wsdl.contract_files import SHARED_SCHEMA
from udb.wsdl.soap import PAYLOAD_PREFIX, WRAPPER_PREFIX, Version

SYSTEM_NAME: Final = "UDB konformitet"
_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_NAMESPACED: Final = re.compile(r"\{[^}]*\}")
MOST_VIOLATIONS: Final = 5
UNKNOWN: Final = "ukendt"
"""The schema of the answers of an unknown address."""


def envelope(
    service: str, operation: str, values: Mapping[str, Any], transaction: str, version: Version
) -> etree._Element:
    """Return a call as an envelope; ``values`` by element name, in any order (see ``fill``)."""
    wrapper = SERVICES[service].namespace
    names = {"soap": version.namespace, WRAPPER_PREFIX: wrapper, PAYLOAD_PREFIX: PAYLOAD_NAMESPACE}
    root = etree.Element(version.tag("Envelope"), nsmap=names)
    request = etree.SubElement(etree.SubElement(root, version.tag("Body")), f"{{{wrapper}}}{operation}Request")
    identifier = etree.SubElement(request, f"{{{wrapper}}}{elementer.IDENTIFIER}")
    said = {elementer.SYSTEM_NAME: SYSTEM_NAME, elementer.SYSTEM_TRANSACTION_ID: transaction}
    for name, value in said.items():
        etree.SubElement(identifier, f"{{{wrapper}}}{name}").text = value
    message = etree.SubElement(request, f"{{{wrapper}}}{elementer.MESSAGE}")
    fill(etree.SubElement(message, f"{{{PAYLOAD_NAMESPACE}}}{operation}"), _root_types()[operation], values)
    return root


def ping(service: str, version: Version) -> etree._Element:
    """Return a Ping as an envelope."""
    wrapper = SERVICES[service].namespace
    root = etree.Element(version.tag("Envelope"), nsmap={"soap": version.namespace, WRAPPER_PREFIX: wrapper})
    etree.SubElement(etree.SubElement(root, version.tag("Body")), f"{{{wrapper}}}PingRequest")
    return root


def fill(parent: etree._Element, kind: str, values: Mapping[str, Any]) -> None:
    """Put the elements of a schema type into its element, in the schema's order.

    A list makes its element once for each of its values; an element with children takes them from a mapping of its own
    or, without one, from ``values``. None and missing values are left out.
    """
    for name, of in _sequence(kind):
        value = values.get(name)
        for one in value if isinstance(value, list | tuple) else [value]:
            child = etree.Element(f"{{{PAYLOAD_NAMESPACE}}}{name}")
            if of in _complex_types():
                fill(child, of, one if isinstance(one, Mapping) else {**values, name: one})
            elif one is not None and not isinstance(one, Mapping):
                child.text = written(one)
            if len(child) or child.text:
                parent.append(child)


@cache
def paths(operation: str) -> Mapping[str, str]:
    """Return the elements of a request that hold a value, by name, each with its path below the payload."""
    return dict(_paths(_root_types()[operation], ""))


def _paths(kind: str, above: str) -> Iterator[tuple[str, str]]:
    for name, of in _sequence(kind):
        path = f"{above}{name}"
        if of in _complex_types():
            yield from _paths(of, f"{path}/")
        else:
            yield name, path


def written(value: Any) -> str:
    """Return a value as a message has it; a date as its Danish midnight."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return (value if isinstance(value, datetime) else midnight(value)).isoformat(timespec="milliseconds")
    return str(value)


def violations(service: str | None, element: etree._Element) -> list[str]:
    """Return the schema's complaints about an element of an answer, at most five.

    ``service`` None: the schema of an unknown address.
    """
    schema = _schema(service or UNKNOWN)
    # A copy, so that the document around it does not count.
    copy = etree.fromstring(etree.tostring(element, with_tail=False))
    if schema.validate(copy):
        return []
    found = [f"{_NAMESPACED.sub('', entry.message)}" for entry in schema.error_log]  # type: ignore[attr-defined]  # not in lxml's stubs
    return found[:MOST_VIOLATIONS]


def file(name: str) -> bytes:
    """Return a file of the contract."""
    return (CONTRACT / name).read_bytes()


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(CONTRACT / f"{name}.xsd"))


@cache
def _tree() -> etree._ElementTree:
    return etree.parse(CONTRACT / SHARED_SCHEMA)


@cache
def _root_types() -> dict[str, str]:
    found = _tree().getroot().findall(f"{_XS}element")
    return {str(e.get("name")): str(e.get("type", "")).rpartition(":")[2] for e in found}


@cache
def _complex_types() -> dict[str, etree._Element]:
    return {str(kind.get("name")): kind for kind in _tree().iter(f"{_XS}complexType")}


@cache
def _sequence(kind: str) -> list[tuple[str, str]]:
    found = _complex_types()[kind].iter(f"{_XS}element")
    return [(str(e.get("name")), str(e.get("type", "")).rpartition(":")[2]) for e in found]


def namespace_of(service: str | None) -> str:
    """Return the namespace of a service's wrapper elements."""
    return SERVICES[service].namespace if service else UNKNOWN_SERVICE_NAMESPACE
