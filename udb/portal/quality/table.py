"""One table, for the page and for its CSV: both say the same."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from flask import request, url_for
from werkzeug.wrappers import Response

from udb.portal.discreet import HIDDEN, REMARK
from udb.portal.youths.files import as_csv, attachment
from udb.statistics.seen import Count

Value = str | int | float | None
_DOWN: Final = "ned"
_OF_ORDER: Final = frozenset({"sorter", "retning", "side"})


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: what it says, what it is ordered by, and where it leads. ``mindst``: at least so much is known."""

    text: str
    value: Value = None
    link: str | None = None
    mindst: bool = False

    @property
    def said(self) -> str:
        """What page and file say."""
        return f"mindst {self.text}" if self.mindst else self.text


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the file and in addresses, and its heading. ``is_number``: set to the right."""

    navn: str
    titel: str
    is_number: bool = True
    sorts: bool = True


T = TypeVar("T")
Key = Callable[[T], Value]


def in_order(rows: Sequence[T], keys: Mapping[str, Key[T]], asked: Mapping[str, str]) -> Sequence[T]:
    """Return rows in the order that an address asks for, by the key of a column; those without a value come last."""
    key = keys.get(asked.get("sorter", ""))
    if key is None:
        return rows
    known = [(value, row) for row in rows if (value := key(row)) is not None]
    known.sort(key=lambda one: one[0] if isinstance(one[0], int | float) else 0, reverse=_is_down(asked))
    if any(isinstance(value, str) for value, _ in known):
        known.sort(key=lambda one: str(one[0]).casefold(), reverse=_is_down(asked))
    return [*(row for _, row in known), *(row for row in rows if key(row) is None)]


def _is_down(asked: Mapping[str, str]) -> bool:
    return asked.get("retning") == _DOWN


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows. ``label``: what the table is, for those who do not see it."""

    label: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    first_is_head: bool = True

    def ordered(self, asked: Mapping[str, str]) -> "Table":
        """Return the table in the order that an address asks for; as it is when it asks for none."""
        place = next((at for at, one in enumerate(self.columns) if one.navn == asked.get("sorter")), None)
        if place is None:
            return self
        return replace(self, rows=in_order(self.rows, {asked["sorter"]: lambda row: row[place].value}, asked))

    @property
    def has_hidden(self) -> bool:
        """Whether a cell is hidden."""
        return any(cell.text == HIDDEN for row in self.rows for cell in row)

    def page(self, number: int, size: int) -> "Table":
        """Return a page of the rows; ``number`` from 1."""
        return replace(self, rows=self.rows[(number - 1) * size : number * size])

    def sorting(self, column: Column) -> str:
        """Return the address of the same page, ordered by a column; again in the other direction."""
        asked: dict[str, Any] = {name: value for name, value in carried(request.args).items() if name not in _OF_ORDER}
        is_up = request.args.get("sorter") == column.navn and request.args.get("retning") != _DOWN
        return url_for(request.endpoint or "", **asked, sorter=column.navn, retning=_DOWN if is_up else "op")

    def direction(self, column: Column) -> str | None:
        """Return how the table is ordered by a column, as ``aria-sort`` says it; None when it is not."""
        if request.args.get("sorter") != column.navn:
            return None
        return "descending" if request.args.get("retning") == _DOWN else "ascending"


def carried(asked: Mapping[str, str]) -> dict[str, str]:
    """Return what an address asks for, for another address, without the names that ``url_for`` has for itself."""
    return {name: value for name, value in asked.items() if name != "endpoint" and not name.startswith("_")}


def number(value: int | None, *, mindst: bool = False, link: str | None = None) -> Cell:
    """Return a cell with a count; empty for None."""
    return Cell("" if value is None else str(value), value, link, mindst)


def count(value: Count, *, mindst: bool = False, link: str | None = None) -> Cell:
    """Return a cell with a count of youths, or the sign that it is hidden."""
    return Cell(HIDDEN) if value is None else number(value, mindst=mindst, link=link)


def share(part: Count, whole: Count) -> Cell:
    """Return a cell with a share in percent with one decimal; empty when there is nothing to share.

    It is hidden when one of its counts is.
    """
    if part is None or whole is None:
        return Cell(HIDDEN)
    if not whole:
        return Cell("")
    percent = 100 * part / whole
    return Cell(decimal(percent), percent)


def decimal(value: float) -> str:
    """Return a number with one decimal, as it is written in Danish."""
    return f"{value:.1f}".replace(".", ",")


def words(text: str | None, link: str | None = None) -> Cell:
    """Return a cell with words."""
    return Cell(text or "", text or None, link)


def file(table: Table, name: str, remark: str | None = None) -> Response:
    """Return a table as CSV; ``remark``: what is said on every line of how its counts may be used."""
    more = {} if remark is None else {REMARK: remark}
    rows = ([*(cell.said for cell in row), *more.values()] for row in table.rows)
    return attachment(as_csv([*(column.navn for column in table.columns), *more], rows), "text/csv", f"{name}.csv")
