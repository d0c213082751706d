"""How late reports are: counts of whole days, and what is said of them (portal 3.28, forsinkelse)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from udb.statistics.definitions.definition import Definition

FORSINKELSE: Final = Definition(
    kort="forsinkelse",
    navn="Forsinkelse",
    version="v1",
    kilde="Egen definition",
    formel="Hele dage fra HaendelseDato til registreringen. En indberetning, der er dateret frem, er ikke forsinket: 0 "
    "dage. 90-procent-tallet er den mindste forsinkelse, som mindst 90 procent holder sig inden for.",
    eksempel="Forsinkelser på 0, 0, 1, 3, 8 og 31 dage: to af seks samme dag (33,3 procent), fire inden for 3 dage "
    "(66,7 procent), medianen er 2 dage, og 90-procent-tallet er 31.",
)
BUCKETS: Final = ((0, 0), (1, 3), (4, 7), (8, 30), (31, None))
"""First and last day of each bucket; None: without a last one."""
NINETY: Final = 90
SOON: Final = 3


@dataclass(frozen=True, slots=True)
class Delay:
    """The figures of some reports. ``samme_dag``, ``inden_tre``: how many. ``median`` may lie between two days;
    ``p90``: by the nearest rank. ``spande``: by BUCKETS.
    """

    antal: int
    samme_dag: int
    inden_tre: int
    median: float
    p90: int
    spande: Sequence[int]


def late(days: int) -> int:
    """Return by how many days a report is late; one that is dated ahead is not."""
    return max(0, days)


def together(counts: Iterable[Mapping[int, int]]) -> Counter[int]:
    """Return the counts by days of several senders or months as one."""
    found: Counter[int] = Counter()
    for one in counts:
        found.update(one)
    return found


def figures(counts: Mapping[int, int]) -> Delay | None:
    """Return the figures of counts by days; None without reports."""
    total = sum(counts.values())
    if not total:
        return None
    return Delay(
        total,
        counts.get(0, 0),
        sum(count for days, count in counts.items() if days <= SOON),
        (_at(counts, (total + 1) // 2) + _at(counts, total // 2 + 1)) / 2,
        _at(counts, -(-total * NINETY // 100)),
        tuple(
            sum(count for days, count in counts.items() if first <= days and (last is None or days <= last))
            for first, last in BUCKETS
        ),
    )


def _at(counts: Mapping[int, int], rank: int) -> int:
    """Return the days of the report at a place, from 1, in ascending order."""
    passed = 0
    for days in sorted(counts):
        passed += counts[days]
        if passed >= rank:
            return days
    raise ValueError(rank)
