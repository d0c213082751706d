"""Find the parts of a signature: this service's Security header, its three elements, and every Id of the request."""

from typing import Final

from lxml import etree

from udb.domain.text import Text
from udb.wsdl.signature import names
from udb.wsdl.signature.examined import Examined
from udb.wsdl.signature.reasons import NOTHING, Broken, Reason, same
from udb.wsdl.soap import Version

_PARTS: Final = (names.TIMESTAMP, names.TOKEN, names.SIGNATURE)


def security_headers(root: etree._Element, version: Version) -> list[etree._Element]:
    """Return the Security headers that are meant for this service."""
    # Runs in every call; lxml's ``find`` would be slower, because it interprets its path in Python.
    header = next(root.iterchildren(version.tag("Header")), None)
    found = () if header is None else header.iterchildren(names.SECURITY)
    return [one for one in found if one.get(version.tag(version.role_attribute), "").strip() in version.roles]


def is_there(root: etree._Element, version: Version) -> bool:
    """Return whether a request has anything to check: a Security header with at least one of the parts."""
    return any(found.find(part) is not None for found in security_headers(root, version) for part in _PARTS)


def find_header(examined: Examined) -> Text:
    """Step: find the one Security header."""
    found = security_headers(examined.root, examined.version)
    if not found:
        raise Broken(Reason.HEADER_MISSING)
    if len(found) > 1:
        raise Broken(Reason.HEADER_TWICE, Text(f"{len(found)} headere", f"{len(found)} headers"))
    examined.security = found[0]
    return NOTHING


def find_parts(examined: Examined) -> Text:
    """Step: find the one Timestamp, one token and one Signature."""
    examined.timestamp = _one(examined, names.TIMESTAMP, Reason.TIMESTAMP_MISSING, Reason.TIMESTAMP_TWICE)
    examined.token = _one(examined, names.TOKEN, Reason.TOKEN_MISSING, Reason.TOKEN_TWICE)
    examined.signature = _one(examined, names.SIGNATURE, Reason.SIGNATURE_MISSING, Reason.SIGNATURE_TWICE)
    # A second Signature anywhere else could be mistaken for this one.
    everywhere = sum(1 for _ in examined.root.iter(names.SIGNATURE))
    if everywhere > 1:
        raise Broken(Reason.SIGNATURE_TWICE, Text(f"{everywhere} i hele kaldet", f"{everywhere} in the whole request"))
    return NOTHING


def _one(examined: Examined, tag: str, missing: Reason, twice: Reason) -> etree._Element:
    found = examined.security.findall(tag)
    if not found:
        raise Broken(missing)
    if len(found) > 1:
        raise Broken(twice, same(len(found)))
    return found[0]


def find_ids(examined: Examined) -> Text:
    """Step: collect the Ids, under every name that a toolkit might use, and check that each occurs once."""
    ids: dict[str, etree._Element] = {}
    for element in examined.root.iter(etree.Element):
        for name, value in element.attrib.items():
            is_id = etree.QName(name).localname in names.ID_NAMES
            if is_id and ids.setdefault(str(value), element) is not element:
                raise Broken(Reason.ID_TWICE)
    examined.ids = ids
    return Text(f"{len(ids)} Id'er", f"{len(ids)} Ids")
