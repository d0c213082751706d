"""Mark which figures of a run are hidden from those who may not see these youths one by one (docs/spec/ledelse.md).

All figures that count the same youths are one table: the definitions of a status day share their population, and the
broader target group has the counts of the narrower one. So no two pages hide differently what can be subtracted.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from udb.statistics.frozen import Figure
from udb.statistics.hiding.groups import GROUPED, of_groups
from udb.statistics.hiding.laid_out import Found, LaidOut
from udb.statistics.hiding.populations import of_population
from udb.statistics.suppression import Skjult, suppress
from udb.statistics.suppression.table import COUNTRY

SAME_YOUTHS: Final = ("restgruppe", "kui", "bredere", "daekning", "kontaktede")
"""The definitions that count one population on a status day."""


def with_signs(found: Found, limit: int) -> dict[str, list[Figure]]:
    """Return the figures of a status day with their signs; ``found``: all of them, by a definition's short name.

    A 0 that is hidden is a figure of its own, also of a kommune. ``limit``: ``UDB_DISKRETION``. Raises ValueError when
    sums are not those of their parts.
    """
    signed = {name: list(figures) for name, figures in found.items()}
    for one in laid_out(found):
        signs = suppress(one.table, limit)
        for name in one.definitions:
            signed[name] = _signed(name, signed[name], one, signs)
    return signed


def laid_out(found: Found) -> Iterator[LaidOut]:
    """Yield the tables that the figures of a status day are in."""
    alone = [[name] for name in found if name not in SAME_YOUTHS and name not in GROUPED]
    for names in ([name for name in SAME_YOUTHS if name in found], *alone):
        if names:
            yield of_population({name: found[name] for name in names})
    for name in found:
        if name in GROUPED:
            yield from of_groups(name, found[name])


def _signed(
    name: str, figures: Sequence[Figure], one: LaidOut, signs: Mapping[tuple[str, ...], Skjult]
) -> list[Figure]:
    """Return the figures with the signs of a table; those that it does not have are as they were."""
    result, seen = [], set()
    for figure in figures:
        key = (name, figure.gruppe, figure.maal, figure.alder, figure.koen)
        if (place := one.places.get(key)) is not None:
            cell = (figure.kommunekode or COUNTRY, *place)
            seen.add((key, cell))
            result.append(replace(figure, skjult=signs.get(cell, Skjult.INGEN)))
        elif key in one.never:
            result.append(replace(figure, skjult=Skjult.SEKUNDAER))
        else:
            result.append(figure)
    keys = defaultdict(list)
    for key, place in one.places.items():
        if key[0] == name:
            keys[place].append(key)
    for cell, sign in signs.items():
        for key in keys.get(cell[1:], ()):
            if (key, cell) not in seen:
                _, gruppe, maal, alder, koen = key
                result.append(
                    Figure(
                        kommunekode=cell[0] or None,
                        gruppe=gruppe,
                        maal=maal,
                        alder=alder,
                        koen=koen,
                        antal=0,
                        skjult=sign,
                    )
                )
    return result
