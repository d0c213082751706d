"""Contact persons by kommune and year, of which the years that are over are kept as they were counted once.

Retention deletes youths and old reports; the counts of a year must not melt with them (docs/spec/ground.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, func, select

from udb.domain.clock import danish_date
from udb.domain.identifiers import event_number
from udb.statistics import frozen
from udb.statistics.contacts import ContactYear, by_year
from udb.statistics.definitions.kontakter import KONTAKTER
from udb.statistics.frozen import UNKNOWN_KOMMUNE, WHOLE_COUNTRY, Figure, Run, Status
from udb.store import state
from udb.store.locks import one_run_at_a_time
from udb.store.tables import counter, modtagelse

REGISTRERET, UNGE, GAELDENDE = "registreret", "unge", "gaeldende"
NEDRE_GRAENSE: Final = "nedre_graense"
"""A measure that is 1 when part of the year is from before reports were kept."""


def freeze_contacts(connection: Connection, now: datetime | None = None) -> list[int]:
    """Keep the counts of the years that are over and not kept yet, and return these years.

    ``now``: None for the domain's clock.
    """
    one_run_at_a_time(connection)
    now = now or state.now(connection)
    kept = set(frozen_years(connection))
    over = [year for year in range(_first_year(connection, now), now.year) if year not in kept]
    if not over:
        return []
    found = [one for one in _counted(connection, now) if one.aar in over]
    last = connection.execute(select(counter.c.last)).scalar_one()
    for year in over:
        of_year = [one for one in found if one.aar == year]
        frozen.write(connection, _run(year, now, last), list(_figures(of_year)))
    return over


def _first_year(connection: Connection, now: datetime) -> int:
    """Return the year of the first report that is kept; the present one when there is none."""
    first = connection.execute(select(func.min(modtagelse.c.tid))).scalar_one()
    return now.year if first is None else danish_date(first).year


def frozen_years(connection: Connection) -> list[int]:
    """Return the years whose counts are kept, in ascending order."""
    return sorted({run.dag.year for run in frozen.runs(connection, KONTAKTER.kort)})


def contacts_by_year(connection: Connection, now: datetime, *, by_kommune: bool = True) -> list[ContactYear]:
    """Return the figures of each year as ``by_year`` does: of a year that is kept, what is kept; else as of now."""
    kept = list(_kept(connection, by_kommune=by_kommune))
    years = {one.aar for one in kept}
    found = [*kept, *(one for one in _counted(connection, now, by_kommune=by_kommune) if one.aar not in years)]
    whole = [*found, *_missing(found)]
    return sorted(whole, key=lambda one: (one.kommunekode is None, one.kommunekode or "", one.aar))


def _missing(found: Sequence[ContactYear]) -> Iterator[ContactYear]:
    """Yield a row of 0 for each year in which a kommune, which has others, has none."""
    there = {(one.kommunekode, one.aar) for one in found}
    for year in {one.aar: one for one in found if one.kommunekode is None}.values():
        for kode in {kode for kode, _ in there if (kode, year.aar) not in there}:
            yield replace(year, kommunekode=kode, registreret=0, unge=0, gaeldende=0)


def _counted(connection: Connection, now: datetime, *, by_kommune: bool = True) -> list[ContactYear]:
    """Return the figures as of now, with 000 for registrars whose kommune is not known."""
    found = by_year(connection, now, by_kommune=by_kommune)
    # The whole country's rows come last.
    country = {one.aar: index for index, one in enumerate(found) if one.kommunekode is None}
    return [
        replace(one, kommunekode=UNKNOWN_KOMMUNE) if one.kommunekode is None and country[one.aar] != index else one
        for index, one in enumerate(found)
    ]


def _kept(connection: Connection, *, by_kommune: bool) -> Iterator[ContactYear]:
    for run in frozen.published_days(connection, KONTAKTER.kort).values():
        counts: dict[str | None, dict[str, int]] = {WHOLE_COUNTRY: {}}
        for one in frozen.figures(connection, run, kommuner=None if by_kommune else [None]):
            counts.setdefault(one.kommunekode, {})[one.maal] = one.antal
        is_bound = bool(counts[WHOLE_COUNTRY][NEDRE_GRAENSE])
        for kode, of_kommune in counts.items():
            yield ContactYear(
                kommunekode=kode,
                aar=run.dag.year,
                registreret=of_kommune.get(REGISTRERET, 0),
                unge=of_kommune.get(UNGE, 0),
                gaeldende=of_kommune.get(GAELDENDE, 0),
                nedre_graense=is_bound,
            )


def _figures(of_year: Sequence[ContactYear]) -> Iterator[Figure]:
    for one in of_year:
        for maal, count in ((REGISTRERET, one.registreret), (UNGE, one.unge), (GAELDENDE, one.gaeldende)):
            yield Figure(kommunekode=one.kommunekode, maal=maal, antal=count)
    is_bound = any(one.nedre_graense for one in of_year) if of_year else True
    yield Figure(kommunekode=None, maal=NEDRE_GRAENSE, antal=int(is_bound))


def _run(year: int, now: datetime, last: str) -> Run:
    return Run(
        definition=KONTAKTER.kort,
        version=KONTAKTER.version,
        dag=date(year, 12, 31),
        koersel=1,
        status=Status.ENDELIG,
        indkomst_maaned=None,
        beregnet=now,
        beregnet_af_nummer=event_number(int(last)),
        frosset=True,
        dagens_bopael=False,
    )
