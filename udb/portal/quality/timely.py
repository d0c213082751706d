"""How late reports are: a month's senders, and a sender's months."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import month_in_words, time_in_words
from udb.portal.pages import page
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Table, decimal, file, number, share, words
from udb.portal.state import house
from udb.portal.youths.listing import page_number
from udb.statistics.quality.delays import FORSINKELSE, figures, together
from udb.statistics.quality.timeliness import Slags, by_month, country, first_day, lines, months
from udb.store.engine import reading

pages = Blueprint("quality_timely", __name__, url_prefix="/kvalitet/rettidighed")
KINDS: Final = {
    Slags.AFBRUDT: "Afbrud",
    Slags.GENNEMFOERT: "Gennemført",
    Slags.RISIKO: "Risiko for frafald",
    Slags.OPTAGET: "Optag og ændring",
}
SIZE: Final = 100
_MOST: Final = 1000
_FIGURES: Final = (
    Column("antal", "Antal"),
    Column("samme_dag_pct", "Samme dag, pct."),
    Column("inden_3_dage_pct", "Inden 3 dage, pct."),
    Column("median", "Median, dage"),
    Column("p90", "90 pct. inden for, dage"),
    Column("dage_0", "0 dage"),
    Column("dage_1_3", "1-3 dage"),
    Column("dage_4_7", "4-7 dage"),
    Column("dage_8_30", "8-30 dage"),
    Column("dage_over_30", "Over 30 dage"),
)
_SENDER: Final = (
    Column("institution", "Nr.", is_number=False),
    Column("navn", "Navn", is_number=False),
    Column("tjeneste", "Tjeneste", is_number=False),
    Column("system", "System", is_number=False),
    Column("slags", "Hændelse", is_number=False),
)
_MONTH: Final = (Column("maaned", "Måned", is_number=False), Column("slags", "Hændelse", is_number=False))
_UNKNOWN: Final = "ukendt"


@pages.get("/")
def month() -> Response:
    """Show a month's senders."""
    asked = request.args
    with reading(house().context.engine) as connection:
        here, known = place(connection), months(connection)
        chosen = _chosen(known)
        table, as_of = _table(connection, here, chosen) if chosen is not None else (None, "")
    if table is None:
        return page("quality/not_yet.html", titel="Rettidighed", here=here)
    number_ = page_number(asked, _MOST)
    return page(
        "quality/timely.html",
        here=here,
        table=table.page(number_, SIZE),
        months={name: month_in_words(first_day(name)) for name in known},
        chosen=chosen,
        kinds=KINDS,
        asked=asked,
        as_of=as_of,
        definition=FORSINKELSE,
        number=number_,
        is_last=number_ * SIZE >= len(table.rows),
        kept={name: asked[name] for name in ("maaned", "slags", "sorter", "retning") if asked.get(name)},
    )


@pages.get("/hent.csv")
def month_file() -> Response:
    """Give a month's senders as a file, all of them."""
    with reading(house().context.engine) as connection:
        here, chosen = place(connection), _chosen(months(connection))
        table = _table(connection, here, chosen)[0] if chosen is not None else None
    return file(table, "rettidighed") if table is not None else missing()


@pages.get("/afsender")
def sender() -> Response:
    """Show a sender's months."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = asked_sender(here)
        table = _by_month(connection, found) if found is not None else None
    if found is None or table is None:
        return missing()
    return page("quality/timely_sender.html", here=here, table=table, sender=found, name=here.navne.get(found[0], ""))


@pages.get("/afsender/hent.csv")
def sender_file() -> Response:
    """Give a sender's months as a file."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = asked_sender(here)
        table = _by_month(connection, found) if found is not None else None
    return file(table, "rettidighed-afsender") if table is not None else missing()


def asked_sender(here: Place) -> tuple[str, str, str | None] | None:
    """Return institution, service and system that an address names; None when it names none that may be seen."""
    asked = request.args
    nummer, service = asked.get("institution", ""), asked.get("tjeneste", "")
    if not nummer or not service or not here.may_see(nummer):
        return None
    return nummer, service, asked.get("system") or None


def sender_link(endpoint: str, nummer: str, service: str, system_id: str | None) -> str:
    """Return the address of a page about a sender."""
    return url_for(endpoint, institution=nummer, tjeneste=service, system=system_id or "")


def figure_cells(dage: Mapping[int, int]) -> list[Cell]:
    """Return the cells of a row's figures."""
    found = figures(dage)
    if found is None:
        return [number(0), *(words("") for _ in range(len(_FIGURES) - 1))]
    return [
        number(found.antal),
        share(found.samme_dag, found.antal),
        share(found.inden_tre, found.antal),
        Cell(decimal(found.median), found.median),
        number(found.p90),
        *(number(count) for count in found.spande),
    ]


def _chosen(known: list[str]) -> str | None:
    said = request.args.get("maaned")
    return said if said in known else next(iter(known), None)


def _table(connection: Connection, here: Place, chosen: str) -> tuple[Table | None, str]:
    found = lines(connection, chosen, here.talte)
    if found is None:
        return None, ""
    rows, beregnet = found
    wanted = [slags for slags in Slags if request.args.get("slags", slags) == slags]
    cells = [
        [
            words(one.institution_nummer),
            words(
                here.navne.get(one.institution_nummer, one.institution_nummer),
                sender_link("quality_timely.sender", one.institution_nummer, one.service, one.system_id)
                if here.may_see(one.institution_nummer)
                else None,
            ),
            words(one.service),
            words(one.system_id or _UNKNOWN),
            words(KINDS[one.slags]),
            *figure_cells(one.dage),
        ]
        for one in rows
        if one.slags in wanted
    ]
    own = [
        [*_sum_head(here.navn if here.egne is not None else "Hele landet"), words(KINDS[slags]), *figure_cells(dage)]
        for slags in wanted
        if (dage := together(one.dage for one in rows if one.slags is slags and here.may_see(one.institution_nummer)))
    ]
    land = country(connection, chosen) if here.is_kommune else {}
    country_rows = [
        [*_sum_head("Hele landet"), words(KINDS[slags]), *figure_cells(land[slags])]
        for slags in wanted
        if slags in land
    ]
    table = Table("Rettidighed", (*_SENDER, *_FIGURES), cells).ordered(request.args)
    whole = Table("Rettidighed", table.columns, [*own, *country_rows, *table.rows])
    return whole, time_in_words(beregnet)


def _sum_head(name: str) -> list[Cell]:
    return [words(""), words(f"{name}, i alt"), words(""), words("")]


def _by_month(connection: Connection, found: tuple[str, str, str | None]) -> Table:
    known = months(connection)
    rows = [
        [words(month_in_words(first_day(name))), words(KINDS[slags]), *figure_cells(dage[slags])]
        for name, dage in by_month(connection, found, known).items()
        for slags in Slags
        if slags in dage
    ]
    return Table("Rettidighed pr. måned", (*_MONTH, *_FIGURES), rows)
