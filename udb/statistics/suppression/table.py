"""A table of counts with its margins: kommuner by any number of dimensions."""

from collections.abc import Iterator, Mapping, Sequence
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

    ``parts``: the leaves, which divide the whole. Two divisions of the same whole are two parts; a leaf of several is
    what they do not divide differently. ``sums``: other labels with the leaves of one part that they sum; that of the
    whole names all leaves of a part.
    """

    parts: Sequence[Sequence[str]]
    sums: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def leaves_of(self) -> dict[str, frozenset[str]]:
        """The leaves that each label sums; a leaf sums itself."""
        return {leaf: frozenset({leaf}) for part in self.parts for leaf in part} | dict(self.sums)

    def changes(self) -> list[dict[str, int]]:
        """Return the smallest changes of counts that keep the dimension's sums right, as +1 or -1 by label.

        One leaf for another of the same parts, a leaf of several parts for one of each of these, or the whole made
        larger by one leaf of each part.
        """
        parts_of = {
            leaf: frozenset(at for at, part in enumerate(self.parts) if leaf in part)
            for leaf in dict.fromkeys(leaf for part in self.parts for leaf in part)
        }
        exchanged = [
            {more: 1, less: -1} for more, less in combinations(parts_of, 2) if parts_of[more] == parts_of[less]
        ]
        ways = list(self._ways(parts_of, frozenset(range(len(self.parts)))))
        added = [dict.fromkeys(way, 1) for way in ways]
        return [self._with_sums(change) for change in (*exchanged, *_moved(ways, parts_of), *added)]

    def _ways(self, parts_of: Mapping[str, frozenset[int]], left: frozenset[int]) -> Iterator[Cell]:
        """Yield each way to have one leaf of each of the parts that are left."""
        if not left:
            yield ()
            return
        for leaf in self.parts[min(left)]:
            if parts_of[leaf] <= left:
                for others in self._ways(parts_of, left - parts_of[leaf]):
                    yield (leaf, *others)

    def _with_sums(self, change: Mapping[str, int]) -> dict[str, int]:
        found = {label: sum(change.get(leaf, 0) for leaf in leaves) for label, leaves in self.leaves_of.items()}
        return {label: value for label, value in found.items() if value}


def _moved(ways: Sequence[Cell], parts_of: Mapping[str, frozenset[int]]) -> list[dict[str, int]]:
    """Return the changes that put a leaf of several parts in the place of one of each of these."""
    kinds: dict[frozenset[frozenset[int]], list[Cell]] = {}
    for way in ways:
        kinds.setdefault(frozenset(parts_of[leaf] for leaf in way), []).append(way)
    found: dict[tuple[Cell, Cell], None] = {}
    for some, others in combinations(kinds.values(), 2):
        for way, other in product(some, others):
            more, less = (tuple(sorted(one)) for one in (set(way) - set(other), set(other) - set(way)))
            # Else a leaf is exchanged for another of its own parts too: two changes, not one.
            if {parts_of[leaf] for leaf in more}.isdisjoint(parts_of[leaf] for leaf in less):
                found[more, less] = None
    return [dict.fromkeys(more, 1) | dict.fromkeys(less, -1) for more, less in found]


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
