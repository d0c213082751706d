"""The table of ``make clients``, in Markdown, so that it can be put into a page as it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from tests.clients.toolkits import Toolkit
from tests.clients.trial import ALL_PARTS, GENERATE, SIGNED, Result

COLUMNS: Final = ("stack", "version", "SOAP", *ALL_PARTS)
RIGHT: Final = "ok"
WRONG: Final = "**wrong**"
NO: Final = "no"
_WIDTHS: Final = {"stack": 11, "version": 11, GENERATE: 9, SIGNED: 9}


class Outcome(Enum):
    """The result for a toolkit and a SOAP version."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_HERE = "not installed"


@dataclass(frozen=True, slots=True)
class Row:
    """A toolkit over one SOAP version; the rest of those that are installed. ``signs``: whether it has a program that
    signs.
    """

    toolkit: Toolkit
    soap: str
    outcome: Outcome
    version: str = ""
    result: Result | None = None
    signs: bool = False
    only_signs: bool = False

    def line(self) -> str:
        """Return its line of the table."""
        version = Outcome.NOT_HERE.value if self.result is None else self.version
        return _line([self.toolkit.name, version, self.soap, *map(self._cell, ALL_PARTS)])

    def _cell(self, part: str) -> str:
        if self.result is None or (self.only_signs and part != SIGNED):
            return ""
        if part == SIGNED and not self.signs:
            return NO
        if part not in self.result.right:
            return WRONG
        return self.toolkit.reads if part == GENERATE else RIGHT


def heading() -> str:
    """Return the first two lines of the table."""
    return f"{_line(COLUMNS)}\n{_line(['-' * _width(column) for column in COLUMNS])}"


def summary(rows: Sequence[Row], day: date) -> str:
    """Return what follows the table: how many are right, what is wrong, what is not installed, what does not sign."""
    stacks = {row.toolkit.name: row.toolkit for row in rows}
    absent = {row.toolkit.name: row.toolkit for row in rows if row.outcome is Outcome.NOT_HERE}
    wrong = [row for row in rows if row.outcome is Outcome.WRONG]
    right = stacks.keys() - absent.keys() - {row.toolkit.name for row in wrong}
    said = [f"{day}: {len(right)} of {len(stacks)} stacks are right."]
    said += [
        f"{row.toolkit.name}, SOAP {row.soap}:" + "".join(f"\n  {fault}" for fault in row.result.faults)
        for row in wrong
        if row.result is not None
    ]
    said += [f"{name} is not installed ({toolkit.needs})." for name, toolkit in absent.items()]
    unsigned = {row.toolkit.name: row.toolkit.unsigned for row in rows if row.result is not None and not row.signs}
    said += [f"{name} has no program that signs: {why}." for name, why in unsigned.items()]
    return "\n".join(said)


def _width(column: str) -> int:
    return _WIDTHS.get(column, len(column))


def _line(cells: Sequence[str]) -> str:
    padded = (cell.ljust(_width(column)) for column, cell in zip(COLUMNS, cells, strict=True))
    return f"| {' | '.join(padded)} |"
