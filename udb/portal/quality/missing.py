"""Stale and missing contacts by kommune and kind, and courses that lack an end or a renewed risk mark."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Final

from flask import Blueprint, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import time_in_words
from udb.hentning.kommune.list_job import MANGLER as LACKING
from udb.hentning.kommune.quality import FORAELDET as STALE
from udb.portal.discreet import remark
from udb.portal.pages import page
from udb.portal.quality.contacts import KINDS
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Table, count, file, share, words
from udb.portal.state import house
from udb.statistics.definitions.missing_end import MANGLER
from udb.statistics.definitions.risk import RISIKO
from udb.statistics.definitions.stale import FORAELDET
from udb.statistics.quality.contact_years import Art
from udb.statistics.quality.for_others import for_others
from udb.statistics.quality.youth_counts import Counts, added, youth_counts
from udb.statistics.quality.youth_tables import COURSES, by_name, name
from udb.statistics.seen import Count as Number
from udb.store.engine import reading

pages = Blueprint("quality_missing", __name__, url_prefix="/kvalitet/mangler")
_COUNTRY: Final = "Hele landet"
_CONTACTS: Final = (
    Column("kommunekode", "Nr.", is_number=False),
    Column("navn", "Kommune", is_number=False),
    Column("slags", "Kontaktperson", is_number=False),
    Column("gaeldende", "Gældende"),
    Column("foraeldede", "Heraf forældede"),
    Column("foraeldede_pct", "Forældede, pct."),
    Column("mangler", "Mangler"),
    Column("af", "Af så mange, der skal have"),
    Column("mangler_pct", "Mangler, pct."),
)
_COURSES: Final = (
    Column("nummer", "Nr.", is_number=False),
    Column("navn", "Navn", is_number=False),
    Column("aabne", "Åbne forløb"),
    Column("mangler_afslutning", "Mangler afslutning"),
    Column("mangler_pct", "Mangler, pct."),
    Column("risiko", "Markeret med risiko"),
    Column("ikke_fornyet", "Ikke fornyet i 90 dage"),
)


Get = Callable[[str], Number]
"""A row's counts by name."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the tables show: number, name and counts of each row. ``own``: those of the own kommune, exactly."""

    here: Place
    rows: Sequence[tuple[str, str, Get]]
    beregnet: datetime
    own: Counts | None = None

    @property
    def contacts(self) -> Table | None:
        """The table of contacts; None for an institution, whose youths these are not."""
        if not (self.here.is_kommune or self.here.is_stil):
            return None
        rows = [
            [words(nummer), words(navn), words(KINDS[art]), *_contact_cells(get, art)]
            for nummer, navn, get in self.rows
            for art in Art
        ]
        return Table("Kontaktpersoner", _CONTACTS, rows)

    @property
    def courses(self) -> Table:
        """The table of courses."""
        rows = [[words(nummer), words(navn), *_course_cells(get)] for nummer, navn, get in self.rows]
        return Table("Forløb", _COURSES, rows)


@pages.get("/")
def lacking() -> Response:
    """Show what is stale and missing."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _found(connection, here)
    if found is None:
        return page("quality/not_yet.html", titel="Forældede og manglende", here=here)
    return page(
        "quality/missing_contacts.html",
        here=here,
        contacts=found.contacts,
        courses=found.courses,
        as_of=time_in_words(found.beregnet),
        definitions=(FORAELDET, MANGLER, RISIKO),
        own=found.own,
        stale=url_for("residents.listed", kontakt=STALE) if here.is_kommune else None,
        without=url_for("residents.listed", kontakt=LACKING) if here.is_kommune else None,
    )


@pages.get("/kontakter.csv")
def contacts_file() -> Response:
    """Give the table of contacts as a file."""
    return _file("kontakter-mangler", lambda found: found.contacts)


@pages.get("/forloeb.csv")
def courses_file() -> Response:
    """Give the table of courses as a file."""
    return _file("forloeb-mangler", lambda found: found.courses)


def _file(navn: str, of: Callable[[Found], Table | None]) -> Response:
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _found(connection, here)
    table = of(found) if found is not None else None
    return missing() if table is None else file(table, navn, remark(exact=here.exact))


def _found(connection: Connection, here: Place) -> Found | None:
    if here.exact:
        return _exact(connection, here)
    others = for_others(connection)
    if others is None:
        return None
    own = (here.kode or "", _COUNTRY if here.is_stil else here.navn, partial(others.count, here.raekke))
    every = here.kommuner.values() if here.is_stil else ()
    rows = [own, *((one.kode, one.navn, partial(others.count, one.kode)) for one in every)]
    return Found(here, rows, others.beregnet)


def _exact(connection: Connection, here: Place) -> Found | None:
    counts = youth_counts(connection)
    if counts is None:
        return None
    if here.is_kommune:
        own = counts.kommuner.get(here.kode or "", Counts())
        return Found(here, [(here.kode or "", here.navn, by_name(own).get)], counts.beregnet, own)
    courses = added(one for nummer, one in counts.skoler.items() if here.may_see(nummer))
    named = {name(COURSES, one): value for one, value in asdict(courses).items()}
    return Found(here, [(here.nummer or "", here.navn, named.get)], counts.beregnet)


def _contact_cells(get: Get, art: Art) -> list[Cell]:
    standing, stale, lacks, of = (get(name(art, one)) for one in ("gaeldende", "foraeldede", "mangler", "af"))
    cells = [count(standing), count(stale), share(stale, standing)]
    if art is Art.EGEN:
        return [*cells, words("ingen regel"), words(""), words("")]
    return [*cells, count(lacks), count(of), share(lacks, of)]


def _course_cells(get: Get) -> list[Cell]:
    names = ("aabne", "mangler_afslutning", "risiko", "ikke_fornyet")
    open_, lacks, at_risk, old = (get(name(COURSES, one)) for one in names)
    return [count(open_), count(lacks), share(lacks, open_), count(at_risk), count(old)]
