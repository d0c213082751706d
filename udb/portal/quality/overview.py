"""The overview: four numbers, each with its change since last month and the page that says more."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import month_in_words, time_in_words
from udb.portal.pages import page
from udb.portal.quality.place import Place, place
from udb.portal.roles import may_open
from udb.portal.state import house, the_session
from udb.statistics.quality.contact_years import Art, Maal, Years, contact_years, of_institutions
from udb.statistics.quality.for_others import LACKING, STALE, for_others
from udb.statistics.quality.sender_rows import sender_rows
from udb.statistics.quality.youth_counts import Counts, added, youth_counts
from udb.statistics.seen import Count
from udb.statistics.verdict import Verdict
from udb.store.engine import reading

pages = Blueprint("quality", __name__, url_prefix="/kvalitet")
NOT_YET = "ikke regnet ud endnu"


@dataclass(frozen=True, slots=True)
class Tile:
    """A number. ``tal`` None: not worked out yet, or ``er_skjult``; ``aendring``: in words; ``pr``: as of when."""

    titel: str
    tal: int | None
    aendring: str
    link: str | None
    pr: str
    er_skjult: bool = False


@pages.get("/")
def overview() -> Response:
    """Show the four numbers of the session's own part."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        tiles = [_registered(connection, here), *_youths(connection, here), _silent(connection, here)]
    return page("quality/overview.html", here=here, tiles=tiles, has_hidden=any(one.er_skjult for one in tiles))


def years_of(connection: Connection, here: Place, art: Art) -> Years | None:
    """Return the contacts by year that a session may see, of an institution: its own alone."""
    if here.is_kommune or here.is_stil:
        return contact_years(connection, art)
    return of_institutions(connection, list(here.egne or ()), here.now)


def _registered(connection: Connection, here: Place) -> Tile:
    title = f"Kontaktpersoner registreret i {here.now.year}"
    found = years_of(connection, here, Art.KUI)
    if found is None:
        return Tile(title, None, "", None, NOT_YET)
    row = found.kommuner.get(here.kode) if here.kode is not None else found.land
    total = this_month = 0
    if row is not None and here.now.year in found.aar:
        total = row.tal[Maal.REGISTRERET][list(found.aar).index(here.now.year)] or 0
        this_month = row.maaneder.get(here.now.year, [0] * 12)[here.now.month - 1]
    change = f"heraf {this_month} i {month_in_words(here.now.date())}"
    return Tile(title, total, change, url_for("quality_contacts.contacts", **here.asked), time_in_words(found.beregnet))


def _youths(connection: Connection, here: Place) -> list[Tile]:
    if here.is_kommune or here.is_stil:
        titles = ("Forældede kontaktpersoner (KUI)", "Unge i KUI-målgruppen uden kontaktperson")
    else:
        titles = ("Forløb, der mangler afslutning", "Risikomarkeringer, der ikke er fornyet")
    found = _exact(connection, here) if here.exact else _for_others(connection, here)
    if found is None:
        return [Tile(title, None, "", None, NOT_YET) for title in titles]
    numbers, before, as_of = found
    link = url_for("quality_missing.lacking", **here.asked)
    return [
        Tile(title, count, _change(count, earlier, here), link, time_in_words(as_of), er_skjult=count is None)
        for title, count, earlier in zip(titles, numbers, before, strict=True)
    ]


_Numbers = tuple[Count, Count]


def _exact(connection: Connection, here: Place) -> tuple[_Numbers, _Numbers, datetime] | None:
    """Return the own counts, those of the month before, and when they were worked out."""
    found = youth_counts(connection)
    if found is None:
        return None
    if not here.is_kommune:
        courses = added(one for nummer, one in found.skoler.items() if here.may_see(nummer))
        return (courses.mangler_afslutning, courses.ikke_fornyet), (None, None), found.beregnet
    kui = found.kommuner.get(here.kode or "", Counts()).kontakter[Art.KUI]
    return (kui.foraeldede, kui.mangler or 0), found.foer.get(here.kode or "", (None, None)), found.beregnet


def _for_others(connection: Connection, here: Place) -> tuple[_Numbers, _Numbers, datetime] | None:
    found = for_others(connection)
    if found is None:
        return None
    numbers = (found.count(here.raekke, STALE), found.count(here.raekke, LACKING))
    return numbers, found.foer.get(here.raekke, (None, None)), found.beregnet


def _change(count: Count, before: Count, here: Place) -> str:
    """Return how a count of youths has changed, where it is known; an institution's is not kept."""
    if count is None or not (here.is_kommune or here.is_stil):
        return ""
    return _since(count, before, here)


def _since(count: int, before: int | None, here: Place) -> str:
    last = here.now.date().replace(day=1) - timedelta(days=1)
    if before is None:
        return f"intet tal fra {month_in_words(last)}"
    return f"{count - before:+d} siden {month_in_words(last)}" if count != before else f"som i {month_in_words(last)}"


def _silent(connection: Connection, here: Place) -> Tile:
    title = "Tavse afsendere"
    found = sender_rows(connection, here.egne.keys() if here.egne is not None else None)
    if found is None:
        return Tile(title, None, "", None, NOT_YET)
    silent = {(one.institution_nummer, one.service) for one in found.rows if one.vurdering is Verdict.TAVS}
    known = may_open("quality_senders.senders", the_session().rolle)
    link = url_for("quality_senders.senders", vurdering=Verdict.TAVS.value, **here.asked) if known else None
    change = _since(len(silent), len(found.tavse_foer), here)
    return Tile(title, len(silent), change, link, time_in_words(found.beregnet))
