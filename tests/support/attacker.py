"""An attacker of suppressed tables: a linear programme over all that is published, and what one kommune knows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from random import Random

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from udb.statistics.suppression import Cell, Skjult, Table
from udb.statistics.suppression.table import COUNTRY

SLACK = 1e-6
FAR = 1000
"""How far above its value the programme lets a count go, so that every programme has a solution."""


def exposed(
    table: Table, signs: Mapping[Cell, Skjult], limit: int, *, knows: str | None = None, zeros_are_shown: bool = True
) -> set[Cell]:
    """Return the hidden counts of others that are exact, or known to be below the limit, or whose complement is.

    ``knows``: the kommune whose own counts are known too. ``zeros_are_shown``: the attacker takes it for granted that
    no hidden count is 0 (of one that is 0, nothing).
    """
    return Attack(table, signs, limit, knows, zeros_are_shown=zeros_are_shown).run()


def bounds(table: Table, signs: Collection[Cell], cell: Cell, *, knows: str | None = None) -> tuple[int, int]:
    """Return between which counts a hidden one lies, for whom takes nothing for granted."""
    attack = Attack(table, dict.fromkeys(signs, Skjult.PRIMAER), 5, knows, zeros_are_shown=False)
    at = attack.number[cell]
    return round(attack.solve({at: -1})[at]), round(attack.solve({at: 1})[at])


def sums(table: Table) -> Iterator[tuple[Cell, list[Cell]]]:
    """Yield every count that is a sum with the counts it sums."""
    for place in table.places():
        yield (COUNTRY, *place), [(row, *place) for row in table.rows]
        for number, dimension in enumerate(table.dimensions):
            for some in _ways(dimension.leaves_of[place[number]], [frozenset(part) for part in dimension.parts]):
                if some != {place[number]}:
                    for row in (*table.rows, COUNTRY):
                        yield (
                            (row, *place),
                            [(row, *place[:number], leaf, *place[number + 1 :]) for leaf in sorted(some)],
                        )


def _ways(leaves: frozenset[str], parts: Collection[frozenset[str]]) -> list[frozenset[str]]:
    """Return the sets of leaves that come to the same: parts of the whole that lack the same leaves are alike."""
    others = [other - (part - leaves) for part in parts if leaves <= part for other in parts if part - leaves <= other]
    return list(dict.fromkeys([leaves, *others]))


@dataclass(frozen=True)
class Goal:
    """What a hidden count must be able to be: ``least`` or beyond in its ``way``; None: anything but what it is."""

    cell: Cell
    at: int
    way: int
    least: float | None

    def is_met(self, possible: float, truth: float) -> bool:
        """Return whether a possible table shows it."""
        if self.least is None:
            return abs(possible - truth) > SLACK
        return self.way * (possible - self.least) > -SLACK


class Attack:
    """The unknown counts, and the equations between them."""

    def __init__(
        self, table: Table, signs: Mapping[Cell, Skjult], limit: int, knows: str | None, *, zeros_are_shown: bool
    ) -> None:
        self.table, self.signs, self.limit = table, signs, limit
        rows = [*table.rows, COUNTRY]
        cells = [(row, *place) for row in rows for place in table.places()]
        unknown = [cell for cell in cells if cell[0] != knows and (cell in signs or not table.is_published(cell[1:]))]
        self.number = {cell: at for at, cell in enumerate(unknown)}
        self.truth = np.array([table.count(cell) for cell in unknown], dtype=float)
        least = [min(1, table.count(cell)) if zeros_are_shown and cell in signs else 0 for cell in unknown]
        self.bounds = np.column_stack([least, self.truth + FAR]) if unknown else np.zeros((0, 2))
        self.equations = self._equations()

    def _equations(self) -> coo_array:
        entries: list[tuple[int, int, int]] = []
        line = 0
        for whole, parts in sums(self.table):
            found = [(self.number[part], 1) for part in parts if part in self.number]
            if whole in self.number:
                found.append((self.number[whole], -1))
            if found:
                entries += [(line, at, sign) for at, sign in found]
                line += 1
        lines, places, values = zip(*entries, strict=True) if entries else ((), (), ())
        return coo_array((values, (lines, places)), shape=(line, len(self.number))).tocsr()

    def solve(self, wanted: Mapping[int, float]) -> np.ndarray:
        """Return the possible table with the largest weighted sum of some counts."""
        aim = np.zeros(len(self.number))
        for at, weight in wanted.items():
            aim[at] = -weight
        found = linprog(aim, A_eq=self.equations, b_eq=self.equations @ self.truth, bounds=self.bounds, method="highs")
        assert found.status == 0, found.message
        return found.x

    def run(self) -> set[Cell]:
        """Return what is exposed. A possible table often clears many counts at once; others are asked one by one."""
        left = self._goals()
        random = Random(len(left))
        stuck = 0
        while left and stuck < 3:
            some = random.sample(left, max(1, len(left) // 3))
            rest = self._not_cleared(left, self.solve({one.at: one.way * random.choice((1, 2)) for one in some}))
            stuck = stuck + 1 if len(rest) == len(left) else 0
            left = rest
        for goal in list(left):
            if goal in left:
                left = self._not_cleared(left, self.solve({goal.at: goal.way}))
                if goal in left and goal.least is None:
                    left = self._not_cleared(left, self.solve({goal.at: -goal.way}))
        return {goal.cell for goal in left}

    def _goals(self) -> list[Goal]:
        small = {cell: at for cell, at in self.number.items() if cell in self.signs}
        found = [
            Goal(cell, at, 1, float(self.limit) if self.truth[at] < self.limit else None) for cell, at in small.items()
        ]
        for whole, parts in sums(self.table):
            if whole not in self.signs and self.table.is_published(whole[1:]):
                total = self.table.count(whole)
                found += [
                    Goal(part, small[part], -1, float(total - self.limit))
                    for part in parts
                    if part in small and 0 < total - self.truth[small[part]] < self.limit
                ]
        return found

    def _not_cleared(self, left: list[Goal], possible: np.ndarray) -> list[Goal]:
        # The true table is possible too: one that differs shows that a count is not exact.
        return [goal for goal in left if not goal.is_met(possible[goal.at], self.truth[goal.at])]


def kommuner(table: Table, signs: Collection[Cell]) -> list[str | None]:
    """Return every attacker: an outsider, and each of several kommuner that has a hidden count."""
    return [None, *(sorted({cell[0] for cell in signs} - {COUNTRY}) if len(table.rows) > 1 else ())]
