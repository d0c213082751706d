"""Counts by kommune, age group and sex, and the margins that follow from them."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Final, NamedTuple

from udb.statistics.frozen import Figure

SEXES: Final = ("K", "M")


class Cell(NamedTuple):
    """What is counted together. None: the figure has no such dimension."""

    kommunekode: str
    gruppe: str | None
    maal: str
    alder: str | None
    koen: str | None


Cells = Counter[Cell]
_Sum = tuple[str | None, str | None, str, str | None, str | None]


def with_margins(cells: Cells) -> Counter[_Sum]:
    """Return the counts with all their sums: over the kommuner, the ages and the sexes, None for each summed over."""
    found: Counter[_Sum] = Counter()
    for cell, count in cells.items():
        ages, sexes = _and_all(cell.alder), _and_all(cell.koen)
        for kommune, age, sex in product((cell.kommunekode, None), ages, sexes):
            found[kommune, cell.gruppe, cell.maal, age, sex] += count
    return found


def _and_all(value: str | None) -> tuple[str | None, ...]:
    return (None,) if value is None else (value, None)


def figures(cells: Cells, maal: Sequence[str], ages: Sequence[str]) -> Iterator[Figure]:
    """Yield the figures of counts by age and sex; the whole country's are there even when they are 0."""
    counts = with_margins(cells)
    for name, age, sex in product(maal, (None, *ages), (None, *SEXES)):
        counts.setdefault((None, None, name, age, sex), 0)
    yield from _figures(counts.items())


def grouped_figures(cells: Cells, total: str, maal: Sequence[str]) -> Iterator[Figure]:
    """Yield the figures of counts by ``gruppe``; ``total``: the measure without a group, which is always there."""
    counts = with_margins(cells)
    groups = {cell.gruppe for cell in cells if cell.gruppe is not None}
    for name, group in product(maal, sorted(groups)):
        counts.setdefault((None, group, name, None, None), 0)
    counts.setdefault((None, None, total, None, None), 0)
    yield from _figures(counts.items())


def _figures(
    counts: Iterable[tuple[_Sum, int]],
) -> Iterator[Figure]:
    for (kommune, group, name, age, sex), count in counts:
        yield Figure(kommunekode=kommune, gruppe=group, maal=name, alder=age, koen=sex, antal=count)
