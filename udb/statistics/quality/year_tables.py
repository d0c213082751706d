"""The tables that the counts of youths by year stand in: those with a new contact, and the contacts that held.

How many contacts the kommuner and the institutions registered are counts of reports, which are open.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from udb.statistics.quality.contact_years import Art, Maal, Years
from udb.statistics.quality.youth_tables import Divided, divided, name
from udb.statistics.seen import Count
from udb.statistics.suppression import Cell, Dimension

REPORTED: Final = frozenset({Art.KUI, Art.INSTITUTION})
"""The kinds of which each registration is a report."""
_WHOLE, _AGAIN = "alle", "igen"

Counted = Mapping[str, Mapping[str, int]]
"""Counts by kommune and name."""


def is_of_youths(art: Art, maal: Maal) -> bool:
    """Return whether a measure counts youths, and not reports."""
    return maal is not Maal.REGISTRERET or art not in REPORTED


def year_name(art: Art, maal: Maal, year: int) -> str:
    """Return the name of a year's count."""
    return name(art.value, maal.value, year)


def counts_by_name(art: Art, years: Years) -> dict[str, dict[str, int]]:
    """Return the counts of a kind by kommune and name, of every measure; the country's are not among them."""
    return {kode: _named(art, years, row.tal) for kode, row in years.kommuner.items()}


def country_by_name(art: Art, years: Years) -> dict[str, int]:
    """Return the country's counts of a kind by name; a youth of two kommuner is one of them."""
    return _named(art, years, years.land.tal)


def of_kind(art: Art, years: Years, found: Counted) -> Iterator[Divided]:
    """Yield the tables of a kind. What holds now is not among them: the page of stale contacts has it."""
    if art is Art.EGEN:
        yield _of_own(years, found)
        return
    for year in years.aar:
        yield _of_registered(art, year, found)
        if year != years.aar[-1]:
            held = year_name(art, Maal.GAELDENDE, year)
            yield _of_one(held, {(kode, held): of[held] for kode, of in found.items()})


def _named(art: Art, years: Years, counts: Mapping[Maal, Sequence[Count]]) -> dict[str, int]:
    return {
        year_name(art, maal, year): count or 0
        for maal in Maal
        for year, count in zip(years.aar, counts[maal], strict=True)
    }


def _of_registered(art: Art, year: int, found: Counted) -> Divided:
    registered, youths = year_name(art, Maal.REGISTRERET, year), year_name(art, Maal.UNGE, year)
    if art in REPORTED:
        # Everyone sees who registered none, so that these cannot hide the others.
        leaves: dict[Cell, int] = {(kode, youths): of[youths] for kode, of in found.items() if of[registered]}
        return _of_one(youths, leaves)
    leaves = {(kode, youths): of[youths] for kode, of in found.items()}
    leaves |= {(kode, _AGAIN): of[registered] - of[youths] for kode, of in found.items()}
    sums = {_WHOLE: frozenset({youths, _AGAIN})}
    return divided([Dimension([(youths, _AGAIN)], sums)], leaves, {(youths,): [youths], (_WHOLE,): [registered]})


def _of_one(navn: str, leaves: Mapping[Cell, int]) -> Divided:
    return divided([Dimension([(navn,)])], leaves, {(navn,): [navn]})


def _of_own(years: Years, found: Counted) -> Divided:
    """Own contacts, of which a youth has one: all that held at the end of a year were registered up to then."""
    names = [year_name(Art.EGEN, Maal.REGISTRERET, year) for year in years.aar]
    leaves: dict[Cell, int] = {(kode, one): of[one] for kode, of in found.items() for one in names}
    places: dict[Cell, list[str]] = {
        (one,): [one, year_name(Art.EGEN, Maal.UNGE, year)] for one, year in zip(names, years.aar, strict=True)
    }
    sums = {}
    for index, year in enumerate(years.aar):
        held = year_name(Art.EGEN, Maal.GAELDENDE, year)
        sums[held] = frozenset(names[: index + 1])
        if year != years.aar[-1]:
            places[held,] = [held]
    return divided([Dimension([names], sums)], leaves, places)
