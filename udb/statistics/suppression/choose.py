"""Choose the counts to hide: the small ones, their complements, then the cheapest others until all needs are met."""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from itertools import permutations

from udb.statistics.suppression.plan import Planner
from udb.statistics.suppression.pools import Need, Pools
from udb.statistics.suppression.table import COUNTRY, Cell, Skjult, Table


def suppress(table: Table, limit: int, also: Collection[Cell] = ()) -> Mapping[Cell, Skjult]:
    """Return the sign of each published count that is hidden; one that is not there is shown.

    ``limit``: counts from 1 to below it are hidden (``UDB_DISKRETION``). ``also``: published counts that are hidden for
    another table's sake. Who sees the rest, and knows all counts of one
    kommune, finds for no hidden count of another its value, nor that it is below the limit.
    """
    pools, small, place_of = Pools(table, limit), too_small(table, limit), _places(table)
    number = {cell: at for at, cell in place_of.items()}
    for cell in (*small, *also):
        pools.hide(*number[cell])
    planner = Planner(pools, [_sums(table, place) for place in table.places()])
    needs = deque([*_of_counts(pools), *_of_complements(table, limit, number)])
    while needs:
        need = needs.popleft()
        if not pools.is_met(need):
            for row, at in planner.cheapest(need):
                pools.hide(row, at)
                needs.append(_need(pools, row, at))
    return {
        cell: small.get(cell, Skjult.SEKUNDAER)
        for (row, at), cell in place_of.items()
        if pools.published[at] and pools.hides(row, at)
    }


def too_small(table: Table, limit: int) -> dict[Cell, Skjult]:
    """Return the published counts that are too small, and those whose complement is: 98 of 100 tells of 2."""
    found = {
        (row, *place): Skjult.PRIMAER
        for row in (*table.rows, COUNTRY)
        for place in table.places()
        if table.is_published(place) and 0 < table.count((row, *place)) < limit
    }
    for part, whole in _parts(table):
        if table.count(part) and 0 < table.count(whole) - table.count(part) < limit:
            found.setdefault(part, Skjult.SEKUNDAER)
    return found


def _places(table: Table) -> dict[tuple[int, int], Cell]:
    rows = enumerate((*table.rows, COUNTRY))
    return {(row, at): (name, *place) for row, name in rows for at, place in enumerate(table.places())}


def _sums(table: Table, place: Cell) -> int:
    return sum(len(one.leaves_of[label]) > 1 for label, one in zip(place, table.dimensions, strict=True))


def _parts(table: Table) -> Iterator[tuple[Cell, Cell]]:
    """Yield each published count with each published one of which it is a part, in one dimension."""
    published = [place for place in table.places() if table.is_published(place)]
    for place in published:
        for row in table.rows:
            yield (row, *place), (COUNTRY, *place)
    for number, dimension in enumerate(table.dimensions):
        within = [
            (part, whole)
            for (part, some), (whole, all_of) in permutations(dimension.leaves_of.items(), 2)
            if some < all_of
        ]
        for part, whole in within:
            for place in published:
                larger = (*place[:number], whole, *place[number + 1 :])
                if place[number] == part and table.is_published(larger):
                    for row in (*table.rows, COUNTRY):
                        yield (row, *place), (row, *larger)


def _of_counts(pools: Pools) -> list[Need]:
    """Return the needs of all that is hidden, the country's first, and of small counts that no page shows."""
    places = [(row, at) for row in (pools.country, *range(pools.country)) for at in range(len(pools.published))]
    return [
        _need(pools, row, at)
        for row, at in places
        if pools.hides(row, at) and (pools.published[at] or 0 < pools.values[row][at] < pools.limit)
    ]


def _need(pools: Pools, row: int, at: int) -> Need:
    value = pools.values[row][at]
    return Need(row, at, ((1, pools.limit - value),) if value < pools.limit else ((1, 1), (-1, 1)))


def _of_complements(table: Table, limit: int, number: Mapping[Cell, tuple[int, int]]) -> list[Need]:
    """Return the needs of counts whose complement is small: it must be able to be as large as the limit."""
    return [
        Need(*number[part], ((-1, limit - left),), unless=number[whole])
        for part, whole in _parts(table)
        if table.count(part) and 0 < (left := table.count(whole) - table.count(part)) < limit
    ]
