"""The steps below SOAP: spoiled messages, plain HTTP, faults, the contract as it is served."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from udb.conformance.service.play import Play
from udb.conformance.shared import answers, contract
from udb.conformance.shared.answers import Answer
from udb.conformance.shared.scenario import Step
from udb.conformance.shared.stage import Caller
from udb.conformance.shared.transport import Reply, Request
from udb.conformance.shared.xml import parsed
from udb.domain.errors import UdbRefused
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.domain.text import Text
from udb.wsdl.contract_files import SHARED_SCHEMA

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_WSDL: Final = "{http://schemas.xmlsoap.org/wsdl/}"
_NOTES: Final = (f"{_XS}annotation", f"{_WSDL}documentation")
_ADDRESS: Final = ("{http://schemas.xmlsoap.org/wsdl/soap/}address", "{http://schemas.xmlsoap.org/wsdl/soap12/}address")
_LOCATION: Final = "schemaLocation"
_WRONG_KEY: Final = "ikke-noeglen"


def fault_wrong(step: Mapping[str, Any], answer: Answer) -> list[str]:
    """Return what is wrong if an answer is not the fault that the step expects, or is one when it expects none."""
    wanted, fault = step.get("fault"), answer.fault
    if wanted is None:
        said = "" if fault is None else f"{fault.error_code} {fault.details}".strip()
        return [] if fault is None else [f"Uventet fejl: {said}"]
    if fault is None:
        return [f"Forventede fejlen {wanted}, fik et svar."]
    found = (
        [] if fault.error_code == wanted else [f"Forventede fejlen {wanted}, fik {fault.error_code or 'en uden kode'}."]
    )
    if "side" in step and fault.side != step["side"]:
        found.append(f"Fejlens SOAP-kode er {fault.side}; den skal være {step['side']}.")
    if "status" in step and answer.reply.status != step["status"]:
        found.append(f"HTTP-status er {answer.reply.status}; den skal være {step['status']}.")
    found += [
        f"Headeren {name} mangler." for name in step.get("headers", ()) if name.lower() not in answer.reply.headers
    ]
    found += [f"Fejlen nævner ikke {text}." for text in step.get("names", ()) if text not in fault.details]
    return found


def spoiled(play: Play, step: Step, service: str, operation: str, values: Mapping[str, Any]) -> Answer:
    """Send a message with a change made to it: see docs/konformitet.md, ``spoil``."""
    spoil, version = step["spoil"], play.version(step)
    envelope = contract.envelope(service, operation, values, play.transaction(step), version)
    for name in spoil.get("remove", ()):
        element = _element(envelope, name)
        parent = element.getparent()
        assert parent is not None
        parent.remove(element)
    for name, text in spoil.get("text", {}).items():
        _element(envelope, name).text = text
    if "swap" in spoil:
        one, other = (_element(envelope, name) for name in spoil["swap"])
        parent = one.getparent()
        assert parent is not None
        at = parent.index(one)
        parent.insert(parent.index(other), one)
        parent.insert(at, other)
    if "add" in spoil:
        etree.SubElement(_element(envelope, operation), f"{{{PAYLOAD_NAMESPACE}}}{spoil['add']}").text = "1"
    body = etree.tostring(envelope)
    for old, new in spoil.get("replace", {}).items():
        body = body.replace(old.encode(), new.encode())
    body = body[: len(body) - spoil.get("cut", 0)]
    body += b" " * int(spoil.get("pad", 0))
    caller = None if spoil.get("without_key") else ""
    headers = dict(spoil.get("headers", {}))
    if spoil.get("wrong_key"):
        headers["Authorization"] = Caller(play.stage.callers[""].system, _WRONG_KEY).authorization
    receiver = spoil.get("to", service)
    return play.stage.post(receiver, operation, body, version, caller=caller, headers=headers)


def _element(envelope: etree._Element, name: str) -> etree._Element:
    found = next((element for element in envelope.iter("{*}*") if etree.QName(element).localname == name), None)
    if found is None:
        said = f"Beskeden har intet element {name}, som kan ødelægges (spoil)."
        raise UdbRefused(Text(said, f"The message has no element {name} to spoil."))
    return found


def http(play: Play, step: Step) -> list[str]:
    """Run ``http``: a request without SOAP by method and path; check the ``status`` or ``fault`` of its answer."""
    said = step["http"]
    if "fault" in step:
        answer = play.stage.post(
            said.get("service"), "", b"", play.version(step), caller=None, path=said["path"], method=said["method"]
        )
        return [*answer.wrong, *fault_wrong(step, answer)]
    reply = play.stage.exchange(f"{said['method']} {said['path']}", Request(said["method"], said["path"]))
    return [] if reply.status == step["status"] else [f"HTTP-status er {reply.status}; den skal være {step['status']}."]


def contract_served(play: Play, step: Step) -> list[str]:
    """Run ``contract``: check that the WSDL and schemas that a service, or ``alle``, serves are the contract's."""
    services = list(SERVICES) if step["contract"] == "alle" else [step["contract"]]
    found: list[str] = []
    shared: set[str] = set()
    for service in services:
        wrong, address = _served_wrong(play, service)
        found += [f"{service}: {said}" for said in wrong]
        shared |= {address} if address else set()
    if len(shared) > 1:
        found.append(f"{SHARED_SCHEMA} udleveres på flere adresser; den skal have én for alle tjenester.")
    return found


def _served_wrong(play: Play, service: str) -> tuple[list[str], str | None]:
    """Return what is wrong with a service's files, each fetched where the one before imports it.

    Return the address of the shared schema, too; None when the imports do not lead to it.
    """
    found: list[str] = []
    address: str | None = f"{SERVICES[service].path}?wsdl"
    visited: str | None = None
    for name in (f"{service}.wsdl", f"{service}.xsd", SHARED_SCHEMA):
        if address is None:
            return [*found, f"{name} importeres ikke."], None
        reply = play.stage.exchange(f"GET {address}", Request("GET", address))
        if reply.status != HTTPStatus.OK:
            return [*found, f"{name} udleveres ikke (HTTP {reply.status}){_reason(reply, service)}."], None
        try:
            served = parsed(reply.body)
            visited, address = address, _imported(served, address)
        except ValueError:
            # Unreadable, or an import of what is no address.
            return [*found, f"{name} er ikke XML, eller det importerer noget, der ikke er en adresse."], None
        if _bare(served) != _bare(parsed(contract.file(name))):
            found.append(f"{name} er ikke kontraktens.")
    return found, visited


def _imported(document: etree._Element, address: str) -> str | None:
    """Return the path, with its query, of the schema that a document imports."""
    locations = [one.get(_LOCATION) for one in document.iter(f"{_XS}import")]
    if not locations or locations[0] is None:
        return None
    parts = urlsplit(urljoin(address, locations[0]))
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _reason(reply: Reply, service: str) -> str:
    """Return what the answer says instead: the fault's Details, if it is one."""
    version = answers.version_of(reply)
    fault = answers.read(reply, service, "", version, {}).fault if version else None
    return f": {fault.error_code} {fault.details.rstrip('.')}" if fault else ""


def _bare(root: etree._Element) -> bytes:
    """Return a contract file without what may differ: documentation and addresses."""
    etree.strip_elements(root, *_NOTES, with_tail=False)
    for imported in root.iter(f"{_XS}import"):
        imported.set(_LOCATION, "")
    for address in root.iter(*_ADDRESS):
        address.set("location", "")
    for element in root.iter():
        element.text, element.tail = (element.text or "").strip() or None, None
    return etree.tostring(root, method="c14n")
