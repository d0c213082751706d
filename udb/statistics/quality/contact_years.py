"""Contacts by kind, kommune and year, with the months of the registrations (docs/spec/quality.md, Contacts)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, func, select

from udb.domain.clock import danish_date, midnight
from udb.statistics.contacts import KUI, OF_INSTITUTION, ContactYear, Kind, by_month, by_year
from udb.statistics.quality import kept
from udb.statistics.seen import Count
from udb.store.contacts import JOBCENTER
from udb.store.tables import egen_kontakt, kontakt_historik, modtagelse, person

_NAME: Final = "kontakter"
_COUNTRY: Final = ""
"""The key of the whole country's row; a registrar without a kommune has the key of its own, NO_KOMMUNE."""
NO_KOMMUNE: Final = "-"
_DELETED: Final = 0


class Art(StrEnum):
    """The kinds of contact person."""

    KUI = "kui"
    JOBCENTER = "jobcenter"
    INSTITUTION = "institution"
    EGEN = "egen"


class Maal(StrEnum):
    """What is counted."""

    REGISTRERET = "registreret"
    UNGE = "unge"
    GAELDENDE = "gaeldende"


@dataclass(frozen=True, slots=True)
class Row:
    """The counts of a kommune by year, in the order of the years; of a kind of contact. None: hidden.

    ``maaneder``: the registrations of each year's months; empty where they are not known by month.
    """

    tal: Mapping[Maal, Sequence[Count]]
    maaneder: Mapping[int, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Years:
    """The figures of a kind. ``nedre_graense``: the years of which only at least so much is known.

    ``kommuner``: by code; NO_KOMMUNE for registrars without one. ``land``: all of them together.
    """

    aar: Sequence[int]
    nedre_graense: frozenset[int]
    kommuner: Mapping[str, Row]
    land: Row
    beregnet: datetime


def refresh_contacts(connection: Connection, now: datetime) -> None:
    """Keep the figures of every kind. ``now``: the domain's."""
    content = {
        Art.KUI: _reported(connection, now, KUI),
        Art.INSTITUTION: _reported(connection, now, OF_INSTITUTION),
        Art.JOBCENTER: _dated(now, _job_centres(connection), _known_from(connection)),
        Art.EGEN: _dated(now, _own(connection), None),
    }
    kept.keep(connection, _NAME, content, now)


def contact_years(connection: Connection, art: Art) -> Years | None:
    """Return the kept figures of a kind; None when none are worked out yet."""
    found = kept.kept(connection, _NAME, _made)
    if found is None:
        return None
    years, bounds, rows = found.content[art]
    kommuner = {kode: row for kode, row in rows.items() if kode != _COUNTRY}
    land = rows.get(_COUNTRY) or Row({maal: [0] * len(years) for maal in Maal}, {})
    return Years(years, bounds, kommuner, land, found.beregnet)


def of_institutions(connection: Connection, numbers: Sequence[str], now: datetime) -> Years:
    """Return the contacts that some institutions registered, counted now; all of them are in ``land``.

    ``now``: the domain's.
    """
    of, history = modtagelse.c, kontakt_historik.c
    reports = select(of.tid, of.person_id).where(
        of.institution_nummer.in_(numbers),
        of.service == OF_INSTITUTION.service,
        of.resultat == "A",
        of.slags == "ny",
    )
    held = select(history.person_id, history.fra, history.til).where(
        history.art == OF_INSTITUTION.art, history.institution_nummer.in_(numbers)
    )
    registered = [_Dated("", row[1] or _DELETED, row[0], None) for row in connection.execute(reports)]
    standing = [_Dated("", *row) for row in connection.execute(held)]
    known_from = _known_from(connection)
    content = _dated(now, registered, known_from)
    years, ends = content["aar"], _dated(now, standing, known_from)
    by_year_ = dict(zip(ends["aar"], ends["raekker"].get(_COUNTRY, {}).get(Maal.GAELDENDE, ()), strict=False))
    row = content["raekker"].get(_COUNTRY) or _counts([], years, now)
    row[Maal.GAELDENDE.value] = [by_year_.get(year, 0) for year in years]
    return Years(years, frozenset(content["nedre_graense"]), {}, _row(row), now)


def _made(content: Any) -> dict[Art, tuple[Sequence[int], frozenset[int], Mapping[str, Row]]]:
    return {
        Art(art): (
            of["aar"],
            frozenset(of["nedre_graense"]),
            {kode: _row(row) for kode, row in of["raekker"].items()},
        )
        for art, of in content.items()
    }


def _row(row: Mapping[str, Any]) -> Row:
    return Row({maal: row[maal] for maal in Maal}, {int(year): counts for year, counts in row["maaneder"].items()})


def _known_from(connection: Connection) -> datetime | None:
    found: datetime | None = connection.execute(
        select(func.min(modtagelse.c.tid)).where(~modtagelse.c.genskabt)
    ).scalar_one()
    return found


def _reported(connection: Connection, now: datetime, kind: Kind) -> dict[str, Any]:
    found = by_year(connection, now, kind=kind)
    years = sorted({one.aar for one in found}) or [now.year]
    months: dict[str, dict[int, list[int]]] = defaultdict(lambda: {year: [0] * 12 for year in years})
    for (kode, year, month), count in by_month(connection, years, kind=kind).items():
        for key in (kode or NO_KOMMUNE, _COUNTRY):
            months[key][year][month - 1] += count
    # by_year has the whole country last, under the same code as registrars without a kommune.
    country, kommuner = found[-len(years) :] if found else [], found[: -len(years)]
    rows: dict[str, list[ContactYear]] = defaultdict(list)
    for one in kommuner:
        rows[one.kommunekode or NO_KOMMUNE].append(one)
    rows[_COUNTRY] = country
    return {
        "aar": years,
        "nedre_graense": [one.aar for one in country if one.nedre_graense],
        "raekker": {
            kode: {
                **{maal.value: [getattr(one, maal) for one in of] for maal in Maal},
                "maaneder": months[kode],
            }
            for kode, of in rows.items()
            if of
        },
    }


@dataclass(frozen=True, slots=True)
class _Dated:
    kode: str | None
    person_id: int
    fra: datetime
    til: datetime | None


def _job_centres(connection: Connection) -> list[_Dated]:
    history = kontakt_historik.c
    query = select(person.c.kommunekode, history.person_id, history.fra, history.til)
    rows = connection.execute(query.join_from(kontakt_historik, person).where(history.art == JOBCENTER))
    return [_Dated(*row) for row in rows]


def _own(connection: Connection) -> list[_Dated]:
    """Return each youth's own contact, of the register that has the newest."""
    cpr = select(person.c.kommunekode, person.c.id, person.c.kontakt_registreret).where(
        person.c.kontakt_registreret.is_not(None), (person.c.mail.is_not(None)) | (person.c.telefon.is_not(None))
    )
    other = (
        select(person.c.kommunekode, person.c.id, egen_kontakt.c.registreret)
        .join_from(egen_kontakt, person)
        .where((egen_kontakt.c.mail.is_not(None)) | (egen_kontakt.c.telefon.is_not(None)))
    )
    newest: dict[int, _Dated] = {}
    for query in (cpr, other):
        for kode, number, registered in connection.execute(query):
            if number not in newest or newest[number].fra < registered:
                newest[number] = _Dated(kode, number, registered, None)
    return list(newest.values())


def _dated(now: datetime, contacts: Sequence[_Dated], known_from: datetime | None) -> dict[str, Any]:
    """Return the figures of contacts of which each has its days. ``known_from``: None: all is a lower bound."""
    first = min((danish_date(one.fra).year for one in contacts), default=now.year)
    years = list(range(first, max(first, now.year) + 1))
    by_kommune: dict[str, list[_Dated]] = defaultdict(list)
    for one in contacts:
        by_kommune[one.kode or NO_KOMMUNE].append(one)
        by_kommune[_COUNTRY].append(one)
    return {
        "aar": years,
        "nedre_graense": [year for year in years if known_from is None or midnight(date(year, 1, 1)) < known_from],
        "raekker": {kode: _counts(of, years, now) for kode, of in by_kommune.items()},
    }


def _counts(contacts: Sequence[_Dated], years: Sequence[int], now: datetime) -> dict[str, Any]:
    months = {year: [0] * 12 for year in years}
    youths: dict[int, set[int]] = defaultdict(set)
    for one in contacts:
        day = danish_date(one.fra)
        if day.year in months:
            months[day.year][day.month - 1] += 1
            # A report of a youth that retention has deleted names none.
            youths[day.year] |= {one.person_id} - {_DELETED}
    ends = {year: min(midnight(date(year + 1, 1, 1)), now) for year in years}
    # A register that has no time of day says midnight: what came on 1 January did not hold on 31 December.
    begun = [(one, danish_date(one.fra).year) for one in contacts if one.fra <= now]
    return {
        Maal.REGISTRERET.value: [sum(months[year]) for year in years],
        Maal.UNGE.value: [len(youths[year]) for year in years],
        Maal.GAELDENDE.value: [
            sum(first <= year and (one.til is None or one.til >= ends[year]) for one, first in begun) for year in years
        ],
        "maaneder": months,
    }
