"""Validate a request against its service's schema, and describe each violation in a Danish sentence of our own.

libxml2 keeps the errors of a validation in the schema object, so every thread has its own: with a shared one, a thread
could read the values of another thread's caller. libxml2's error texts hold values too: only declared names, limits of
the schema and plain element names are taken from them.
"""

import re
import threading
from functools import cache
from itertools import groupby
from typing import Any, Final

from lxml import etree

from udb.paths import CONTRACT
from udb.wsdl.xml.envelope import PLAIN_NAME

_XS: Final = "{http://www.w3.org/2001/XMLSchema}"
_SUBJECT: Final = re.compile(r"Element '(?:\{[^}']*\})?([^'{}]+)'")
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)\.$", re.DOTALL)
_LOCAL_NAME: Final = re.compile(r"\{[^}]*\}([^\s,{}]+)")
_TYPE: Final = re.compile(r"type '(?:\{[^}']*\})?([A-Za-z]+)'\.$")
_LIMIT: Final = re.compile(r"'(\d{1,5})'\.$")
_ENUMERATION: Final = re.compile(r"'([^']+)'")

_NOT_A_VALUE: Final = "SCHEMAV_CVC_DATATYPE_VALID_1_2_1"
_CONTENT: Final = "SCHEMAV_ELEMENT_CONTENT"
_NOT_ENUMERATED: Final = "SCHEMAV_CVC_ENUMERATION_VALID"
_LENGTHS: Final = {
    "SCHEMAV_CVC_LENGTH_VALID": "værdien skal have længden",
    "SCHEMAV_CVC_MINLENGTH_VALID": "værdien er for kort eller tom; mindste længde er",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "værdien er for lang; største længde er",
}
_WORDS: Final = {
    "SCHEMAV_CVC_PATTERN_VALID": "værdien har ikke den form, skemaet kræver",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "tallet er mindre, end skemaet tillader",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "tallet er større, end skemaet tillader",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "elementet skal være tomt",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "elementet må ikke indeholde tekst mellem sine elementer",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "elementet må ikke have denne attribut",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "elementet må ikke have denne attribut",
    "SCHEMAV_CVC_TYPE_3_1_1": "elementet må ikke have attributter",
    "SCHEMAV_CVC_TYPE_3_1_2": "elementet må kun indeholde tekst",
    "SCHEMAV_CVC_ELT_3_1": "elementet må ikke have xsi:nil; udelad det i stedet",
    "SCHEMAV_CVC_ELT_4_2": "elementet må ikke have denne xsi:type",
    "SCHEMAV_CVC_ELT_4_3": "elementet må ikke have denne xsi:type",
}
_OTHERWISE: Final = "følger ikke skemaet"

_schemas = threading.local()
# The first schema of a process makes libxml2 prepare its built-in types. If two threads do that at the same time, the
# process may be unable to read any schema.
_one_at_a_time: Final = threading.Lock()


def violations(service: str, element: etree._Element) -> list[str]:
    """Return a sentence for each violation, in document order: line, element and what is wrong. Empty: valid."""
    schema = _schema(service)
    if schema.validate(element):
        return []
    sentences: list[str] = []
    for _, group in groupby(schema.error_log, key=lambda entry: entry.path):
        errors = list(group)
        # libxml2 reports a value that breaks a facet, or is missing, a second time: as not of its type.
        kept = [error for error in errors if error.type_name != _NOT_A_VALUE] or errors
        sentences.extend(_sentence(error.line, error.type_name, error.message) for error in kept)
    return sentences


def _schema(service: str) -> Any:
    if not hasattr(_schemas, service):
        document = etree.parse(CONTRACT / f"{service}.xsd")
        with _one_at_a_time:
            setattr(_schemas, service, etree.XMLSchema(document))
    return getattr(_schemas, service)


def known_names() -> frozenset[str]:
    """Return every element name of the contract: a fault may repeat these names of a message without further checks."""
    return _declared("element", "name")


@cache
def _declared(kind: str, attribute: str) -> frozenset[str]:
    nodes = (node for path in CONTRACT.glob("*.xsd") for node in etree.parse(path).iter(f"{_XS}{kind}"))
    return frozenset(filter(None, (node.get(attribute) for node in nodes)))


def _sentence(line: int, kind: str, message: str) -> str:
    found = _SUBJECT.match(message)
    name = found.group(1) if found else ""
    if name in known_names():
        return f"Linje {line}: {name}: {_words(name, kind, message)}."
    # The caller chose this name, so it may hold anything.
    subject = f"ukendt element {name}" if PLAIN_NAME.fullmatch(name) else "ukendt element"
    return f"Linje {line}: {subject}: {_words(name, kind, message)}."


def _words(name: str, kind: str, message: str) -> str:
    if kind == _CONTENT:
        return _content(name, message)
    if kind == _NOT_A_VALUE:
        found = _TYPE.search(message)
        known = found and found.group(1) in _declared("simpleType", "name") | {"boolean", "string"}
        return f"værdien har ikke typen {found.group(1)}" if found and known else "værdien har ikke elementets type"
    if kind == _NOT_ENUMERATED:
        tail = message.rpartition("is not an element of the set")[2]
        values = [value for value in _ENUMERATION.findall(tail) if value in _declared("enumeration", "value")]
        return f"værdien skal være {_listed(values)}"
    if kind in _LENGTHS:
        limit = _LIMIT.search(message)
        return f"{_LENGTHS[kind]} {limit.group(1) if limit else 'den, skemaet giver'}"
    return _WORDS.get(kind, _OTHERWISE)


def _content(name: str, message: str) -> str:
    found = _EXPECTED.search(message)
    expected = [one for one in _LOCAL_NAME.findall(found.group(1)) if one in known_names()] if found else []
    if "Missing child element(s)" in message:
        what = "elementet mangler indhold"
    elif name in expected:
        return "elementet er i et forkert navnerum"
    else:
        what = "elementet hører ikke til her" if name in known_names() else "elementet findes ikke i skemaet"
    return f"{what}; her ventes {_listed(expected)}" if expected else what


def _listed(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} eller {words[-1]}" if len(words) > 1 else "".join(words)
