"""What is hidden in a table, and what an attacker could still compute.

A *move* changes the hidden counts of one kommune so that its sums stay right: one more here, one less there. Kommuner
that hide all counts of a move form its *pool*. What one kommune moves up, others of the pool can move down, so that all
published counts, also the country's, stay as they are: the attacker sees no difference. That is the proof that a count
cannot be computed. A kommune that knows its own counts takes itself out of the pool.

Rows, cells of a row and moves are numbers here; the country is the last row.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from udb.statistics.suppression.table import COUNTRY, Table


@dataclass(frozen=True, slots=True)
class Move:
    """Cells of a row that go up and that go down by one; ``cells``: all of them as bits."""

    up: tuple[int, ...]
    down: tuple[int, ...]
    cells: int

    def sign(self, cell: int) -> int:
        """Return 1 when the cell goes up, -1 when it goes down."""
        return 1 if cell in self.up else -1


@dataclass(frozen=True, slots=True)
class Need:
    """How far a hidden count must be able to move, unseen.

    ``ways``: each a direction, 1 or -1, and how far; one of them is enough. ``unless``: a cell of a row that ends the
    need when it is hidden too.
    """

    row: int
    cell: int
    ways: tuple[tuple[int, int], ...]
    unless: tuple[int, int] | None = None


def moves_of(table: Table) -> list[Move]:
    """Return the smallest moves of a table's rows: a change of each dimension, multiplied."""
    number = {place: at for at, place in enumerate(table.places())}
    found = []
    for changes in product(*(one.changes() for one in table.dimensions)):
        signs = {
            number[tuple(label for label, _ in steps)]: prod(sign for _, sign in steps)
            for steps in product(*(change.items() for change in changes))
        }
        up = tuple(cell for cell, sign in signs.items() if sign > 0)
        down = tuple(cell for cell, sign in signs.items() if sign < 0)
        found.append(Move(up, down, sum(1 << cell for cell in signs)))
    known = sum(1 << number[place] for place in table.known)
    return [move for move in found if not move.cells & known]


class Pools:
    """The hidden counts of a table, and the pool of every move.

    ``values``: the counts by row and cell. ``room[1][move][row]``: how far that row can make the move, up to the limit;
    ``room[-1]`` the other way. ``members``: the rows of each move's pool.
    """

    def __init__(self, table: Table, limit: int) -> None:
        """Begin with the labels that no page shows."""
        rows, places = (*table.rows, COUNTRY), table.places()
        self.limit, self.country = limit, len(table.rows)
        # Of one kommune alone the country is its own count, which it may know.
        self.has_others = len(table.rows) > 1
        self.values = [[table.count((row, *place)) for place in places] for row in rows]
        self.published = [table.is_published(place) for place in places]
        self.moves = moves_of(table)
        # A hidden count is never said to be 0: an attacker who takes it for granted gains nothing by it.
        free = [
            [min(limit, max(row[cell] - shown, 0)) for row in self.values] for cell, shown in enumerate(self.published)
        ]
        ample = [limit] * len(rows)

        def room(lessened: Sequence[int]) -> list[int]:
            return [*map(min, zip(ample, *(free[cell] for cell in lessened), strict=True))]

        self.room = {1: [room(move.down) for move in self.moves], -1: [room(move.up) for move in self.moves]}
        self.with_cell: list[list[int]] = [[] for _ in places]
        for at, move in enumerate(self.moves):
            for cell in (*move.up, *move.down):
                self.with_cell[cell].append(at)
        self.hidden = [0] * len(rows)
        self.members: list[set[int]] = [set() for _ in self.moves]
        for row in range(len(rows)):
            for cell, shown in enumerate(self.published):
                if not shown:
                    self.hide(row, cell)

    def hides(self, row: int, cell: int) -> bool:
        """Return whether a count is hidden."""
        return bool(self.hidden[row] >> cell & 1)

    def hide(self, row: int, cell: int) -> None:
        """Hide a count."""
        self.hidden[row] |= 1 << cell
        for at in self.with_cell[cell]:
            if row not in self.members[at] and not self.moves[at].cells & ~self.hidden[row]:
                self.members[at].add(row)

    def partners(self, need: Need, at: int, direction: int) -> tuple[Sequence[int], list[int]]:
        """Return the room of each row to give way when a row makes a move, and the kommuner that hide it too.

        A kommune's move is made the other way by others; the country's is made by kommuner, the same way.
        """
        room = self.room[direction if need.row == self.country else -direction][at]
        return room, [row for row in self.members[at] if row not in {need.row, self.country}]

    def is_met(self, need: Need) -> bool:
        """Return whether no attacker can compute the count: for each of them there is a move that is not seen."""
        if need.unless is not None and self.hides(*need.unless):
            return True
        seeing: set[int] | None = None
        for at in self.with_cell[need.cell]:
            if need.row in self.members[at]:
                for way, amount in need.ways:
                    found = self._seen_through(need, at, way * self.moves[at].sign(need.cell), amount)
                    if found is not None:
                        seeing = found if seeing is None else seeing & found
                        if not seeing:
                            return True
        return False

    def _seen_through(self, need: Need, at: int, direction: int, amount: int) -> set[int] | None:
        """Return the kommuner that see through a move, knowing their own counts; None when all do."""
        if self.room[direction][at][need.row] < amount:
            return None
        members = self.members[at]
        if need.row != self.country and self.country in members and self.room[direction][at][self.country] >= amount:
            return set()
        room, others = self.partners(need, at, direction)
        left = sum(room[row] for row in others)
        if left < amount:
            return None
        return {row for row in others if left - room[row] < amount} if self.has_others else set()
