"""The tables of definitions that count by groups of their own: a cohort, a month of afbrud."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from udb.statistics.definitions.leaving import CAUSE, TIME
from udb.statistics.frozen import Figure
from udb.statistics.hiding.laid_out import Key, LaidOut, laid_out
from udb.statistics.suppression import Cell, Dimension, Table

GROUPED: Final = ("frafald", "efter_afbrud", "frist")
WHOLE: Final = "i alt"
NOT_CAME: Final = "ej_moedt"
PAUSE: Final = "pause"
COHORT: Final = {
    "kohorte": WHOLE,
    "hurtig_fuldfoert": "fuldfoert",
    "endelig_fuldfoert": "fuldfoert",
    "hurtig_skiftet": "skiftet",
    "endelig_skiftet": "skiftet",
    "hurtig_i_gang": "i_gang",
    "endelig_i_gang": "i_gang endelig",
    "hurtig_afbrudt": "afbrudt hurtig",
    "endelig_afbrudt": "afbrudt",
}
"""Where each count of a cohort stands; a youth on a pause is afbrudt first and i_gang in the end."""
STAYED: Final = ("fuldfoert", "skiftet", "i_gang")
OUTCOMES: Final = (*STAYED, "afbrudt", PAUSE)
DAYS: Final = "dage_"
"""Measures of working days: what a median is made of, and shown to no one else."""


def of_groups(name: str, figures: Sequence[Figure]) -> Iterator[LaidOut]:
    """Yield the tables of a definition; the count of all groups together is shown to no one else."""
    kinds: dict[str, list[Figure]] = defaultdict(list)
    never = []
    for one in figures:
        if one.gruppe is None or one.maal.startswith(DAYS):
            never.append(one)
        else:
            kinds[_kind(name, one.gruppe)].append(one)
    for some in kinds.values():
        if name == "frafald":
            yield from _of_cohort(name, some)
        else:
            yield _of_outcomes(name, some)
    yield LaidOut([name], Table([], [], {}, frozenset({()})), {}, frozenset(_key(name, one) for one in never))


def _kind(name: str, gruppe: str) -> str:
    """Return what the groups have in common that divide the same youths: without the months after an afbrud."""
    return gruppe.rsplit(" +", 1)[0] if name == "efter_afbrud" else gruppe


def _key(name: str, one: Figure) -> Key:
    return name, one.gruppe, one.maal, one.alder, one.koen


def _of_cohort(name: str, figures: Sequence[Figure]) -> Iterator[LaidOut]:
    counts = {(one.kommunekode, one.maal): one.antal for one in figures}
    # The afbrudt are divided three times: by pause, cause and time. Who stayed is the same count each time.
    divided = [sorted({one.maal for one in figures if one.maal.startswith(prefix)}) for prefix in (CAUSE, TIME)]
    parts = [OUTCOMES, *((*STAYED, *some) for some in divided if some)]
    kommuner = sorted({one.kommunekode for one in figures if one.kommunekode is not None})
    leaves: dict[Cell, int] = {}
    for row in kommuner:
        some = {COHORT[maal]: counts.get((row, maal), 0) for maal in COHORT}
        some[PAUSE] = some["afbrudt hurtig"] - some["afbrudt"]
        some |= {maal: counts.get((row, maal), 0) for maal in (*divided[0], *divided[1])}
        leaves |= {(row, leaf): some[leaf] for part in parts for leaf in part}
    sums = {
        WHOLE: frozenset(OUTCOMES),
        "i_gang endelig": frozenset({"i_gang", PAUSE}),
        "afbrudt hurtig": frozenset({"afbrudt", PAUSE}),
    }
    known = [one for one in figures if one.maal != NOT_CAME]
    places: dict[Key, Cell] = {_key(name, one): (COHORT.get(one.maal, one.maal),) for one in known}
    yield laid_out({name: known}, [Dimension(parts, sums)], leaves, places)
    if absent := [one for one in figures if one.maal == NOT_CAME]:
        yield _of_outcomes(name, absent)


def _of_outcomes(name: str, figures: Sequence[Figure]) -> LaidOut:
    """Return the table of counts of which each group is one way to divide the same youths."""
    parts: dict[str, dict[str, None]] = defaultdict(dict)
    leaves: dict[Cell, int] = {}
    places: dict[Key, Cell] = {}
    for one in figures:
        leaf = f"{one.gruppe}: {one.maal}"
        parts[one.gruppe or ""][leaf] = None
        places[_key(name, one)] = (leaf,)
        if one.kommunekode is not None:
            leaves[one.kommunekode, leaf] = one.antal
    divided = [tuple(some) for some in parts.values()]
    return laid_out({name: figures}, [Dimension(divided, {WHOLE: frozenset(divided[0])})], leaves, places)
