"""Tables of counts with their margins, by hand and at random."""

from collections.abc import Mapping, Sequence
from itertools import product
from random import Random

from udb.statistics.suppression import Cell, Dimension, Table
from udb.statistics.suppression.table import COUNTRY


def dimension(*leaves: str, **sums: Sequence[str]) -> Dimension:
    """Return a dimension of leaves, whose sum has the empty label; ``sums``: of some of them."""
    return Dimension([leaves], {"": frozenset(leaves)} | {name: frozenset(some) for name, some in sums.items()})


def table_of(rows: Sequence[str], dimensions: Sequence[Dimension], leaves: Mapping[Cell, int]) -> Table:
    """Return the table of these leaves, with every margin; what is outside the target group is not published.

    Of two divisions of a whole each leaf must be given.
    """
    counts: dict[Cell, int] = {}
    for place in product(*(one.leaves_of for one in dimensions)):
        parts = [sorted(one.leaves_of[label]) for label, one in zip(place, dimensions, strict=True)]
        for row in rows:
            found = sum(leaves.get((row, *leaf), 0) for leaf in product(*parts))
            counts[row, *place] = found
            counts[COUNTRY, *place] = counts.get((COUNTRY, *place), 0) + found
    return Table(rows, dimensions, counts, frozenset(cell[1:] for cell in counts if UNPUBLISHED in cell))


AGE = dimension("15-17", "18-24", "25-29", til_24=("15-17", "18-24"))
SEX = dimension("K", "M")
STATUS = dimension("fuldfoert", "i_uddannelse", "rest")
GROUPS = Dimension(
    [("fgu", "paalaeg", "deltid", "kontaktet", "ikke_kontaktet", "udenfor"), ("F", "U", "B18", "rest")],
    {
        "P": frozenset({"fgu", "paalaeg", "deltid", "kontaktet", "ikke_kontaktet", "udenfor"}),
        "i_alt": frozenset({"fgu", "paalaeg", "deltid", "kontaktet", "ikke_kontaktet"}),
        "uden_aktivitet": frozenset({"kontaktet", "ikke_kontaktet"}),
    },
)
UNPUBLISHED = "udenfor"
"""Two definitions of one population, as the frozen figures have them."""
SHAPES = ([STATUS], [STATUS, AGE], [STATUS, AGE, SEX], [GROUPS], [GROUPS, AGE])


def random_table(random: Random, kommuner: int, dimensions: Sequence[Dimension]) -> Table:
    """Return a table of kommuner of very different sizes, in which some counts are 0 and many are small."""
    rows = [f"{101 + number}" for number in range(kommuner)]
    leaves: dict[Cell, int] = {}
    for row in rows:
        size = random.lognormvariate(3.5, 1.5)
        for place in product(*(one.parts[0] for one in dimensions)):
            count = int(size * random.random() ** 3) if random.random() > 0.1 else 0
            leaves[row, *place] = count
            _divide_again(random, leaves, row, place, dimensions, count)
    return table_of(rows, dimensions, leaves)


def _divide_again(
    random: Random, leaves: dict[Cell, int], row: str, place: Cell, dimensions: Sequence[Dimension], count: int
) -> None:
    """Divide the same youths by the other parts of a dimension, too."""
    for number, one in enumerate(dimensions):
        for other in one.parts[1:]:
            for _ in range(count):
                leaf = (row, *place[:number], random.choices(other, (30, 40, 20, 3))[0], *place[number + 1 :])
                leaves[leaf] = leaves.get(leaf, 0) + 1
