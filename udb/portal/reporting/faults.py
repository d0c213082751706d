"""What a page shows of a receipt that refuses or advises: sentences at their fields, the rest in the summary alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from wtforms import Form

from udb.domain import elementer as e
from udb.domain.receipt import Fejl, Receipt
from udb.portal.reporting.fields import DateField
from udb.portal.reporting.forms import PERIODE
from udb.rules.rule import Alvor

USED_TRANSACTION: Final = "9001"
"""The hidden id was used for another report: the form was sent before."""
_ELSEWHERE: Final = {e.SKOLEPERIODE: PERIODE, e.SPECIALE: PERIODE, e.UDDANNELSE: e.COSA_FORMAAL}
"""The field of an element that has none of its own in the form."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A line of the summary. ``anchor``: the id of its field, None without one; ``code``: of its rule."""

    text: str
    anchor: str | None = None
    code: str | None = None


def hard(receipt: Receipt) -> list[Fejl]:
    """Return the lines that refuse."""
    return [line for line in receipt.fejl if line.alvor == Alvor.HAARD]


def advice(receipt: Receipt) -> list[Fejl]:
    """Return the lines that advise."""
    return [line for line in receipt.fejl if line.alvor == Alvor.BLOED]


def by_field(form: Form, lines: Iterable[Fejl]) -> Mapping[str, Sequence[Fault]]:
    """Return the faults of each field of a form, in the form's order; those without a field under ``""``."""
    found: dict[str, list[Fault]] = {
        name: [Fault(str(text), _anchor(form, name)) for text in field.errors] for name, field in form._fields.items()
    }
    found[""] = []
    for line in lines:
        name = _field_of(form, line.element)
        found[name].append(Fault(line.fejl_tekst, _anchor(form, name) if name else None, line.fejl_kode))
    return {name: faults for name, faults in found.items() if faults}


def _field_of(form: Form, element: str | None) -> str:
    if element is None:
        return ""
    name = element if element in form else _ELSEWHERE.get(element, "")
    return name if name in form else ""


def _anchor(form: Form, name: str) -> str:
    field = form[name]
    if isinstance(field, DateField):
        return f"{name}-{DateField.PARTS[0][0]}"
    return f"{name}-0" if field.type == "RadiosField" else name
