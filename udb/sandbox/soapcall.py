"""Make a SOAP call over HTTP as a caller does: for the demonstration and the ready-to-paste call."""

import base64
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from lxml import etree

from udb.domain import elementer
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.wsdl.soap import PAYLOAD_PREFIX, SOAP11, WRAPPER_PREFIX

Payload = Mapping[str, "str | Payload"]

CALLER: Final = "Sandkasse"
DIRECT: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Calls the service itself, even when the environment names a proxy."""


class Fault(Exception):
    """A fault from the service, with its body as text."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The calling system and its key, and the address of the service."""

    address: str
    system: str
    key: str

    def url(self, service: str) -> str:
        """Return the address of a service."""
        return f"{self.address}{SERVICES[service].path}"

    def call(self, service: str, operation: str, payload: Payload) -> etree._Element:
        """Make a call and return the payload of the answer. Raises Fault."""
        request = urllib.request.Request(self.url(service), envelope(service, operation, payload).encode())  # noqa: S310 - own service
        request.add_header("Content-Type", SOAP11.content_type)
        request.add_header("Authorization", "Basic " + base64.b64encode(f"{self.system}:{self.key}".encode()).decode())
        try:
            with DIRECT.open(request) as answer:
                content = answer.read()
        except urllib.error.HTTPError as error:
            with error:
                raise Fault(error.read().decode()) from None
        found = etree.fromstring(content).find(f".//{{{PAYLOAD_NAMESPACE}}}{operation}Svar")
        assert found is not None, "an answer that is no fault has a payload"
        return found


def envelope(service: str, operation: str, payload: Payload, transaction: str | None = None) -> str:
    """Return the request as XML; without ``transaction`` it gets a new id."""
    wrapper = SERVICES[service].namespace
    names = {"soap": SOAP11.namespace, WRAPPER_PREFIX: wrapper, PAYLOAD_PREFIX: PAYLOAD_NAMESPACE}
    root = etree.Element(SOAP11.tag("Envelope"), nsmap=names)
    request = etree.SubElement(etree.SubElement(root, SOAP11.tag("Body")), f"{{{wrapper}}}{operation}Request")
    identifier = {elementer.SYSTEM_NAME: CALLER, elementer.SYSTEM_TRANSACTION_ID: transaction or str(uuid4())}
    _append(request, wrapper, {elementer.IDENTIFIER: identifier})
    message = etree.SubElement(request, f"{{{wrapper}}}{elementer.MESSAGE}")
    _append(message, PAYLOAD_NAMESPACE, {operation: payload})
    return etree.tostring(root, encoding="unicode", pretty_print=True)


def _append(parent: etree._Element, namespace: str, content: Payload) -> None:
    for name, value in content.items():
        child = etree.SubElement(parent, f"{{{namespace}}}{name}")
        if isinstance(value, str):
            child.text = value
        else:
            _append(child, namespace, value)
