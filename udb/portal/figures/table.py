"""One table for the page and for its file, so that both say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from udb.portal.discreet import HIDDEN
from udb.statistics.seen import Count

NOT_COUNTED: Final = "-"
"""What stands where there is no figure: the month was not computed, or there is nothing to share."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell says, and where it leads. ``value``: the number that a picture draws, None when there is none."""

    text: str
    link: str | None = None
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``navn``: of its file; ``columns``: each with its name in the file and its heading."""

    navn: str
    titel: str
    columns: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[Cell]]

    @property
    def has_hidden(self) -> bool:
        """Whether a cell is hidden."""
        return any(cell.text == HIDDEN for row in self.rows for cell in row)


def words(text: str) -> Cell:
    """Return a cell of words."""
    return Cell(text)


def count(value: Count, link: str | None = None) -> Cell:
    """Return a cell of a count; a hidden one leads nowhere."""
    return Cell(HIDDEN) if value is None else Cell(f"{value:,}".replace(",", "."), link if value else None, value)


def percent(part: Count, whole: Count) -> Cell:
    """Return a cell of a share, which is hidden when one of its counts is."""
    if part is None or whole is None:
        return Cell(HIDDEN)
    if not whole:
        return Cell(NOT_COUNTED)
    value = 100 * part / whole
    return Cell(f"{value:.1f} %".replace(".", ","), value=value)
