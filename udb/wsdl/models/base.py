"""Helpers to write the models: members in order, each with the number of times that it may occur."""

from typing import Any

from spyne import ComplexModel
from spyne.model.complex import ComplexModelBase

from udb.domain.elementer import ATTRIBUTE
from udb.domain.services import PAYLOAD_NAMESPACE

Members = tuple[tuple[str, Any], ...]

MAX_WISHES = 50


class Payload(ComplexModel):
    """A type of the shared payload schema."""

    __namespace__ = PAYLOAD_NAMESPACE


def one(element: str, kind: Any) -> tuple[str, Any]:
    """Return a member for an element that must occur exactly once."""
    return _member(element, kind, 1, 1)


def optional(element: str, kind: Any) -> tuple[str, Any]:
    """Return a member for an element that may be left out."""
    return _member(element, kind, 0, 1)


def many(element: str, kind: Any, at_most: int | None = None) -> tuple[str, Any]:
    """Return a member for an element that may occur any number of times, or at most ``at_most`` times."""
    return _member(element, kind, 0, "unbounded" if at_most is None else at_most)


def _member(element: str, kind: Any, at_least: int, at_most: int | str) -> tuple[str, Any]:
    # Always explicit: spyne's own default is 0..1 and nillable.
    occurs = {"min_occurs": at_least, "max_occurs": at_most, "nillable": False}
    if kind.__namespace__ != PAYLOAD_NAMESPACE or issubclass(kind, ComplexModelBase):
        return ATTRIBUTE[element], kind.customize(**occurs, sub_name=element)
    # Without type_name, a named simple type would lose its name when customized, and with it its schema.
    member = kind.customize(**occurs, sub_name=element, type_name=kind.get_type_name())
    member.__namespace__ = PAYLOAD_NAMESPACE
    return ATTRIBUTE[element], member
