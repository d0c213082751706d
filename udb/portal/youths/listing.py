"""What the lists of youths and of registrations have in common: pages, conditions that are kept, and files."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from werkzeug.wrappers import Response

from udb.hentning.kommune.residents import MOST
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.youths.files import as_csv, attachment

_SCHOOL: Final = len("461248")


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a list a page is: its number from 1, whether there are more, and the conditions that links keep."""

    number: int
    has_more: bool
    kept: Mapping[str, str]


def paging(asked: Mapping[str, str], conditions: Collection[str], number: int, *, has_more: bool) -> Paging:
    """Return the paging of a page; ``conditions``: the names of those that the list has."""
    return Paging(number, has_more, {name: asked[name] for name in conditions if asked.get(name)})


def page_number(asked: Mapping[str, str], size: int) -> int:
    """Return the number of the page that an address names, from 1 to the last that a list may have; 1 when it names
    none. ``size``: how many rows a page has.
    """
    said, last = asked.get("side", ""), MOST // size
    known = said.isascii() and said.isdecimal() and len(said) <= len(str(last))
    return min(max(int(said), 1), last) if known else 1


def school_in(asked: Mapping[str, str], faults: list[Fault]) -> str | None:
    """Return the institution's number among the conditions; None without one; a wrong one adds a fault."""
    said = asked.get("skole", "").strip()
    if said and not (said.isascii() and said.isdecimal() and len(said) == _SCHOOL):
        faults.append(Fault("Skriv institutionens nummer med seks cifre.", "skole"))
        return None
    return said or None


def as_file(columns: Mapping[str, str], rows: Iterable[Any], name: str) -> Response:
    """Return rows as a CSV file; ``columns``: the name in the file of each attribute that is in it."""
    cells = ([getattr(row, attribute) for attribute in columns] for row in rows)
    return attachment(as_csv(columns.values(), cells), "text/csv", name)


def no_file() -> Response:
    """Return the page that stands where a file would have too many rows, or its conditions say nothing."""
    return page("youths/too_many.html", HTTPStatus.UNPROCESSABLE_ENTITY, most=MOST)
