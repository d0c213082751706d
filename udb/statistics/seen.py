"""Frozen figures as one viewer sees them: exact, or without what is hidden (portal 3.0.6)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from udb.statistics.frozen import Figure
from udb.statistics.suppression import Skjult

Count = int | None
"""A count; None: hidden."""


@dataclass(frozen=True, slots=True, init=False)
class Counts:
    """The figures of one run and kommune, or of the whole country, as they are seen."""

    _of: dict[tuple[str | None, str, str | None, str | None], Count]

    def __init__(self, figures: Iterable[Figure], *, exact: bool) -> None:
        """Take the figures; ``exact``: the viewer may see these youths one by one."""
        found = {
            (one.gruppe, one.maal, one.alder, one.koen): one.antal if exact or one.skjult is Skjult.INGEN else None
            for one in figures
        }
        object.__setattr__(self, "_of", found)

    def get(self, maal: str, *, gruppe: str | None = None, alder: str | None = None, koen: str | None = None) -> Count:
        """Return a count, 0 when there is no such figure."""
        return self._of.get((gruppe, maal, alder, koen), 0)

    @property
    def grupper(self) -> list[str]:
        """The groups that a definition has of its own, in order."""
        return sorted({gruppe for gruppe, *_ in self._of if gruppe is not None})

    def measures(self, prefix: str, grupper: Collection[str] | None = None) -> list[str]:
        """Return the measures that begin with a prefix, numbers in their order; ``grupper``: of these alone."""
        found = {maal for gruppe, maal, *_ in self._of if grupper is None or gruppe in grupper}
        return sorted((maal for maal in found if maal.startswith(prefix)), key=lambda maal: (len(maal), maal))

    def distribution(self, gruppe: str, prefix: str) -> dict[int, Count]:
        """Return the counts of measures that are a prefix and a number, by the number."""
        return {
            int(maal.removeprefix(prefix)): count
            for (of, maal, _, _), count in sorted(self._of.items(), key=lambda one: one[0][1])
            if of == gruppe and maal.startswith(prefix)
        }


def together(counts: Iterable[Count]) -> Count:
    """Return a sum; hidden when one of its parts is."""
    total = 0
    for one in counts:
        if one is None:
            return None
        total += one
    return total


def share(part: Count, whole: Count) -> float | None:
    """Return a share in percent; None when one of the two is hidden, or there is nothing to share."""
    return 100 * part / whole if part is not None and whole else None


def quantile(distribution: dict[int, Count], of: float) -> int | None:
    """Return the value at or below which a part of the cases lies (nearest rank); None when any count is hidden."""
    total = together(distribution.values())
    if not total:
        return None
    reached = 0
    for value, count in sorted(distribution.items()):
        reached += count or 0
        if reached >= of * total:
            return value
    return None
