"""Figures of groups, as of cohorts and months, with those of the whole country."""

from collections import Counter
from collections.abc import Mapping

from udb.statistics.frozen import Figure


def grouped(counts: Mapping[tuple[str, str | None, str], int]) -> list[Figure]:
    """Return the figures of counts by kommune, group and measure."""
    country: Counter[tuple[None, str | None, str]] = Counter()
    for (_, gruppe, maal), count in counts.items():
        country[None, gruppe, maal] += count
    return [
        Figure(kommunekode=kommune, gruppe=gruppe, maal=maal, antal=count)
        for (kommune, gruppe, maal), count in {**counts, **country}.items()
    ]
