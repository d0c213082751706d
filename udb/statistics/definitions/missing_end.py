"""Mangler afslutning: a forloeb that is open far beyond its nominal time, and of which nothing is reported (V 5.1)."""

from datetime import date, timedelta
from typing import Final

from udb.domain.kodesaet import COSA, EUD_ARTS, HF_ARTS, Kodesaet
from udb.statistics.definitions.courses import Course, Slags
from udb.statistics.definitions.definition import Definition

MANGLER: Final = Definition(
    kort="mangler_afslutning",
    navn="Mangler afslutning",
    version="v1",
    kilde="UDB-vejledningen 5.1",
    formel="Forløbet har været åbent længere end sin normale tid og 365 dage, og der er ikke indberettet noget på "
    "det i 365 dage.",
    eksempel="Et forberedende forløb (normalt 365 dage) begyndt den 10. marts 2018 mangler afslutning fra den 10. "
    "marts 2020, hvor det har været åbent i 731 dage.",
)
YEAR: Final = 365
NOMINAL: Final = {
    Slags.GRUNDSKOLE: YEAR,
    Slags.VIDEREGAAENDE: 4 * YEAR,
    Slags.FORBEREDENDE: YEAR,
    Slags.UNGDOMSUDDANNELSE: 3 * YEAR,
}
"""Days of a kind of course; a youth education's and FGU's are those of their formaal."""
_BY_ART: Final = {**dict.fromkeys(HF_ARTS, 2 * YEAR), "gf1": 182, "gf2": 182, "eud": 4 * YEAR, "fgu": 2 * YEAR}
assert _BY_ART.keys() >= EUD_ARTS


def lacks_end(course: Course, codes: Kodesaet, day: date) -> bool:
    """Return whether an end should have been reported by a day."""
    if course.forloeb is None or course.fra is None or not course.is_open(day):
        return False
    latest = max(one.haendelse_dato for one in course.forloeb.events)
    longest = timedelta(days=_nominal(course, codes) + YEAR)
    return day - course.fra > longest and day - latest > timedelta(days=YEAR)


def _nominal(course: Course, codes: Kodesaet) -> int:
    assert course.forloeb is not None, "asked of stored courses alone"
    event = course.forloeb.events[0]
    row = None
    if event.kodesaet == COSA:
        row = codes.describing(COSA, event.kode or "", event.haendelse_dato, str(event.kode_version))
    return _BY_ART.get(row.text("art") if row is not None else "", NOMINAL.get(course.slags, YEAR))
