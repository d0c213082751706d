"""Contacts by kommune and year, with a picture beside the table; and the months of a year."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Blueprint, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import month_in_words, time_in_words
from udb.portal.discreet import remark
from udb.portal.line_picture import Picture, Point, draw
from udb.portal.pages import page
from udb.portal.quality.overview import years_of
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Table, count, file, words
from udb.portal.state import house
from udb.statistics.quality.contact_years import NO_KOMMUNE, Art, Maal, Row, Years
from udb.statistics.quality.for_others import for_others
from udb.statistics.quality.year_tables import is_of_youths
from udb.statistics.seen import Count
from udb.statistics.system_change.marks import Mark, marks
from udb.store.engine import reading

pages = Blueprint("quality_contacts", __name__, url_prefix="/kvalitet/kontakter")
KINDS: Final = {
    Art.KUI: "Kommunens ungeindsats (KUI)",
    Art.JOBCENTER: "Jobcenter",
    Art.INSTITUTION: "Institution",
    Art.EGEN: "Den unge selv",
}
MEASURES: Final = {
    Maal.REGISTRERET: "Registrerede kontakter",
    Maal.UNGE: "Unge med ny kontakt",
    Maal.GAELDENDE: "Gældende ved årets udgang",
}
COUNTRY: Final = "land"
_COUNTRY_NAME: Final = "Hele landet"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page and its file show."""

    here: Place
    years: Years
    art: Art
    maal: Maal
    table: Table
    picture: Picture | None
    line: str

    @property
    def counts_youths(self) -> bool:
        """Whether the numbers are of youths."""
        return is_of_youths(self.art, self.maal)

    @property
    def remark(self) -> str | None:
        """What the file says of its numbers."""
        return remark(exact=self.here.exact) if self.counts_youths else None


@pages.get("/")
def contacts() -> Response:
    """Show the contacts by year."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _shown(connection, here)
    if found is None:
        return page("quality/not_yet.html", titel="Kontakter pr. kommune og år", here=here)
    return page(
        "quality/contacts.html",
        found=found,
        here=here,
        kinds=_kinds(here),
        measures=MEASURES,
        as_of=time_in_words(found.years.beregnet),
        bounds=sorted(found.years.nedre_graense),
        asked=request.args,
    )


@pages.get("/hent.csv")
def contacts_file() -> Response:
    """Give the same table as a file."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _shown(connection, here)
    return missing() if found is None else file(found.table, "kontakter", found.remark)


@pages.get("/maaneder")
def months() -> Response:
    """Show the months of a row's year."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _shown(connection, here, Maal.REGISTRERET)
        shown = _months(connection, found, here) if found is not None else None
    if found is None or shown is None:
        return missing()
    table, picture, name, year = shown
    return page(
        "quality/months.html",
        table=table,
        picture=picture,
        name=name,
        year=year,
        found=found,
        here=here,
        kind=KINDS[found.art],
        asked=request.args,
        as_of=time_in_words(found.years.beregnet),
        at_least=year in found.years.nedre_graense,
    )


@pages.get("/maaneder/hent.csv")
def months_file() -> Response:
    """Give the months of a row's year as a file."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _shown(connection, here, Maal.REGISTRERET)
        shown = _months(connection, found, here) if found is not None else None
    if found is None or shown is None:
        return missing()
    return file(shown[0], "kontakter-maaneder", found.remark)


def _kinds(here: Place) -> dict[Art, str]:
    return KINDS if here.is_kommune or here.is_stil else {Art.INSTITUTION: KINDS[Art.INSTITUTION]}


def _years(connection: Connection, here: Place, art: Art, maal: Maal) -> Years | None:
    """Return the figures as the session may see them: of youths that are not its own, those kept for others."""
    if here.exact or not is_of_youths(art, maal):
        return years_of(connection, here, art)
    others = for_others(connection)
    return others.years(art) if others is not None else None


def _shown(connection: Connection, here: Place, of: Maal | None = None) -> Shown | None:
    """Return what a request asks for; ``of``: the measure, whatever it asks for."""
    asked, kinds = request.args, _kinds(here)
    art = Art(asked["art"]) if asked.get("art") in set(kinds) else next(iter(kinds))
    maal = of or (Maal(asked["maal"]) if asked.get("maal") in set(Maal) else Maal.REGISTRERET)
    years = _years(connection, here, art, maal)
    if years is None:
        return None
    rows = _rows(here, years, art, maal)
    columns = [
        Column("kommunekode", "Nr.", is_number=False),
        Column("navn", "Kommune" if here.is_kommune or here.is_stil else "Institution", is_number=False),
        *(Column(str(year), f"{year} til nu" if year == here.now.year else str(year)) for year in years.aar),
    ]
    cells = [[words(kode), words(name), *_cells(here, kode, row, years, art, maal)] for kode, name, row in rows]
    line = asked.get("linje", "")
    chosen = next((one for one in rows if one[0] == line), rows[0] if rows else None)
    picture = None
    if chosen is not None:
        labels, bounds = [str(year) for year in years.aar], {str(year) for year in years.nedre_graense}
        title = f"{MEASURES[maal]}, {KINDS[art]}, {chosen[1]}"
        changed = _marks(connection, here, chosen[0], years.aar)
        by_year = _together((str(one.dag.year), one) for one in changed)
        points = [
            Point(label, value, mindst=label in bounds)
            for label, value in zip(labels, chosen[2].tal[maal], strict=True)
        ]
        picture = draw(title, points, happened=by_year)
    table = Table(MEASURES[maal], columns, cells).ordered(asked)
    return Shown(here, years, art, maal, table, picture, chosen[0] if chosen is not None else "")


def _rows(here: Place, years: Years, art: Art, maal: Maal) -> list[tuple[str, str, Row]]:
    """Return number, name and counts of each row: the own first, then the country, then the others by number."""
    nothing = Row({one: [0] * len(years.aar) for one in Maal}, {})
    if not (here.is_kommune or here.is_stil):
        return [(here.nummer or "", here.navn, years.land)]
    country = (COUNTRY, _COUNTRY_NAME, years.land)
    every = [(one.kode, one.navn, years.kommuner.get(one.kode, nothing)) for one in here.kommuner.values()]
    if NO_KOMMUNE in years.kommuner:
        every.append((NO_KOMMUNE, "Uden kommune", years.kommuner[NO_KOMMUNE]))
    if here.is_stil:
        return [country, *every]
    own = [one for one in every if one[0] == here.kode]
    if is_of_youths(art, maal):
        return own
    others = [one for one in every if one[0] != here.kode] if here.aaben else []
    return [*own, country, *others]


def _cells(here: Place, kode: str, row: Row, years: Years, art: Art, maal: Maal) -> Sequence[Cell]:
    found = []
    for year, value in zip(years.aar, row.tal[maal], strict=True):
        link = None
        if maal is Maal.REGISTRERET and row.maaneder:
            link = url_for("quality_contacts.months", art=art.value, raekke=kode, aar=year, **here.asked)
        found.append(count(value, mindst=year in years.nedre_graense, link=link))
    return found


def _months(connection: Connection, found: Shown, here: Place) -> tuple[Table, Picture | None, str, int] | None:
    said, kode = request.args.get("aar", ""), request.args.get("raekke", "")
    year = next((one for one in found.years.aar if str(one) == said), None)
    row = next((one for one in _rows(here, found.years, found.art, Maal.REGISTRERET) if one[0] == kode), None)
    if year is None or row is None:
        return None
    # The months of youths are shown to nobody else.
    is_hidden = found.counts_youths and not here.exact
    counts: Sequence[Count] = [None] * 12 if is_hidden else row[2].maaneder.get(year, [0] * 12)
    until = here.now.month if year == here.now.year else 12
    labels = [month_in_words(here.now.date().replace(year=year, month=month, day=1)) for month in range(1, until + 1)]
    at_least = year in found.years.nedre_graense
    table = Table(
        f"Registrerede kontakter i {year}",
        [Column("maaned", "Måned", is_number=False), Column("registreret", MEASURES[Maal.REGISTRERET])],
        [[words(label), count(value, mindst=at_least)] for label, value in zip(labels, counts[:until], strict=True)],
    )
    short = [label.split()[0][:3] for label in labels]
    title = f"{MEASURES[Maal.REGISTRERET]}, {row[1]}, {year}"
    by_month = _together((short[one.dag.month - 1], one) for one in _marks(connection, here, kode, [year]))
    points = [Point(label, value, mindst=at_least) for label, value in zip(short, counts[:until], strict=True)]
    return table, draw(title, points, happened=by_month), row[1], year


def _marks(connection: Connection, here: Place, kode: str, years: Sequence[int]) -> Sequence[Mark]:
    """Return the changes of source system of a row in some years; of another kommune's row none, but to STIL."""
    if here.is_stil:
        nummer = here.kommuner[kode].nummer if kode in here.kommuner else None
    else:
        nummer = here.nummer if kode in {here.kode, here.nummer} else None
    last = min(date(max(years), 12, 31), here.now.date())
    return marks(connection, nummer, date(min(years), 1, 1), last) if nummer else ()


def _together(found: Iterable[tuple[str, Mark]]) -> Mapping[str, str]:
    """Return the words of the marks of each label."""
    words_of: dict[str, str] = {}
    for label, mark in found:
        words_of[label] = f"{words_of[label]} og {mark.tekst}" if label in words_of else mark.tekst
    return words_of
