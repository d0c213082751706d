"""Changes to an input as a hostile or confused sender would make them: to its elements, values, attributes and headers,
now and then only to its bytes.

The same seed of ``random`` makes the same changes.
"""

import copy
import random
import re
from collections.abc import Callable
from typing import Final

from lxml import etree

from tests.fuzz.packet import BLANK
from tests.support.fake_context import CPR
from udb.domain.services import PAYLOAD_NAMESPACE, SERVICES
from udb.wsdl.signature import names
from udb.wsdl.xml.schema import known_names

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
SOAPS: Final = ("http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope")
NAMESPACES: Final = (*SOAPS, XSI, PAYLOAD_NAMESPACE, names.WSSE, names.WSU, names.DS, names.EXC_C14N, "urn:x", "")
SIGNING: Final = sorted(value for name, value in vars(names).items() if name.isupper() and str(value).startswith("{"))
TAGS: Final = (
    *(f"{{{PAYLOAD_NAMESPACE}}}{name}" for name in sorted(known_names())),
    *(f"{{{soap}}}{name}" for soap in SOAPS for name in ("Envelope", "Header", "Body", "Fault")),
    *SIGNING,
)
ATTRIBUTES: Final = (
    *(f"{{{soap}}}{name}" for soap in SOAPS for name in ("mustUnderstand", "role", "actor", "encodingStyle")),
    *(f"{{{XSI}}}{name}" for name in ("nil", "type", "schemaLocation")),
    *("Id", "ID", "id", f"{{{names.WSU}}}Id", "URI", "Algorithm", "PrefixList", "ValueType", "EncodingType", "href"),
)
VALUES: Final = (
    *("", " ", "0", "1", "-1", "true", "false", "+0001", "9" * 30, "9" * 5000, "1e9", "NaN", CPR, f"{CPR}12"),
    *("2022-08-08T24:00:00", "2999-12-31T23:59:59", "1900-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "2026-02-30"),
    *("æøå", "\U0001f600", "x" * 300, "a b\tc\nd", "'\"<>&", "#BodyRef", "#TimestampRef", "#", "#xpointer(/)", "v1:X"),
    *(
        "#default",
        "http://www.w3.org/2000/09/xmldsig#sha1",
        "AAAA",
        "====",
        "{urn:x}a",
        "]]>",
        "%s{0}\\",
        "\u202e\u2028",
    ),
    *(value for name, value in vars(names).items() if name.isupper() and isinstance(value, str) and value[:1] != "{"),
)
HEADERS: Final = (
    *(f"Content-Type: {kind}" for kind in ("text/xml", "application/soap+xml", "multipart/related", "", ";;=")),
    *(f"Content-Type: text/xml; charset{rest}" for rest in ("=utf-8", "=utf-16", "*=a'b'%ff", "*0*=u; charset*1=tf-8")),
    *(f"Content-Length: {length}" for length in ("", "-1", "0", "10", "9" * 12, "9" * 5000, "²", "1 1")),
    *("Transfer-Encoding: chunked", "Content-Encoding: gzip", "Authorization: Basic AAAA", "Host: ", "Host: a\x0b:b"),
)
PIECES: Final = (
    *(b"<!DOCTYPE a>", b'<!DOCTYPE a [<!ENTITY x "y">]>', b"&x;", b"&#0;", b"&#xFFFF;", b"<![CDATA[", b"]]>", b"<!--"),
    *(
        b"-->",
        b"<?x y?>",
        b'<?xml version="1.0" encoding="utf-16"?>',
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x00",
        b"\xc0\xaf",
    ),
    *(b"<", b">", b"/>", b'"', b"=", b"xmlns=''", b"xmlns:s='urn:x'", b"\xed\xa0\x80", b":", b"A" * 64, b"\x30\x82"),
)
_MOST: Final = 4
"""The largest number of changes at once."""


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return the input with one to ``_MOST`` changes."""
    head, blank, body = data.partition(BLANK)
    if not blank or b"<" in head:
        head, blank, body = b"", b"", data
    for _ in range(chance.randint(1, _MOST)):
        if blank and chance.random() < 0.2:
            head = _heading(head, chance)
        else:
            body = _tree(body, chance) if chance.random() < 0.7 else _bytes(body, chance)
    return head + blank + body


def _heading(head: bytes, chance: random.Random) -> bytes:
    first, *lines = head.split(b"\n")
    kind = chance.randrange(4)
    if kind == 0:
        service = chance.choice(list(SERVICES.values()))
        end = chance.choice(["", "?wsdl", "?kun-validering=1", "?kun-validering=x", "/udb.xsd", "/%2e%2e", "//"])
        first = f"{chance.choice(['POST', 'POST', 'GET', 'HEAD', 'PUT'])} {service.path}{end}".encode()
    elif kind == 1:
        lines.append(chance.choice(HEADERS).encode())
    elif kind == 2 and lines:
        lines.pop(chance.randrange(len(lines)))
    else:
        return _bytes(head, chance).replace(BLANK, b"\n")
    return b"\n".join([first, *lines])


def _bytes(data: bytes, chance: random.Random) -> bytes:
    start = chance.randint(0, len(data))
    end = min(len(data), start + chance.choice([0, 1, 2, 8, 64, 500]))
    kind = chance.randrange(5)
    if kind == 0:
        return data[:start] + chance.choice(PIECES) + data[end:]
    if kind == 1:
        return data[:start] + data[end:]
    if kind == 2:
        return data[:start] + data[start:end] * chance.choice([2, 3, 50]) + data[end:]
    if kind == 3:
        return data[:start] + chance.randbytes(end - start) + data[end:]
    return data[:start] + chance.choice(VALUES).encode() + data[end:]


def _tree(data: bytes, chance: random.Random) -> bytes:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, ValueError):
        return _bytes(data, chance)
    elements = list(root.iter(etree.Element))
    try:
        chance.choice(_CHANGES)(chance.choice(elements), elements, chance)
    except ValueError:
        # lxml refuses what XML cannot contain: then change the bytes.
        return _bytes(data, chance)
    encoding = chance.choice(["UTF-8", "UTF-8", "UTF-8", "UTF-16", "ISO-8859-1"])
    return etree.tostring(root, encoding=encoding, xml_declaration=chance.random() < 0.5)


def _text(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    if chance.random() < 0.5 or not element.text:
        element.text = chance.choice(VALUES)
    else:
        element.text = re.sub(r"\d", lambda _: str(chance.randrange(10)), element.text, count=chance.randint(1, 4))


def _attribute(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    named = [str(name) for name in element.attrib] or list(ATTRIBUTES)
    element.set(chance.choice(chance.choice([named, list(ATTRIBUTES)])), chance.choice(VALUES))


def _no_attribute(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    if element.attrib:
        del element.attrib[chance.choice(list(element.attrib))]


def _name(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    element.tag = chance.choice(TAGS)


def _namespace(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    namespace = chance.choice(NAMESPACES)
    local = etree.QName(element).localname
    element.tag = f"{{{namespace}}}{local}" if namespace else local


def _remove(element: etree._Element, _all: list[etree._Element], _chance: random.Random) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _again(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    if element.getparent() is not None:
        for _ in range(chance.choice([1, 1, 2, 70])):
            element.addnext(copy.deepcopy(element))


def _move(element: etree._Element, everywhere: list[etree._Element], chance: random.Random) -> None:
    place = chance.choice(everywhere)
    within = set(element.iter())
    if place not in within and element.getparent() is not None:
        place.insert(chance.randint(0, len(place)), element)


def _copy(element: etree._Element, everywhere: list[etree._Element], chance: random.Random) -> None:
    chance.choice(everywhere).append(copy.deepcopy(element))


def _new(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    etree.SubElement(element, chance.choice(TAGS)).text = chance.choice(VALUES)


def _deep(element: etree._Element, _all: list[etree._Element], chance: random.Random) -> None:
    for _ in range(chance.choice([5, 40])):
        element = etree.SubElement(element, chance.choice(TAGS))


_CHANGES: Final[tuple[Callable[[etree._Element, list[etree._Element], random.Random], None], ...]] = (
    *(_text, _text, _attribute, _no_attribute, _name, _namespace, _remove, _again, _move, _copy, _new, _deep),
)
