"""Messages made from our own XSD: valid messages of every operation, and each way of breaking one."""

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st
from lxml import etree

from tests.wsdl.contract import schema_for, wrapper_namespace
from udb.domain.services import PAYLOAD_NAMESPACE
from udb.paths import CONTRACT

XS: Final = "{http://www.w3.org/2001/XMLSchema}"
MOST: Final = 3
"""The most elements of a list without a lower limit."""
TEXT: Final = st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff")
NOT_OURS: Final = "http://fremmed.example"

Draw = Callable[..., Any]
Likely = dict[str, st.SearchStrategy[str]]
"""Simple type -> values that are valid to the service; drawn half of the time."""


@cache
def _documents(service: str) -> dict[str, etree._Element]:
    """Return the service's schema and the shared one, by target namespace."""
    roots = [etree.parse(CONTRACT / name).getroot() for name in (f"{service}.xsd", "udb.xsd")]
    return {str(root.get("targetNamespace")): root for root in roots}


def _named(service: str, prefixed: str, kind: str) -> etree._Element:
    local = prefixed.rpartition(":")[2]
    (found,) = _documents(service)[_namespace(service, prefixed)].findall(f"{XS}{kind}[@name='{local}']")
    return found


def _namespace(service: str, prefixed: str) -> str:
    """Return the namespace of a name in one of the two schemas: only a service's own has the prefix ipl."""
    return wrapper_namespace(service) if prefixed.startswith("ipl:") else PAYLOAD_NAMESPACE


def request(draw: Draw, service: str, operation: str, likely: Likely) -> etree._Element:
    """Draw a valid request element of an operation."""
    namespace = wrapper_namespace(service)
    (declared,) = _documents(service)[namespace].findall(f"{XS}element[@name='{operation}Request']")
    return _element(draw, service, declared, namespace, likely)


def _element(draw: Draw, service: str, declared: etree._Element, namespace: str, likely: Likely) -> etree._Element:
    if declared.get("ref"):
        return _element(draw, service, _named(service, declared.get("ref"), "element"), PAYLOAD_NAMESPACE, likely)
    made = etree.Element(f"{{{namespace}}}{declared.get('name')}")
    kind = declared.get("type", "")
    if kind.startswith("xs:"):
        made.text = draw(_plain(kind))
    elif (
        kind
        and (simple := _documents(service)[PAYLOAD_NAMESPACE].find(f"{XS}simpleType[@name='{kind[3:]}']")) is not None
    ):
        made.text = draw(_restricted(simple) if kind[3:] not in likely else likely[kind[3:]] | _restricted(simple))
    else:
        complex_type = _named(service, kind, "complexType") if kind else declared.find(f"{XS}complexType")
        inner = _namespace(service, kind) if kind else namespace
        for child in _children(service, complex_type):
            lowest = int(child.get("minOccurs", "1"))
            highest = child.get("maxOccurs", "1")
            most = MOST if highest == "unbounded" else min(int(highest), MOST)
            for _ in range(draw(st.integers(lowest, most))):
                made.append(_element(draw, service, child, inner, likely))
    return made


def _children(service: str, complex_type: etree._Element) -> list[etree._Element]:
    extension = complex_type.find(f"{XS}complexContent/{XS}extension")
    if extension is not None:
        base = _named(service, extension.get("base"), "complexType")
        return _children(service, base) + extension.findall(f"{XS}sequence/{XS}element")
    return complex_type.findall(f"{XS}sequence/{XS}element")


def _plain(kind: str) -> st.SearchStrategy[str]:
    if kind == "xs:boolean":
        return st.sampled_from(["true", "false", "1", "0", " true "])
    if kind == "xs:int":
        return st.integers(-(2**31), 2**31 - 1).map(str)
    if kind == "xs:dateTime":
        return _instants()
    assert kind == "xs:string", kind
    return st.text(TEXT, max_size=20)


def _instants() -> st.SearchStrategy[str]:
    # Inside the years by more than an offset (docs/fortolkninger.md, K17).
    moments = st.datetimes(datetime(1901, 1, 1), datetime(2998, 12, 31))  # noqa: DTZ001 - the offset is drawn below
    return st.tuples(moments, st.sampled_from(["", "Z", "+01:00", "+02:00", "-11:30"])).map(
        lambda pair: f"{pair[0].isoformat(timespec='milliseconds')}{pair[1]}"
    )


def _restricted(simple: etree._Element) -> st.SearchStrategy[str]:
    restriction = simple.find(f"{XS}restriction")
    base = restriction.get("base")
    facets = {etree.QName(facet).localname: facet.get("value") for facet in restriction}
    if values := [facet.get("value") for facet in restriction.findall(f"{XS}enumeration")]:
        return st.sampled_from(values)
    if base == "xs:dateTime":
        return _instants()
    if base == "xs:int":
        lowest, highest = int(facets.get("minInclusive", 0)), int(facets.get("maxInclusive", 2**31 - 1))
        return st.integers(lowest, highest).map(str)
    if "pattern" in facets:
        return st.from_regex(re.compile(facets["pattern"], re.ASCII), fullmatch=True)
    least = int(facets.get("length", facets.get("minLength", 0)))
    most = int(facets.get("length", facets.get("maxLength", 50)))
    text = st.text(TEXT, min_size=least, max_size=most)
    if base == "xs:token":
        return text.filter(lambda value: len(" ".join(value.split(" "))) == len(value) and least <= len(value.strip()))
    return text


def broken(draw: Draw, whole: etree._Element) -> tuple[str, etree._Element]:
    """Draw a request with one change that the schema does not allow; return the change's description too.

    Not every change breaks every message: the caller must check with the schema.
    """
    changed = deepcopy(whole)
    elements = [element for element in changed.iter() if element is not changed]
    element = draw(st.sampled_from(elements)) if elements else changed
    way = draw(st.sampled_from(WAYS))
    way(draw, element)
    return way.__name__, changed


def gone(_draw: Draw, element: etree._Element) -> None:
    if (parent := element.getparent()) is not None:
        parent.remove(element)


def twice(_draw: Draw, element: etree._Element) -> None:
    element.addnext(deepcopy(element))


def out_of_order(_draw: Draw, element: etree._Element) -> None:
    if (following := element.getnext()) is not None:
        following.addnext(element)


def renamed(draw: Draw, element: etree._Element) -> None:
    name = etree.QName(element)
    element.tag = draw(
        st.sampled_from([f"{{{NOT_OURS}}}{name.localname}", name.localname, f"{{{name.namespace}}}{name.localname}X"])
    )


def another_value(draw: Draw, element: etree._Element) -> None:
    element.text = draw(
        st.sampled_from(["", " ", "x" * 300, "-1", "99999999999", "2017-02-30T00:00:00", "0001-01-01T00:00:00", "NaN"])
        | st.text(TEXT, max_size=40)
    )


def emptied(_draw: Draw, element: etree._Element) -> None:
    element.text = None
    for child in list(element):
        element.remove(child)


def with_attribute(draw: Draw, element: etree._Element) -> None:
    xsi = "http://www.w3.org/2001/XMLSchema-instance"
    element.set(draw(st.sampled_from(["id", f"{{{NOT_OURS}}}a", f"{{{xsi}}}nil", f"{{{xsi}}}type"])), "true")


def with_text_between(draw: Draw, element: etree._Element) -> None:
    element.tail = draw(st.text(TEXT, min_size=1, max_size=10))


def with_a_stranger(_draw: Draw, element: etree._Element) -> None:
    etree.SubElement(element, f"{{{NOT_OURS}}}Fremmed").text = "1"


WAYS: Final[Sequence[Callable[[Draw, etree._Element], None]]] = (
    gone,
    twice,
    out_of_order,
    renamed,
    another_value,
    emptied,
    with_attribute,
    with_text_between,
    with_a_stranger,
)


def is_valid(element: etree._Element) -> bool:
    """Return whether the schema allows it, read by a validator that is not the service's."""
    return bool(schema_for(element).validate(etree.ElementTree(etree.fromstring(etree.tostring(element)))))
