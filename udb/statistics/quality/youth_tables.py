"""The tables that the counts of youths on data quality stand in, so that what is hidden cannot be computed.

What divides the same youths is one table: whether a youth has a contact person, and whether the youth should.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Final

from udb.statistics.hiding.laid_out import with_sums
from udb.statistics.quality.contact_years import Art
from udb.statistics.quality.youth_counts import Counts
from udb.statistics.suppression import Cell, Dimension, Table

COURSES: Final = "forloeb"
_ALL: Final = "alle"
_VALID, _STALE, _NONE, _HELD = "gyldig", "forældet", "uden", "med"
_TARGET, _OTHERS = "målgruppe", "andre"
_CONTACT: Final = Dimension([(_VALID, _STALE)], {_HELD: frozenset({_VALID, _STALE})})
_STATE: Final = Dimension(
    [(_VALID, _STALE, _NONE)],
    {_HELD: frozenset({_VALID, _STALE}), _ALL: frozenset({_VALID, _STALE, _NONE})},
)
_GROUP: Final = Dimension([(_TARGET, _OTHERS)], {_ALL: frozenset({_TARGET, _OTHERS})})


@dataclass(frozen=True, slots=True)
class Divided:
    """A table, and the names of the counts that stand at each cell of a row."""

    table: Table
    places: Mapping[Cell, Sequence[str]]


def divided(
    dimensions: Sequence[Dimension], leaves: Mapping[Cell, int], places: Mapping[Cell, Sequence[str]]
) -> Divided:
    """Return the table of leaves, by kommune and cell, of which pages show the cells that have a place."""
    rows = sorted({cell[0] for cell in leaves})
    every = product(*(one.leaves_of for one in dimensions))
    counts = with_sums(rows, dimensions, leaves)
    return Divided(Table(rows, dimensions, counts, frozenset(one for one in every if one not in places)), places)


def name(of: str, count: str, year: int | None = None) -> str:
    """Return the name of a count: of a kind of contact or of the courses; ``year``: the year that it is of."""
    return f"{of}/{count}" if year is None else f"{of}/{count}/{year}"


def by_name(counts: Counts) -> dict[str, int]:
    """Return a kommune's counts by name; without those that no rule defines."""
    kinds = {**{art.value: asdict(one) for art, one in counts.kontakter.items()}, COURSES: asdict(counts.forloeb)}
    return {name(of, one): value for of, some in kinds.items() for one, value in some.items() if value is not None}


def of_youths(kommuner: Mapping[str, Counts]) -> Iterator[Divided]:
    """Yield the tables of stale and missing contacts, and of courses."""
    found = {kode: by_name(counts) for kode, counts in kommuner.items()}
    yield _of_target_group(kommuner, found)
    yield _of_orders(found)
    for art in Art:
        if art is not Art.KUI:
            yield _of_contacts(found, art)
    yield _of_courses(found)


def _of_target_group(kommuner: Mapping[str, Counts], found: Mapping[str, Mapping[str, int]]) -> Divided:
    """Whether youths have a contact of the kommune, by whether they should: both are of the same youths."""
    leaves: dict[Cell, int] = {}
    for kode, counts in kommuner.items():
        names = ("gaeldende", "foraeldede", "mangler", "af")
        held, stale, lacks, of = (found[kode][name(Art.KUI, one)] for one in names)
        inside = counts.foraeldede_i_maalgruppe
        valid = of - lacks - inside
        leaves |= {
            (kode, _VALID, _TARGET): valid,
            (kode, _STALE, _TARGET): inside,
            (kode, _NONE, _TARGET): lacks,
            (kode, _VALID, _OTHERS): held - stale - valid,
            (kode, _STALE, _OTHERS): stale - inside,
            (kode, _NONE, _OTHERS): counts.uden_kui - lacks,
        }
    places: dict[Cell, list[str]] = {
        (_HELD, _ALL): [name(Art.KUI, "gaeldende")],
        (_STALE, _ALL): [name(Art.KUI, "foraeldede")],
        (_NONE, _TARGET): [name(Art.KUI, "mangler")],
        (_ALL, _TARGET): [name(Art.KUI, "af")],
    }
    return divided([_STATE, _GROUP], leaves, places)


def _of_orders(found: Mapping[str, Mapping[str, int]]) -> Divided:
    """Youths with an uddannelsespålæg, divided by the job centre's contact, and by the institutions'."""
    centre, school = ("jobcenter: mangler", "jobcenter: har"), ("skole: mangler", "skole: har")
    no_school = "ingen skole"
    leaves: dict[Cell, int] = {}
    for kode, counts in found.items():
        lacks, of = counts[name(Art.JOBCENTER, "mangler")], counts[name(Art.JOBCENTER, "af")]
        lacks_there, of_there = counts[name(Art.INSTITUTION, "mangler")], counts[name(Art.INSTITUTION, "af")]
        values = (lacks, of - lacks, lacks_there, of_there - lacks_there, of - of_there)
        leaves |= {(kode, leaf): count for leaf, count in zip((*centre, *school, no_school), values, strict=True)}
    sums = {_ALL: frozenset(centre), _HELD: frozenset(school)}
    places: dict[Cell, list[str]] = {
        (_ALL,): [name(Art.JOBCENTER, "af")],
        (centre[0],): [name(Art.JOBCENTER, "mangler")],
        (_HELD,): [name(Art.INSTITUTION, "af")],
        (school[0],): [name(Art.INSTITUTION, "mangler")],
    }
    return divided([Dimension([centre, (*school, no_school)], sums)], leaves, places)


def _of_contacts(found: Mapping[str, Mapping[str, int]], art: Art) -> Divided:
    leaves: dict[Cell, int] = {}
    for kode, counts in found.items():
        held, stale = counts[name(art, "gaeldende")], counts[name(art, "foraeldede")]
        leaves |= {(kode, _VALID): held - stale, (kode, _STALE): stale}
    places: dict[Cell, list[str]] = {(_HELD,): [name(art, "gaeldende")], (_STALE,): [name(art, "foraeldede")]}
    return divided([_CONTACT], leaves, places)


def _of_courses(found: Mapping[str, Mapping[str, int]]) -> Divided:
    """Open courses, divided by whether an end is missing, and by the risk mark."""
    ends, risks = ("mangler", "mangler ikke"), ("ikke fornyet", "fornyet", "ingen risiko")
    leaves: dict[Cell, int] = {}
    for kode, counts in found.items():
        names = ("aabne", "mangler_afslutning", "risiko", "ikke_fornyet")
        open_, lacks, marked, old = (counts[name(COURSES, one)] for one in names)
        values = (lacks, open_ - lacks, old, marked - old, open_ - marked)
        leaves |= {(kode, leaf): count for leaf, count in zip((*ends, *risks), values, strict=True)}
    sums = {_ALL: frozenset(ends), "risiko": frozenset(risks[:2])}
    places: dict[Cell, list[str]] = {
        (_ALL,): [name(COURSES, "aabne")],
        (ends[0],): [name(COURSES, "mangler_afslutning")],
        ("risiko",): [name(COURSES, "risiko")],
        (risks[0],): [name(COURSES, "ikke_fornyet")],
    }
    return divided([Dimension([ends, risks], sums)], leaves, places)
