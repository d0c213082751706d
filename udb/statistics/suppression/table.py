"""A table of counts with its margins: kommuner by any number of dimensions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations, product
from typing import Final

COUNTRY: Final = ""
"""The row that is the sum of all kommuner."""

Cell = tuple[str, ...]
"""A count's place: the kommune, ``COUNTRY`` for all of them, then a label of each dimension."""


class Skjult(StrEnum):
    """Whether a count is hidden from those who may not see these youths one by one (portal 3.0.6).

    PRIMAER: the count itself is too small. SEKUNDAER: hidden so that another cannot be computed. Both are shown by the
    same sign.
    """

    INGEN = "ingen"
    PRIMAER = "primaer"
    SEKUNDAER = "sekundaer"


@dataclass(frozen=True, slots=True)
class Dimension:
    """What a table is divided by: age, sex, sub-group.

    ``parts``: the leaves, which divide the whole. Two divisions of the same whole are two parts. ``sums``: other labels
    with the leaves of one part that they sum; that of the whole names all leaves of a part.
    """

    parts: Sequence[Sequence[str]]
    sums: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def leaves_of(self) -> dict[str, frozenset[str]]:
        """The leaves that each label sums; a leaf sums itself."""
        return {leaf: frozenset({leaf}) for part in self.parts for leaf in part} | dict(self.sums)

    def changes(self) -> list[dict[str, int]]:
        """Return the smallest changes of counts that keep the dimension's sums right, as +1 or -1 by label.

        One leaf for another of the same part, or the whole made larger by one leaf of each part.
        """
        exchanged = [{more: 1, less: -1} for part in self.parts for more, less in combinations(part, 2)]
        added = [dict.fromkeys(leaves, 1) for leaves in product(*self.parts)]
        return [self._with_sums(change) for change in (*exchanged, *added)]

    def _with_sums(self, change: Mapping[str, int]) -> dict[str, int]:
        found = {label: sum(change.get(leaf, 0) for leaf in leaves) for label, leaves in self.leaves_of.items()}
        return {label: value for label, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of youths by kommune and by each dimension's labels.

    ``counts``: by cell, with every margin; a cell that is not there is 0. ``unpublished``: cells of a row that no page
    shows, but which may be computed from those it shows. ``known``: cells of a row that are 0 in every row, as everyone
    knows: they are never hidden. Raises ValueError when a sum is not that of its leaves: then
    nothing could be proved of it.
    """

    rows: Sequence[str]
    dimensions: Sequence[Dimension]
    counts: Mapping[Cell, int]
    unpublished: frozenset[Cell] = frozenset()
    known: frozenset[Cell] = frozenset()

    def __post_init__(self) -> None:
        """Refuse a table whose sums are wrong."""
        for place in self.places():
            if self.count((COUNTRY, *place)) != sum(self.count((row, *place)) for row in self.rows):
                raise ValueError(f"the kommuner do not add up to the country: {place}")
        for number, dimension in enumerate(self.dimensions):
            for label, leaves in _all_sums(dimension):
                for place in self.places():
                    if place[number] == label:
                        self._require_sum(number, place, leaves)

    def _require_sum(self, number: int, place: Cell, leaves: frozenset[str]) -> None:
        for row in (*self.rows, COUNTRY):
            found = sum(self.count((row, *place[:number], leaf, *place[number + 1 :])) for leaf in leaves)
            if found != self.count((row, *place)):
                raise ValueError(f"{(row, *place)} is not the sum of its parts")

    def places(self) -> list[Cell]:
        """Return the cells of a row, without the row's name."""
        return list(product(*(one.leaves_of for one in self.dimensions)))

    def count(self, cell: Cell) -> int:
        """Return the count of a cell."""
        return self.counts.get(cell, 0)

    def is_published(self, place: Cell) -> bool:
        """Return whether a page shows this cell of a row."""
        return place not in self.unpublished


def _all_sums(dimension: Dimension) -> list[tuple[str, frozenset[str]]]:
    """Return a dimension's sums; that of the whole once for each part."""
    parts = [frozenset(part) for part in dimension.parts]
    found = []
    for label, leaves in dimension.sums.items():
        found += [(label, one) for one in parts] if leaves in parts else [(label, leaves)]
    return found
