"""The cheapest counts to hide in addition, so that a need is met by one move."""

from collections.abc import Iterator, Sequence
from typing import Final

from udb.statistics.suppression.pools import Need, Pools

_MARGIN: Final = 6
"""How many times as dear a sum is as one of its leaves."""
_COUNTRY: Final = 50
"""How many times as dear a count of the country is."""
_ZERO: Final = 8
"""What a 0 costs: it need not be hidden for its own sake, and can only move up."""

Addition = list[tuple[int, int]]
"""Counts to hide: row and cell."""


class Planner:
    """Finds what to hide; small leaves of kommuner first."""

    def __init__(self, pools: Pools, sums: Sequence[int]) -> None:
        """Take the price of every count; ``sums``: of each cell of a row, in how many dimensions it is a sum."""
        self.pools = pools
        self.price = [
            [
                (1 + value.bit_length() if value else _ZERO)
                * _MARGIN ** sums[at]
                * (_COUNTRY if row == pools.country else 1)
                for at, value in enumerate(values)
            ]
            for row, values in enumerate(pools.values)
        ]

    def cheapest(self, need: Need) -> Addition:
        """Return the counts that meet a need when they are hidden too; for a complement without a move, the whole."""
        best: tuple[int, Addition] | None = None
        for own, at, direction, amount in sorted(self._own(need)):
            if best is not None and own >= best[0]:
                break
            found = self._completed(need, at, direction, amount, best[0] if best else None)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
        if best is not None:
            return best[1]
        assert need.unless is not None, "hiding all sums of a count meets its need"
        return [need.unless]

    def _own(self, need: Need) -> Iterator[tuple[int, int, int, int]]:
        """Yield each move of the row that is large enough: its price there, its number, direction and size."""
        pools = self.pools
        for at in pools.with_cell[need.cell]:
            for way, amount in need.ways:
                direction = way * pools.moves[at].sign(need.cell)
                if pools.room[direction][at][need.row] >= amount:
                    yield self._price(at, need.row), at, direction, amount

    def _completed(
        self, need: Need, at: int, direction: int, amount: int, most: int | None
    ) -> tuple[int, Addition] | None:
        """Return the price and counts with which no attacker sees through a move; None when it is ``most`` or more."""
        pools = self.pools
        own, added = self._price(at, need.row), self._missing(at, need.row)
        through_country: tuple[int, Addition] | None = None
        if need.row != pools.country and pools.room[direction][at][pools.country] >= amount:
            through_country = own + self._price(at, pools.country), added + self._missing(at, pools.country)
            most = through_country[0] if most is None else min(most, through_country[0])
        room, members = pools.partners(need, at, direction)
        total, largest = sum(room[row] for row in members), max((self._known(room[row]) for row in members), default=0)
        if total - largest >= amount:
            return own, added
        others = (
            (self._price(at, row), -room[row], row)
            for row in range(pools.country)
            if row != need.row and row not in members and room[row]
        )
        for price, _, row in sorted(others):
            own, added = own + price, added + self._missing(at, row)
            if most is not None and own >= most:
                break
            total, largest = total + room[row], max(largest, self._known(room[row]))
            if total - largest >= amount:
                return own, added
        return through_country

    def _known(self, room: int) -> int:
        """Return what of a pool's room an attacker may know."""
        return room if self.pools.has_others else 0

    def _price(self, at: int, row: int) -> int:
        prices = self.price[row]
        return sum(prices[cell] for _, cell in self._missing(at, row))

    def _missing(self, at: int, row: int) -> Addition:
        move, hidden = self.pools.moves[at], self.pools.hidden[row]
        if not move.cells & ~hidden:
            return []
        return [(row, cell) for cell in (*move.up, *move.down) if not hidden >> cell & 1]
