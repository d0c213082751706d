"""A table of figures, and where each of them stands in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from udb.statistics.frozen import Figure
from udb.statistics.suppression import Cell, Dimension, Table
from udb.statistics.suppression.table import COUNTRY

Found = Mapping[str, Sequence[Figure]]
"""Figures by the short name of their definition."""
Key = tuple[str, str | None, str, str | None, str | None]
"""A figure of whatever kommune: definition, gruppe, maal, alder, koen."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """``places``: the cell of a row of each figure; several may be one. ``never``: figures shown to no one else."""

    definitions: Sequence[str]
    table: Table
    places: Mapping[Key, Cell]
    never: frozenset[Key] = frozenset()


def laid_out(
    found: Found,
    dimensions: Sequence[Dimension],
    leaves: Mapping[Cell, int],
    places: Mapping[Key, Cell],
    known: frozenset[Cell] = frozenset(),
    never: frozenset[Key] = frozenset(),
) -> LaidOut:
    """Return the table of these leaves, by kommune and cell. ``known``: cells of a row that everyone knows to be 0.

    Raises ValueError when a figure is not what its leaves come to.
    """
    rows = sorted({cell[0] for cell in leaves})
    counts = with_sums(rows, dimensions, leaves)
    for name, figures in found.items():
        for one in figures:
            place = places.get((name, one.gruppe, one.maal, one.alder, one.koen))
            if place is not None and counts.get((one.kommunekode or COUNTRY, *place), 0) != one.antal:
                raise ValueError(f"{name}: {one} is not the sum of its parts")
    shown = known | frozenset(places.values())
    every = product(*(one.leaves_of for one in dimensions))
    table = Table(rows, dimensions, counts, frozenset(place for place in every if place not in shown), known)
    return LaidOut(tuple(found), table, places, never)


def with_sums(rows: Sequence[str], dimensions: Sequence[Dimension], leaves: Mapping[Cell, int]) -> dict[Cell, int]:
    """Return the counts of all cells that are not 0: each kommune's sums, and the country's."""
    counts: dict[Cell, int] = {}
    for place in product(*(one.leaves_of for one in dimensions)):
        parts = list(product(*(sorted(one.leaves_of[label]) for label, one in zip(place, dimensions, strict=True))))
        for row in rows:
            count = sum(leaves.get((row, *leaf), 0) for leaf in parts)
            if count:
                counts[row, *place] = count
                counts[COUNTRY, *place] = counts.get((COUNTRY, *place), 0) + count
    return counts
