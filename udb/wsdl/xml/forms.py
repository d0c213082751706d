"""What the schema wants of an element, in Danish words with an example: read from the XSD, so that the two agree."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from lxml import etree

from udb.domain.services import SERVICES
from udb.paths import CONTRACT

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
EXAMPLE_OF_A_TIME: Final = "2026-08-10T00:00:00"

_DIGITS: Final = re.compile(r"\[0-9\]\{(\d+)\}")
_BUILT_IN: Final = "xs:"


@dataclass(frozen=True, slots=True)
class Declared:
    """An element as the schema declares it. ``form``: what to write, empty for an element with elements inside."""

    form: str
    optional: bool


def declared(service: str, names: Sequence[str]) -> Declared | None:
    """Return the declaration of an element. ``names``: the local names from the request's element down to it."""
    return _declared(service, tuple(names))


# Callers choose the names, so not all of them can be kept.
@lru_cache(maxsize=256)
def _declared(service: str, names: tuple[str, ...]) -> Declared | None:
    found = next((element for element in _globals(service) if element.get("name") == names[0]), None)
    optional = False
    for name in names[1:]:
        found = None if found is None else next((e for e in _children(found) if _name(e) == name), None)
        if found is not None:
            optional = found.get("minOccurs") == "0"
            found = _referred(service, found)
    if found is None:
        return None
    return Declared(form_of(found.get("type", "")), optional)


@cache
def request_forms() -> dict[str, str]:
    """Return the form of every element that a request may hold a value in, by the element's name.

    A name with several types has all their forms.
    """
    found: dict[str, list[str]] = {}
    for service in SERVICES:
        for element in _globals(service):
            if str(element.get("name")).endswith("Request"):
                _collect(service, element, found)
    return {name: "; eller ".join(forms) for name, forms in sorted(found.items())}


def _collect(service: str, element: etree._Element, found: dict[str, list[str]]) -> None:
    form = form_of(element.get("type", ""))
    if form and form not in found.get(_name(element), []):
        found.setdefault(_name(element), []).append(form)
    for child in _children(element):
        _collect(service, _referred(service, child), found)


def form_of(kind: str) -> str:
    """Return what to write in an element of a type, by its name with prefix; empty for a type with elements."""
    base, facets = _facets(kind)
    if values := facets.get("enumeration"):
        return f"skriv {listed(values)}"
    if base == "xs:boolean":
        return "skriv true eller false"
    if base == "xs:dateTime":
        return f"skriv dato og klokkeslæt{_years(facets)}, fx {EXAMPLE_OF_A_TIME}"
    if base in {"xs:int", "xs:integer"}:
        return f"skriv et helt tal{_range(facets)}"
    digits = [_DIGITS.fullmatch(pattern) for pattern in facets.get("pattern", ())]
    if digits and digits[0]:
        return f"skriv {digits[0].group(1)} cifre uden andre tegn"
    return _characters(facets) if base.startswith(_BUILT_IN) else ""


def listed(words: Sequence[str]) -> str:
    """Return words as a Danish list: ``a, b eller c``."""
    return f"{', '.join(words[:-1])} eller {words[-1]}" if len(words) > 1 else "".join(words)


def _years(facets: dict[str, list[str]]) -> str:
    patterns = facets.get("pattern", ())
    years = [year for year in range(10_000) if all(re.fullmatch(pattern, f"{year:04}-") for pattern in patterns)]
    return f" i årene {years[0]:04} til {years[-1]:04}" if patterns and years else ""


def _range(facets: dict[str, list[str]]) -> str:
    lowest, highest = (facets.get(name, [""])[0] for name in ("minInclusive", "maxInclusive"))
    if lowest and highest:
        return f" fra {lowest} til {highest}"
    return f", mindst {lowest}" if lowest else f", højst {highest}" if highest else ""


def _characters(facets: dict[str, list[str]]) -> str:
    if exact := facets.get("length"):
        return f"skriv præcis {exact[0]} tegn"
    lowest, highest = (facets.get(name, [""])[0] for name in ("minLength", "maxLength"))
    return f"skriv {lowest or 0} til {highest} tegn" if highest else "skriv tekst"


@cache
def _facets(kind: str) -> tuple[str, dict[str, list[str]]]:
    """Return the type of XML Schema behind a type, and its facets by name; ``""`` for a type with elements."""
    if kind.startswith(_BUILT_IN):
        return kind, {}
    restriction = next((node.find(f"{XS}restriction") for node in _types("simpleType") if _is(node, kind)), None)
    if restriction is None:
        return "", {}
    base, facets = _facets(str(restriction.get("base")))
    own: dict[str, list[str]] = {}
    for facet in restriction.iterchildren(tag=etree.Element):
        own.setdefault(etree.QName(facet).localname, []).append(str(facet.get("value")))
    return base, {**facets, **own}


def _is(node: etree._Element, kind: str) -> bool:
    return node.get("name") == kind.rpartition(":")[2]


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements that are declared inside an element, by its own type or a named one."""
    inner = element.find(f"{XS}complexType")
    kind = element.get("type", "")
    holders = [inner] if inner is not None else [node for node in _types("complexType", element) if _is(node, kind)]
    for holder in holders:
        for extension in holder.iter(f"{XS}extension"):
            base = str(extension.get("base"))
            yield from (e for node in _types("complexType", element) if _is(node, base) for e in _own(node))
        yield from _own(holder)


def _own(holder: etree._Element) -> Iterator[etree._Element]:
    for child in holder.iterchildren(tag=etree.Element):
        if child.tag == f"{XS}element":
            yield child
        else:
            yield from _own(child)


def _name(element: etree._Element) -> str:
    return str(element.get("name") or element.get("ref", "").rpartition(":")[2])


def _referred(service: str, element: etree._Element) -> etree._Element:
    if element.get("ref") is None:
        return element
    return next(found for found in _globals(service) if found.get("name") == _name(element))


def _globals(service: str) -> list[etree._Element]:
    return [element for name in (service, "udb") for element in _schema(name).iterchildren(f"{XS}element")]


def _types(sort: str, near: etree._Element | None = None) -> list[etree._Element]:
    """Return the named types: those of udb.xsd, and of the schema that holds ``near``."""
    shared = _schema("udb")
    roots = [shared] if near is None else [shared, near.getroottree().getroot()]
    return [node for root in roots for node in root.iterchildren(f"{XS}{sort}")]


@cache
def _schema(name: str) -> etree._Element:
    return etree.parse(CONTRACT / f"{name}.xsd").getroot()
