"""Open the SOAP envelope: one Body with one element, and headers that the service may have to understand."""

import re
from dataclasses import dataclass
from typing import Final

from lxml import etree

from udb.wsdl.faults import MUST_UNDERSTAND, NOT_VALID, VERSION_MISMATCH, ServiceFault
from udb.wsdl.soap import SECURITY, TRIAL, Version

UNDERSTOOD: Final = frozenset({SECURITY, TRIAL})

PLAIN_NAME: Final = re.compile("[A-Za-zÆØÅæøå_]{1,40}")
"""An element name that an answer may repeat: without digits, so that it cannot hold a CPR number."""

_MAX_NAMESPACE: Final = 200
_LIKE_CPR: Final = re.compile("[0-9]{6}-?[0-9]{4}")
_TRUE: Final = frozenset({"1", "true"})
_FALSE: Final = frozenset({"0", "false"})


@dataclass(frozen=True, slots=True)
class Envelope:
    """The parts of an envelope."""

    headers: tuple[etree._Element, ...]
    payload: etree._Element
    """The one child of Body."""


def open_envelope(root: etree._Element, version: Version) -> Envelope:
    """Return the parts of an envelope. Raises ServiceFault IPL000002, also as VersionMismatch or MustUnderstand."""
    if root.tag != version.tag("Envelope"):
        is_envelope = etree.QName(root).localname == "Envelope"
        raise (
            ServiceFault(VERSION_MISMATCH)
            if is_envelope
            else ServiceFault(NOT_VALID, "Kaldet er ikke en SOAP Envelope.")
        )
    parts = [child.tag for child in root]
    header, body = version.tag("Header"), version.tag("Body")
    if parts not in ([body], [header, body]):
        raise ServiceFault(NOT_VALID, "Envelope skal indeholde højst én Header og derefter præcis én Body.")
    for part in (root, *root):
        _refuse_text(part)
    headers = tuple(root[0]) if parts[0] == header else ()
    _refuse_unknown(headers, version)
    content = root[-1]
    if len(content) != 1:
        raise ServiceFault(NOT_VALID, "Body skal indeholde præcis ét element.")
    if content[0].tag == version.tag("Fault"):
        raise ServiceFault(NOT_VALID, "Body må ikke indeholde en Fault.")
    return Envelope(headers, content[0])


def _refuse_text(part: etree._Element) -> None:
    if any(text and text.strip() for text in (part.text, *(child.tail for child in part))):
        raise ServiceFault(
            NOT_VALID, f"Linje {part.sourceline}: Tekst må kun stå inde i de elementer, skemaet giver tekst."
        )


def _refuse_unknown(headers: tuple[etree._Element, ...], version: Version) -> None:
    unknown = [header for header in headers if _must_understand(header, version) and header.tag not in UNDERSTOOD]
    if unknown:
        names = [(name.namespace or "", name.localname) for name in map(etree.QName, unknown)]
        # SOAP 1.2 requires the names in the answer; names that could hold a value of the message are left out.
        raise ServiceFault(MUST_UNDERSTAND, not_understood=[name for name in names if _is_repeatable(*name)])


def _is_repeatable(namespace: str, name: str) -> bool:
    plain = PLAIN_NAME.fullmatch(name) and not _LIKE_CPR.search(namespace)
    return bool(plain) and 0 < len(namespace) <= _MAX_NAMESPACE


def _must_understand(header: etree._Element, version: Version) -> bool:
    value = header.get(version.tag("mustUnderstand"), "0").strip()
    if value not in _TRUE | _FALSE:
        raise ServiceFault(NOT_VALID, f"Linje {header.sourceline}: mustUnderstand skal være 1, true, 0 eller false.")
    return value in _TRUE and header.get(version.tag(version.role_attribute), "").strip() in version.roles
