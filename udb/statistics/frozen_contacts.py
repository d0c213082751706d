"""Contact persons by kommune and year, of which the years that are over are kept as they were counted once.

Retention deletes youths and old reports; the counts of a year must not melt with them (docs/spec/ground.md).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Engine, select

from udb.domain.identifiers import event_number
from udb.statistics import frozen
from udb.statistics.contacts import ContactYear, by_year
from udb.statistics.definitions.definition import Definition
from udb.statistics.frozen import UNKNOWN_KOMMUNE, Figure, Run, Status
from udb.store import state
from udb.store.engine import reading, writing
from udb.store.tables import counter

KONTAKTER: Final = Definition(
    kort="kontakter",
    navn="Registrerede kontaktpersoner",
    version="v1",
    kilde="UDB-vejledningen 5.1; styrelsens undersøgelse af kontaktoplysninger 2025",
    formel="Accepterede indberetninger om en kommunes kontaktpersoner i året (dansk tid), uden sletninger og "
    "gentagelser; de forskellige unge, de handler om; og de kontakter, der gjaldt, da året sluttede. Kommunen er "
    "den, der registrerede.",
    eksempel="En kontakt, der udskiftes to gange på et år, giver tre registrerede, én ung og én gældende.",
)
REGISTRERET, UNGE, GAELDENDE = "registreret", "unge", "gaeldende"
NEDRE_GRAENSE: Final = "nedre_graense"
"""A measure that is 1 when part of the year is from before reports were kept."""


def freeze_contacts(engine: Engine) -> list[int]:
    """Keep the counts of the years that are over and not kept yet; return these years. Raises DatabaseUnavailable."""
    with reading(engine) as connection:
        now = state.now(connection)
        kept = set(frozen_years(connection))
        found = [one for one in _counted(connection, now) if one.aar < now.year and one.aar not in kept]
        last = connection.execute(select(counter.c.last)).scalar_one()
    years = sorted({one.aar for one in found})
    if years:
        with writing(engine) as connection:
            for year in years:
                of_year = [one for one in found if one.aar == year]
                frozen.write(connection, _run(year, now, last), list(_figures(of_year)))
    return years


def frozen_years(connection: Connection) -> list[int]:
    """Return the years whose counts are kept, in ascending order."""
    return sorted({run.dag.year for run in frozen.runs(connection, KONTAKTER.kort)})


def contacts_by_year(connection: Connection, now: datetime, *, by_kommune: bool = True) -> list[ContactYear]:
    """Return the figures of each year as ``by_year`` does: of a year that is kept, what is kept; else as of now."""
    kept = list(_kept(connection, by_kommune=by_kommune))
    years = {one.aar for one in kept}
    found = [*kept, *(one for one in _counted(connection, now, by_kommune=by_kommune) if one.aar not in years)]
    return sorted(found, key=lambda one: (one.kommunekode is None, one.kommunekode or "", one.aar))


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
        counts: dict[str | None, dict[str, int]] = {}
        for one in frozen.figures(connection, run, kommuner=None if by_kommune else [None]):
            counts.setdefault(one.kommunekode, {})[one.maal] = one.antal
        is_bound = bool(counts[None][NEDRE_GRAENSE])
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
    country = next(one for one in of_year if one.kommunekode is None)
    yield Figure(kommunekode=None, maal=NEDRE_GRAENSE, antal=int(country.nedre_graense))


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
