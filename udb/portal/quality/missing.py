"""Stale and missing contacts by kommune and kind, and courses that lack an end or a renewed risk mark."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import time_in_words
from udb.hentning.kommune.list_job import MANGLER as LACKING
from udb.hentning.kommune.quality import FORAELDET as STALE
from udb.portal.pages import page
from udb.portal.quality.contacts import KINDS
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Table, file, number, share, words
from udb.portal.state import house
from udb.statistics.definitions.missing_end import MANGLER
from udb.statistics.definitions.risk import RISIKO
from udb.statistics.definitions.stale import FORAELDET
from udb.statistics.quality.contact_years import Art
from udb.statistics.quality.youth_counts import ContactCount, Counts, CourseCount, Youths, added, youth_counts
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


@pages.get("/")
def lacking() -> Response:
    """Show what is stale and missing."""
    with reading(house().context.engine) as connection:
        here, found = _found(connection)
    if found is None:
        return page("quality/not_yet.html", titel="Forældede og manglende", here=here)
    own = found.kommuner.get(here.kode or "")
    return page(
        "quality/missing_contacts.html",
        here=here,
        contacts=_contacts(here, found),
        courses=_courses(here, found),
        as_of=time_in_words(found.beregnet),
        definitions=(FORAELDET, MANGLER, RISIKO),
        own=own,
        stale=url_for("residents.listed", kontakt=STALE) if here.is_kommune else None,
        without=url_for("residents.listed", kontakt=LACKING) if here.is_kommune else None,
    )


@pages.get("/kontakter.csv")
def contacts_file() -> Response:
    """Give the table of contacts as a file: one kommune's, or the whole country's row."""
    with reading(house().context.engine) as connection:
        here, found = _found(connection)
    table = _contacts(here, found, for_file=True) if found is not None else None
    return file(table, "kontakter-mangler") if table is not None else missing()


@pages.get("/forloeb.csv")
def courses_file() -> Response:
    """Give the table of courses as a file."""
    with reading(house().context.engine) as connection:
        here, found = _found(connection)
    return file(_courses(here, found, for_file=True), "forloeb-mangler") if found is not None else missing()


def _found(connection: Connection) -> tuple[Place, Youths | None]:
    return place(connection), youth_counts(connection)


def _kommuner(here: Place, found: Youths, *, for_file: bool) -> list[tuple[str, str, Sequence[Counts]]]:
    """Return code, name and counts of each row. A file has no more than one kommune, or the country as one."""
    if here.is_kommune:
        return [(here.kode or "", here.navn, [found.kommuner.get(here.kode or "", Counts())])]
    country = ("", _COUNTRY, list(found.kommuner.values()))
    if for_file:
        return [country]
    every = here.kommuner.values()
    return [country, *((one.kode, one.navn, [found.kommuner.get(one.kode, Counts())]) for one in every)]


def _contacts(here: Place, found: Youths, *, for_file: bool = False) -> Table | None:
    """Return the table of contacts; None for an institution, whose youths these are not."""
    if not (here.is_kommune or here.is_stil):
        return None
    rows = [
        [words(kode), words(name), words(KINDS[art]), *_contact_cells([one.kontakter[art] for one in counts])]
        for kode, name, counts in _kommuner(here, found, for_file=for_file)
        for art in Art
    ]
    return Table("Kontaktpersoner", _CONTACTS, rows)


def _contact_cells(counts: Sequence[ContactCount]) -> list[Cell]:
    standing, stale = sum(one.gaeldende for one in counts), sum(one.foraeldede for one in counts)
    cells = [number(standing), number(stale), share(stale, standing)]
    if any(one.af is None for one in counts):
        return [*cells, words("ingen regel"), words(""), words("")]
    lacking_, of = sum(one.mangler or 0 for one in counts), sum(one.af or 0 for one in counts)
    return [*cells, number(lacking_), number(of), share(lacking_, of)]


def _courses(here: Place, found: Youths, *, for_file: bool = False) -> Table:
    if here.is_kommune or here.is_stil:
        rows = [
            (kode, name, added(one.forloeb for one in counts))
            for kode, name, counts in _kommuner(here, found, for_file=for_file)
        ]
    else:
        own = [(nummer, found.skoler[nummer]) for nummer in here.egne or () if nummer in found.skoler]
        rows = [(here.nummer or "", here.navn, added(one for _, one in own))]
    return Table("Forløb", _COURSES, [_course_cells(*row) for row in rows])


def _course_cells(nummer: str, name: str, counts: CourseCount) -> list[Cell]:
    return [
        words(nummer),
        words(name),
        number(counts.aabne),
        number(counts.mangler_afslutning),
        share(counts.mangler_afslutning, counts.aabne),
        number(counts.risiko),
        number(counts.ikke_fornyet),
    ]
