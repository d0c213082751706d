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
from udb.wsdl.xml.forms import XS, declared, listed

_SUBJECT: Final = re.compile(r"Element '(?:\{[^}']*\})?([^'{}]+)'")
_EXPECTED: Final = re.compile(r"Expected is (?:one of )?\( (.*) \)\.$", re.DOTALL)
_NAME: Final = re.compile(r"\{([^}]*)\}([^\s,{}]+)")

_NOT_A_VALUE: Final = "SCHEMAV_CVC_DATATYPE_VALID_1_2_1"
_CONTENT: Final = "SCHEMAV_ELEMENT_CONTENT"
_NIL: Final = "SCHEMAV_CVC_ELT_3_1"
_VALUES: Final = {
    _NOT_A_VALUE: "værdien har en forkert form",
    "SCHEMAV_CVC_ENUMERATION_VALID": "værdien er ikke en af dem, der kan bruges",
    "SCHEMAV_CVC_LENGTH_VALID": "værdien har en forkert længde",
    "SCHEMAV_CVC_MINLENGTH_VALID": "værdien er for kort",
    "SCHEMAV_CVC_MAXLENGTH_VALID": "værdien er for lang",
    "SCHEMAV_CVC_PATTERN_VALID": "værdien har en forkert form",
    "SCHEMAV_CVC_MININCLUSIVE_VALID": "tallet er for lille",
    "SCHEMAV_CVC_MAXINCLUSIVE_VALID": "tallet er for stort",
}
"""Errors of a value; the schema's form of it follows."""
_WORDS: Final = {
    "SCHEMAV_CVC_COMPLEX_TYPE_2_1": "elementet skal være tomt; fjern dets indhold",
    "SCHEMAV_CVC_COMPLEX_TYPE_2_3": "elementet må ikke indeholde tekst mellem sine elementer; fjern teksten",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_1": "elementet må ikke have denne attribut; fjern den",
    "SCHEMAV_CVC_COMPLEX_TYPE_3_2_2": "elementet må ikke have denne attribut; fjern den",
    "SCHEMAV_CVC_TYPE_3_1_1": "elementet må ikke have attributter; fjern dem",
    "SCHEMAV_CVC_TYPE_3_1_2": "elementet må kun indeholde tekst; fjern elementerne i det",
    "SCHEMAV_CVC_ELT_4_2": "elementet må ikke have denne xsi:type; fjern den",
    "SCHEMAV_CVC_ELT_4_3": "elementet må ikke have denne xsi:type; fjern den",
}
_OTHERWISE: Final = "følger ikke skemaet; ret det efter kontraktens XSD"

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
    for path, group in groupby(schema.error_log, key=lambda entry: entry.path):
        found = _Found(service, _at(element, path))
        sentences.extend(found.sentence(error) for error in _kept(list(group)))
    return sentences


def _kept(errors: list[Any]) -> list[Any]:
    """Return the errors of one element without those that only follow from another."""
    # An element with xsi:nil is also too short. A value that breaks a facet, or is missing, is also not of its type.
    if any(error.type_name == _NIL for error in errors):
        return [error for error in errors if error.type_name == _NIL]
    return [error for error in errors if error.type_name != _NOT_A_VALUE] or errors


def _at(root: etree._Element, path: str | None) -> etree._Element | None:
    """Return the element at a path of libxml2's error log, or None. A prefix may mean several namespaces."""
    found: etree._Element | None = root
    for step in (path or "").strip("/").split("/")[1:]:
        name, _, position = step.rstrip("]").partition("[")
        inside = [] if found is None else [one for one in found.iterchildren(etree.Element) if _is_step(one, name)]
        number = int(position or 1) - 1
        found = inside[number] if number < len(inside) else None
    return found


def _is_step(element: etree._Element, name: str) -> bool:
    # libxml2 writes an element of the default namespace as *.
    return name == "*" or name == ":".join(filter(None, (element.prefix, _local(element))))


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
    nodes = (node for path in CONTRACT.glob("*.xsd") for node in etree.parse(path).iter(f"{XS}{kind}"))
    return frozenset(filter(None, (node.get(attribute) for node in nodes)))


class _Found:
    """An element with an error, and the words about it."""

    def __init__(self, service: str, element: etree._Element | None) -> None:
        # The last of the ancestors is Body or the envelope, which the service's schema does not declare.
        names = [] if element is None else [_local(one) for one in (element, *element.iterancestors())][::-1]
        starts = [number for number, name in enumerate(names) if name.endswith("Request")]
        self._declared = declared(service, names[starts[0] :]) if starts else None
        self._is_empty = element is not None and not len(element) and not (element.text or "").strip()

    def sentence(self, error: Any) -> str:
        """Return the line, the element and what to do."""
        subject = _SUBJECT.match(error.message)
        name = subject.group(1) if subject else ""
        words = self._words(name, error.type_name, error.message)
        if name in known_names():
            return f"Linje {error.line}: {name}: {words}."
        # The caller chose this name, so it may hold anything.
        unknown = f"ukendt element {name}" if PLAIN_NAME.fullmatch(name) else "ukendt element"
        return f"Linje {error.line}: {unknown}: {words}."

    def _words(self, name: str, kind: str, message: str) -> str:
        form = self._declared.form if self._declared else ""
        optional = self._declared.optional if self._declared else False
        if kind == _NIL:
            return f"elementet må ikke have xsi:nil; {'udelad det i stedet' if optional else form or 'skriv en værdi'}"
        if kind in _VALUES and self._is_empty:
            return "; ".join(filter(None, ("elementet er tomt", _choice(form, optional=optional))))
        if kind in _VALUES:
            return "; ".join(filter(None, (_VALUES[kind], form)))
        if kind == _CONTENT:
            words = _content(name, message)
            return f"{words}; udelad elementet, hvis det skal være tomt" if optional and self._is_empty else words
        return _WORDS.get(kind, _OTHERWISE)


def _choice(form: str, *, optional: bool) -> str:
    return ", eller ".join(filter(None, ("udelad det" if optional else "", form)))


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _content(name: str, message: str) -> str:
    found = _EXPECTED.search(message)
    names = _NAME.findall(found.group(1)) if found else []
    expected = {one: space for space, one in names if one in known_names()}
    if "Missing child element(s)" in message:
        what = "elementet mangler indhold"
    elif name in expected:
        return f"elementet er i et forkert navnerum; brug {expected[name]}"
    else:
        what = "elementet hører ikke til her" if name in known_names() else "elementet findes ikke i skemaet"
    return f"{what}; her ventes {listed(list(expected))}" if expected else f"{what}; fjern det"
