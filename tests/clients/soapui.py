"""The SoapUI project, made from the contract and its samples: ``python -m tests.clients.soapui``."""

from collections.abc import Iterator
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from tests.clients.toolkits import CLIENTS
from udb.domain.services import SERVICES, Service
from udb.paths import CONTRACT
from udb.wsdl.soap import SOAP11, SOAP12, Version

FILE: Final = CLIENTS / "soapui" / "ungedatabasen-soapui-project.xml"
CON: Final = "http://eviware.com/soapui/config"
XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
DEFAULTS: Final = {"endpoint": "http://127.0.0.1:8080", "system": "sandbox", "key": ""}
"""The properties that a user of the project sets once, for all requests."""
PING: Final = "Ping"
_FILES: Final = {SOAP11: "1_1", SOAP12: "1_2"}
_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def operations(service: Service) -> Iterator[str]:
    """Yield all operations, Ping too."""
    yield from (*service.operations, PING)


def sample(service: Service, operation: str) -> str:
    """Return the body of a sample request."""
    name = f"{service.name}.{PING}" if operation == PING else operation
    text = (CONTRACT / "samples" / f"{name}Request.xml").read_text(encoding="utf-8")
    return text.removeprefix(_DECLARATION).strip()


def enveloped(version: Version, body: str) -> str:
    """Return the body as a message."""
    return f'<soap:Envelope xmlns:soap="{version.namespace}">\n<soap:Body>\n{body}\n</soap:Body>\n</soap:Envelope>\n'


def project() -> bytes:
    """Return the project's file."""
    root = etree.Element(_con("soapui-project"), nsmap={"con": CON, "xsi": XSI})
    _set(root, name="Ungedatabasen", resourceRoot="", activeEnvironment="Default", **{"soapui-version": "5.7.0"})
    _set(root, abortOnError="false", runType="SEQUENTIAL", id=_id("project"))
    _add(root, "settings")
    for service in SERVICES.values():
        for version in _FILES:
            _interface(root, service, version)
    properties = _add(root, "properties")
    for name, value in DEFAULTS.items():
        entry = _add(properties, "property")
        _add(entry, "name", name)
        _add(entry, "value", value)
    _add(root, "wssContainer")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _interface(root: etree._Element, service: Service, version: Version) -> None:
    binding = f"{service.name}Soap{version.number.replace('.', '')}Binding"
    interface = _add(root, "interface", id=_id(binding), wsaVersion="NONE", name=binding, type="wsdl")
    interface.set(f"{{{XSI}}}type", "con:WsdlInterface")
    _set(
        interface,
        bindingName=f"{{{service.namespace}}}{binding}",
        soapVersion=_FILES[version],
        anonymous="optional",
        definition=f"{DEFAULTS['endpoint']}{service.path}?wsdl",
    )
    _add(interface, "settings")
    endpoint = f"${{#Project#endpoint}}{service.path}"
    _add(_add(interface, "endpoints"), "endpoint", endpoint)
    for name in operations(service):
        operation = _add(interface, "operation", id=_id(f"{binding}/{name}"), name=name, bindingOperationName=name)
        _set(operation, type="Request-Response", isOneWay="false", action="", inputName="", anonymous="optional")
        _set(operation, receivesAttachments="false", sendsAttachments="false")
        _add(operation, "settings")
        call = _add(operation, "call", id=_id(f"{binding}/{name}/call"), name="Eksempel")
        _add(call, "settings")
        _add(call, "encoding", "UTF-8")
        _add(call, "endpoint", endpoint)
        _add(call, "request").text = etree.CDATA(enveloped(version, sample(service, name)))
        _credentials(call)


def _credentials(call: etree._Element) -> None:
    credentials = _add(call, "credentials")
    _add(credentials, "username", "${#Project#system}")
    _add(credentials, "password", "${#Project#key}")
    _add(credentials, "selectedAuthProfile", "Basic")
    _add(credentials, "addedBasicAuthenticationTypes", "Basic")
    _add(credentials, "authType", "Global HTTP Settings")


def _con(name: str) -> str:
    return f"{{{CON}}}{name}"


def _add(parent: etree._Element, tag: str, text: str | None = None, /, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, _con(tag))
    child.text = text
    _set(child, **attributes)
    return child


def _set(element: etree._Element, /, **attributes: str) -> None:
    for name, value in attributes.items():
        element.set(name, value)


def _id(what: str) -> str:
    # The same each time, so that the file changes only where the contract does.
    return str(uuid5(NAMESPACE_URL, f"urn:udb:soapui:{what}"))


if __name__ == "__main__":
    FILE.write_bytes(project())
