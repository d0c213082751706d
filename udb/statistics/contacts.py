"""Contact persons by kommune and year (docs/spec/ground.md, Contacts of a year)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, case, func, null, select

from udb.domain.clock import add_months, danish_date, midnight
from udb.domain.services import INSTITUTION_KONTAKT, KONTAKTPERSON
from udb.store.contacts import INSTITUTION, KOMMUNE
from udb.store.tables import institution, kontakt_historik, modtagelse

WHOLE_COUNTRY: Final = None
"""The kommunekode of the rows that count all kommuner."""
_Month = tuple[str | None, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactYear:
    """The contacts that a kommune registered in a year; ``kommunekode`` None: all kommuner together.

    ``registreret``: accepted reports, without deletions and repetitions. ``unge``: how many youths they are about, of
    those that retention has not deleted. ``gaeldende``: contacts that held at the end of the year, or now.
    ``nedre_graense``: at least so many, since part of the year is from before reports were kept.
    """

    kommunekode: str | None
    aar: int
    registreret: int
    unge: int
    gaeldende: int
    nedre_graense: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of contact person that reports register: the service, and the kind in ``kontakt_historik``."""

    service: str
    art: str


KUI: Final = Kind(KONTAKTPERSON, KOMMUNE)
OF_INSTITUTION: Final = Kind(INSTITUTION_KONTAKT, INSTITUTION)


def by_year(connection: Connection, now: datetime, *, by_kommune: bool = True, kind: Kind = KUI) -> list[ContactYear]:
    """Return the figures of each year from the first known one on, by kommune and year, then the whole country's.

    A kommune without any contact in all these years is not among them.

    The kommune is that of the registrar by today's register: that which administers it, else the one in which it lies.
    ``now``: the domain's.
    """
    first = connection.execute(select(func.min(modtagelse.c.tid)).where(_registered(kind))).scalar_one()
    if first is None:
        return []
    known_from = connection.execute(select(func.min(modtagelse.c.tid)).where(~modtagelse.c.genskabt)).scalar_one()
    years = range(danish_date(first).year, max(danish_date(first), now.date()).year + 1)
    found: list[ContactYear] = []
    for grouped in (True, False) if by_kommune else (False,):
        reported = _reported(connection, kind, years, grouped=grouped)
        standing: dict[_Key, int] = {}
        for year in years:
            at = min(midnight(date(year + 1, 1, 1)), now)
            standing |= {(kode, year): count for kode, count in _standing(connection, kind, at, grouped=grouped)}
        kommuner = {kode for kode, _ in (*reported, *standing)}
        for kode, year in sorted(product(kommuner, years), key=lambda key: (key[0] or "", key[1])):
            count, youths = reported.get((kode, year), (0, 0))
            found.append(
                ContactYear(
                    kommunekode=kode,
                    aar=year,
                    registreret=count,
                    unge=youths,
                    gaeldende=standing.get((kode, year), 0),
                    nedre_graense=known_from is None or midnight(date(year, 1, 1)) < known_from,
                )
            )
    return found


def by_month(connection: Connection, years: Sequence[int], *, kind: Kind = KUI) -> dict[_Month, int]:
    """Return how many contacts were registered, by kommune, year and month; a month without any is left out.

    ``years``: all that there are, in ascending order.
    """
    months = [date(year, month, 1) for year in years for month in range(1, 13)]
    until = [(modtagelse.c.tid < midnight(add_months(first, 1)), index) for index, first in enumerate(months)]
    numbered = (
        select(modtagelse.c.institution_nummer, case(*until, else_=len(months) - 1).label("month"))
        .where(_registered(kind))
        .subquery()
    )
    source = numbered.outerjoin(institution, institution.c.nummer == numbered.c.institution_nummer)
    each = select(_kommune(grouped=True).label("kode"), numbered.c.month).select_from(source).subquery()
    query = select(each.c.kode, each.c.month, func.count()).group_by(each.c.kode, each.c.month)
    return {(kode, months[index].year, months[index].month): count for kode, index, count in connection.execute(query)}


def _registered(kind: Kind) -> ColumnElement[bool]:
    return and_(modtagelse.c.service == kind.service, modtagelse.c.resultat == "A", modtagelse.c.slags == "ny")


_Key = tuple[str | None, int]


def _reported(
    connection: Connection, kind: Kind, years: Sequence[int], *, grouped: bool
) -> dict[_Key, tuple[int, int]]:
    until = [(modtagelse.c.tid < midnight(date(year + 1, 1, 1)), year) for year in years]
    numbered = (
        select(modtagelse.c.institution_nummer, modtagelse.c.person_id, case(*until, else_=years[-1]).label("year"))
        .where(_registered(kind))
        .subquery()
    )
    kommune = _kommune(grouped=grouped)
    source = numbered.outerjoin(institution, institution.c.nummer == numbered.c.institution_nummer)
    figures = (kommune, numbered.c.year, func.count(), func.count(numbered.c.person_id.distinct()))
    query = select(*figures).select_from(source).group_by(*([kommune] if grouped else []), numbered.c.year)
    return {(kode, year): (count, youths) for kode, year, count, youths in connection.execute(query)}


def _standing(connection: Connection, kind: Kind, at: datetime, *, grouped: bool) -> list[tuple[str | None, int]]:
    history = kontakt_historik.c
    holds = and_(history.art == kind.art, history.fra <= at, (history.til.is_(None)) | (history.til >= at))
    kommune = _kommune(grouped=grouped)
    source = kontakt_historik.outerjoin(institution, institution.c.nummer == history.institution_nummer)
    query = select(kommune, func.count()).select_from(source).where(holds)
    return [(kode, count) for kode, count in connection.execute(query.group_by(kommune) if grouped else query)]


def _kommune(*, grouped: bool) -> ColumnElement[Any]:
    if not grouped:
        return null().label("kommune")
    return func.coalesce(institution.c.administrerende_kommune, institution.c.beliggenhedskommune)
