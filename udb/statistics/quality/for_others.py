"""The counts of youths on data quality as others than the own kommune see them: without what is hidden.

They are kept once a month, the first time that all of them are worked out in it: who saw them hour by hour could
subtract (figures.md 3.0.6, Time). What is hidden is chosen then, and holds for every page and file of the month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, Engine

from udb import settings
from udb.statistics import frozen
from udb.statistics.definitions.kui import KUI
from udb.statistics.quality import kept
from udb.statistics.quality.contact_years import Art, Maal, Row, Years, contact_years
from udb.statistics.quality.timeliness import month_of
from udb.statistics.quality.year_tables import country_by_name, counts_by_name, is_of_youths, of_kind, year_name
from udb.statistics.quality.youth_counts import Youths, youth_counts
from udb.statistics.quality.youth_tables import Divided, by_name, name, of_youths
from udb.statistics.seen import Count
from udb.statistics.suppression import Skjult, suppress
from udb.statistics.suppression.table import COUNTRY
from udb.store import state
from udb.store.engine import reading, writing

STALE: Final = name(Art.KUI, "foraeldede")
LACKING: Final = name(Art.KUI, "mangler")
_TARGET_GROUP: Final = name(Art.KUI, "af")
_NAME: Final = "andre"


@dataclass(frozen=True, slots=True)
class Others:
    """The counts of a month by kommune, ``COUNTRY`` for all of them, and name. ``foer``: those of stale and missing
    contacts in the month before, None where one is hidden; empty when none were kept then.
    """

    raekker: Mapping[str, Mapping[str, int]]
    skjult: Mapping[str, frozenset[str]]
    aar: Mapping[Art, Sequence[int]]
    nedre_graense: Mapping[Art, frozenset[int]]
    foer: Mapping[str, tuple[Count, Count]]
    maaned: str
    beregnet: datetime

    def count(self, kode: str, navn: str) -> Count:
        """Return a count; None: hidden."""
        return None if navn in self.skjult.get(kode, ()) else self.raekker.get(kode, {}).get(navn, 0)

    def years(self, art: Art) -> Years:
        """Return the counts of youths of a kind by year, without months, which nobody else sees."""
        kommuner = {kode: self._row(kode, art) for kode in self.raekker if kode != COUNTRY}
        return Years(self.aar[art], self.nedre_graense[art], kommuner, self._row(COUNTRY, art), self.beregnet)

    def _row(self, kode: str, art: Art) -> Row:
        shown = [maal for maal in Maal if is_of_youths(art, maal)]
        return Row(
            {maal: [self.count(kode, year_name(art, maal, year)) for year in self.aar[art]] for maal in shown}, {}
        )


def for_others(connection: Connection) -> Others | None:
    """Return what is kept; None when nothing is worked out yet."""
    found = kept.kept(connection, _NAME, _made)
    return found.content if found is not None else None


def refresh_for_others(engine: Engine) -> bool:
    """Keep the month's counts when all are worked out and none is kept; return whether it did.

    Raises DatabaseUnavailable.
    """
    with reading(engine) as connection:
        now = state.now(connection)
        month = month_of(now.date())
        before = for_others(connection)
        youths = youth_counts(connection)
        years = {art: found for art in Art if (found := contact_years(connection, art)) is not None}
        if before is not None and before.maaned == month:
            return False
        if youths is None or len(years) < len(Art):
            return False
        if {month_of(one.date()) for one in (youths.beregnet, *(of.beregnet for of in years.values()))} != {month}:
            return False
        content = _content(youths, years, now, _hidden_elsewhere(connection), before)
    with writing(engine) as connection:
        other = for_others(connection)
        if other is not None and other.maaned == month:
            return False
        kept.keep(connection, _NAME, content, now)
    return True


def _content(
    youths: Youths, years: Mapping[Art, Years], now: datetime, elsewhere: frozenset[str], before: Others | None
) -> dict[str, Any]:
    limit = settings.load().diskretion
    rows: dict[str, dict[str, int]] = {kode: by_name(counts) for kode, counts in youths.kommuner.items()}
    country: dict[str, int] = {}
    for of in rows.values():
        for one, count in of.items():
            country[one] = country.get(one, 0) + count
    hidden: dict[str, set[str]] = {}
    for table in of_youths(youths.kommuner):
        _hide(hidden, table, limit, elsewhere)
    for art, found in years.items():
        named = counts_by_name(art, found)
        for table in of_kind(art, found, named):
            _hide(hidden, table, limit)
        whole = country_by_name(art, found)
        # A youth of two kommuner is one in the country, which may be less than the sum that the table has.
        hidden.setdefault(COUNTRY, set()).update(one for one, count in whole.items() if 0 < count < limit)
        for kode, counts in named.items():
            rows.setdefault(kode, {}).update(counts)
        country |= whole
        now_held = year_name(art, Maal.GAELDENDE, found.aar[-1])
        for kode in (*named, COUNTRY):
            hidden.setdefault(kode, set()).add(now_held)
    return {
        "maaned": month_of(now.date()),
        "beregnet": now.isoformat(),
        "raekker": {**rows, COUNTRY: country},
        "skjult": {kode: sorted(names) for kode, names in hidden.items()},
        "aar": {art: list(found.aar) for art, found in years.items()},
        "nedre_graense": {art: sorted(found.nedre_graense) for art, found in years.items()},
        "foer": _before(before, now),
    }


def _hide(hidden: dict[str, set[str]], one: Divided, limit: int, elsewhere: frozenset[str] = frozenset()) -> None:
    """Add what a table hides. ``elsewhere``: rows whose target group another page hides."""
    place = next((cell for cell, names in one.places.items() if _TARGET_GROUP in names), None)
    also = [(row, *place) for row in (*one.table.rows, COUNTRY) if row in elsewhere] if place is not None else []
    for cell in suppress(one.table, limit, also):
        hidden.setdefault(cell[0], set()).update(one.places[cell[1:]])


def _hidden_elsewhere(connection: Connection) -> frozenset[str]:
    """Return the kommuner whose target group is hidden in the latest frozen figures, which are nearly the same."""
    run = next(reversed(frozen.published_days(connection, KUI.kort).values()), None)
    if run is None:
        return frozenset()
    found = frozen.figures(connection, run, totals_only=True)
    return frozenset(
        one.kommunekode or COUNTRY for one in found if one.maal == "i_alt" and one.skjult is not Skjult.INGEN
    )


def _before(before: Others | None, now: datetime) -> dict[str, list[Count]]:
    last = month_of(now.date().replace(day=1) - timedelta(days=1))
    if before is None or before.maaned != last:
        return {}
    return {kode: [before.count(kode, STALE), before.count(kode, LACKING)] for kode in before.raekker}


def _made(content: Any) -> Others:
    return Others(
        content["raekker"],
        {kode: frozenset(names) for kode, names in content["skjult"].items()},
        {Art(art): years for art, years in content["aar"].items()},
        {Art(art): frozenset(years) for art, years in content["nedre_graense"].items()},
        {kode: (row[0], row[1]) for kode, row in content["foer"].items()},
        content["maaned"],
        datetime.fromisoformat(content["beregnet"]),
    )
