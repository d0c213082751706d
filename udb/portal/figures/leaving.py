"""How those who dropped out of a cohort left: by cause, and by time since the start."""

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Final

from udb.domain.kodesaet import AFBRUDSAARSAGER, Kodesaet
from udb.portal.figures.table import Cell, Table, count, percent, words
from udb.statistics.definitions.leaving import BUCKETS, CAUSE, NO_AFBRUD, TIMES
from udb.statistics.seen import Counts

NOT_COUNTED: Final = "Årsager til afbrud og tid til afbrud er ikke opgjort for denne måned."
LEFT: Final = "hurtig_afbrudt"
_ALL: Final = {LEFT: "Afbrudt i alt"}
_TIMES: Final[Mapping[str, str]] = {
    TIMES[0]: f"Højst {BUCKETS[0]} dage",
    **{maal: f"{after + 1}-{last} dage" for maal, (after, last) in zip(TIMES[1:-1], pairwise(BUCKETS), strict=False)},
    TIMES[-1]: f"{BUCKETS[-2] + 1} dage eller flere, inden for tolv måneder",
}


def is_counted(country: Counts) -> bool:
    """Return whether a run has causes and times: those from before they were counted have none."""
    return not country.grupper or bool(country.measures(TIMES[0]))


def leaving(counts: Counts, country: Counts, years: Mapping[int, str], of_whom: str, codes: Kodesaet) -> list[Table]:
    """Return the tables of a kind of education. ``years``: its cohorts' group by school year; ``of_whom``: the titles'
    beginning.
    """
    causes = {maal: _cause(maal.removeprefix(CAUSE), years, codes) for maal in country.measures(CAUSE, years.values())}
    return [
        _table("aarsager", f"{of_whom}: årsager til afbrud", ("aarsag", "Årsag"), causes, counts, years),
        _table("tid", f"{of_whom}: tid fra start til afbrud", ("tid", "Tid til afbrud"), _TIMES, counts, years),
    ]


def _table(
    navn: str, titel: str, head: tuple[str, str], parts: Mapping[str, str], counts: Counts, years: Mapping[int, str]
) -> Table:
    columns = [head]
    for year in years:
        columns += [(f"antal_{year}", f"{year}/{year + 1}"), (f"andel_{year}", f"{year}/{year + 1}, andel")]
    return Table(navn, titel, columns, [_row(maal, text, counts, years) for maal, text in {**parts, **_ALL}.items()])


def _row(maal: str, text: str, counts: Counts, years: Mapping[int, str]) -> Sequence[Cell]:
    cells = [words(text)]
    for gruppe in years.values():
        part = counts.get(maal, gruppe=gruppe)
        cells += [count(part), percent(part, counts.get(LEFT, gruppe=gruppe))]
    return cells


def _cause(kode: str, years: Mapping[int, str], codes: Kodesaet) -> str:
    if kode == NO_AFBRUD:
        return "Intet afbrud: gennemførte uden at fuldføre"
    row = codes.describing(AFBRUDSAARSAGER, kode, date(max(years), 8, 1))
    return f"{row.tekst} ({kode})" if row is not None else f"Årsag {kode}"
