"""The table of definitions that count one population by age and sex, each dividing it in its own way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from udb.statistics.frozen import Figure
from udb.statistics.hiding.laid_out import Found, Key, LaidOut, laid_out
from udb.statistics.suppression import Cell, Dimension

POPULATION, I_ALT = "P", "i_alt"
REST, OTHER_AGE = "rest", "anden alder"
SEXES: Final = ("K", "M")
BOTH: Final = ""
DIVISION_OF: Final = {"bredere": "kui"}
"""Definitions whose groups are another's, so that the counts of the same age are the same."""
REACHED: Final = "kontaktede"
"""The definition that divides one group of the target group: those in it who were contacted, and those who were not."""
WITHOUT, CONTACTED, NOT_CONTACTED = "uden", "kontaktet", "ikke kontaktet"


@dataclass(frozen=True, slots=True)
class _Division:
    """A way to divide the population. ``maal``: its groups; ``by_age``: the definition that has them, by age group."""

    name: str
    maal: Sequence[str]
    by_age: Mapping[str, str]
    has_total: bool

    def leaf(self, maal: str) -> str:
        return f"{self.name}: {maal}"


class _Counts:
    """The figures of one status day by what they count."""

    def __init__(self, found: Found) -> None:
        self.of = {
            (name, one.kommunekode, one.maal, one.alder, one.koen): one.antal for name in found for one in found[name]
        }
        self.kommuner = sorted(
            {one.kommunekode for name in found for one in found[name] if one.kommunekode is not None}
        )
        self.ages = {name: _in_order(one.alder for one in figures if one.alder) for name, figures in found.items()}

    def get(self, name: str, row: str, maal: str, age: str, sex: str) -> int:
        return self.of.get((name, row, maal, age, sex), 0)


def of_population(found: Found) -> LaidOut:
    """Return the table of definitions that count one population."""
    counts = _Counts(found)
    ages = _in_order(age for some in counts.ages.values() for age in some)
    divisions = _divisions(found, counts)
    leaves, used = _leaves(counts, ages, divisions)
    parts = [tuple(leaf for leaf in _names(one) if leaf in used) for one in divisions]
    sums = {POPULATION: frozenset(parts[0])}
    sums |= {one.leaf(I_ALT): frozenset(map(one.leaf, one.maal)) & used for one in divisions if one.has_total}
    if REACHED in found:
        sums[f"kui: {WITHOUT}"] = frozenset({f"kui: {CONTACTED}", f"kui: {NOT_CONTACTED}"})
    wholes = {_label(some): frozenset(some) for some in counts.ages.values() if len(some) > 1}
    dimensions = [Dimension([ages], wholes), Dimension([SEXES], {BOTH: frozenset(SEXES)}), Dimension(parts, sums)]
    known = frozenset(
        (age, sex, one.leaf(OTHER_AGE))
        for one in divisions
        for age in (*one.by_age, *(label for label, some in wholes.items() if some <= one.by_age.keys()))
        for sex in (*SEXES, BOTH)
        if one.leaf(OTHER_AGE) in used
    )
    places: dict[Key, Cell] = {
        (name, None, one.maal, one.alder, one.koen): place
        for name, figures in found.items()
        for one in figures
        if (place := _place(name, one, counts.ages[name]))[2] in {*used, *sums}
    }
    return laid_out(found, dimensions, leaves, places, known)


def _place(name: str, one: Figure, ages: Sequence[str]) -> Cell:
    if name == REACHED:
        status = f"kui: {WITHOUT if one.maal == POPULATION else one.maal}"
    else:
        status = POPULATION if one.maal == POPULATION else f"{DIVISION_OF.get(name, name)}: {one.maal}"
    return one.alder or _label(ages), one.koen or BOTH, status


def _label(ages: Sequence[str]) -> str:
    return " ".join(ages)


def _in_order(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(values)))


def _divisions(found: Found, counts: _Counts) -> list[_Division]:
    names = list(dict.fromkeys(DIVISION_OF.get(name, name) for name in found if name != REACHED))
    result = []
    for division in names:
        # Of two definitions of the same groups, the one with more ages says more.
        of_it = sorted(
            (name for name in found if DIVISION_OF.get(name, name) == division), key=lambda name: len(counts.ages[name])
        )
        maal = list(dict.fromkeys(one.maal for name in of_it for one in found[name]))
        by_age = {age: name for name in of_it for age in counts.ages[name]}
        groups = [one for one in maal if one not in {POPULATION, I_ALT}]
        if REACHED in found and WITHOUT in groups:
            groups = [one for one in groups if one != WITHOUT] + [CONTACTED, NOT_CONTACTED]
        result.append(_Division(division, groups, by_age, I_ALT in maal))
    return result


def _names(one: _Division) -> list[str]:
    return [one.leaf(maal) for maal in (*one.maal, REST, OTHER_AGE)]


def _leaves(
    counts: _Counts, ages: Sequence[str], divisions: Sequence[_Division]
) -> tuple[dict[Cell, int], frozenset[str]]:
    """Return the leaves of all divisions, and the names of those that are anywhere, or that are figures."""
    leaves: dict[Cell, int] = {}
    used = {one.leaf(maal) for one in divisions for maal in one.maal}
    largest = {
        age: name
        for name in sorted(counts.ages, key=lambda name: len(counts.ages[name]))
        if name != REACHED
        for age in counts.ages[name]
    }
    for row, age, sex in product(counts.kommuner, ages, SEXES):
        whole = counts.get(largest[age], row, POPULATION, age, sex)
        for one in divisions:
            name = one.by_age.get(age)
            some = {maal: counts.get(name, row, maal, age, sex) for maal in one.maal} if name else {}
            if name and NOT_CONTACTED in some:
                some[CONTACTED] = counts.get(REACHED, row, CONTACTED, age, sex)
                some[NOT_CONTACTED] = counts.get(name, row, WITHOUT, age, sex) - some[CONTACTED]
            some[REST if name else OTHER_AGE] = whole - sum(some.values())
            for maal, count in some.items():
                if count:
                    leaves[row, age, sex, one.leaf(maal)] = count
                    used.add(one.leaf(maal))
    return leaves, frozenset(used)
