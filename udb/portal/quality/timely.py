"""How late reports are: a month's senders, and a sender's months."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from flask import Blueprint, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import month_in_words, time_in_words
from udb.portal.pages import page
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Key, Table, decimal, file, in_order, number, share, words
from udb.portal.state import house
from udb.portal.youths.listing import page_number
from udb.statistics.quality.delays import FORSINKELSE, Delay, figures, together
from udb.statistics.quality.timeliness import Line, Slags, by_month, country, first_day, lines, months
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
_BUCKETS: Final = (
    Column("dage_0", "0 dage"),
    Column("dage_1_3", "1-3 dage"),
    Column("dage_4_7", "4-7 dage"),
    Column("dage_8_30", "8-30 dage"),
    Column("dage_over_30", "Over 30 dage"),
)
_FIGURES: Final = (
    Column("antal", "Antal"),
    Column("samme_dag_pct", "Samme dag, pct."),
    Column("inden_3_dage_pct", "Inden 3 dage, pct."),
    Column("median", "Median, dage"),
    Column("p90", "90 pct. inden for, dage"),
    *_BUCKETS,
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
        found = _found(connection, here, chosen) if chosen is not None else None
        sums = _sums(connection, here, chosen, found[0]) if chosen is not None and found is not None else []
    if found is None:
        return page("quality/not_yet.html", titel="Rettidighed", here=here)
    _, fitting, as_of = found
    number_ = page_number(asked, _MOST)
    shown = _rows(here, fitting[(number_ - 1) * SIZE : number_ * SIZE])
    return page(
        "quality/timely.html",
        here=here,
        table=Table("Rettidighed", (*_SENDER, *_FIGURES), [*sums, *shown]),
        months={name: month_in_words(first_day(name)) for name in known},
        chosen=chosen,
        kinds=KINDS,
        asked=asked,
        as_of=as_of,
        definition=FORSINKELSE,
        number=number_,
        is_last=number_ * SIZE >= len(fitting),
        kept={name: asked[name] for name in ("maaned", "slags", "sorter", "retning") if asked.get(name)},
    )


@pages.get("/hent.csv")
def month_file() -> Response:
    """Give a month's senders as a file, all of them."""
    with reading(house().context.engine) as connection:
        here, chosen = place(connection), _chosen(months(connection))
        found = _found(connection, here, chosen) if chosen is not None else None
        sums = _sums(connection, here, chosen, found[0]) if chosen is not None and found is not None else []
    if found is None:
        return missing()
    return file(Table("Rettidighed", (*_SENDER, *_FIGURES), [*sums, *_rows(here, found[1])]), "rettidighed")


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


def figure_cells(found: Delay | None) -> list[Cell]:
    """Return the cells of a row's figures."""
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


def _found(connection: Connection, here: Place, chosen: str) -> tuple[Sequence[Line], Sequence[Line], str] | None:
    """Return the lines of the session's own senders, those that are shown in their order, and as of when they are."""
    found = lines(connection, chosen, here.talte)
    if found is None:
        return None
    asked = request.args.get("slags")
    fitting = [one for one in found[0] if asked not in set(Slags) or one.slags == asked]
    own = [one for one in fitting if here.may_see(one.institution_nummer)]
    return own, in_order(fitting, _keys(here), request.args), time_in_words(found[1])


def _sums(connection: Connection, here: Place, chosen: str, own: Sequence[Line]) -> list[list[Cell]]:
    """Return the rows of all own senders together, by kind, and to a kommune those of the country."""
    kinds = [slags for slags in Slags if any(one.slags is slags for one in own)]
    name = here.navn if here.egne is not None else "Hele landet"
    found = [(name, slags, together(one.dage for one in own if one.slags is slags)) for slags in kinds]
    if here.is_kommune:
        asked = request.args.get("slags")
        land = country(connection, chosen)
        found += [
            ("Hele landet", slags, Counter(land[slags]))
            for slags in Slags
            if slags in land and (asked not in set(Slags) or slags == asked)
        ]
    return [[*_sum_head(name), words(KINDS[slags]), *figure_cells(figures(dage))] for name, slags, dage in found]


def _rows(here: Place, shown: Sequence[Line]) -> list[list[Cell]]:
    return [
        [
            words(one.institution_nummer),
            words(
                _name(here, one),
                sender_link("quality_timely.sender", one.institution_nummer, one.service, one.system_id)
                if here.may_see(one.institution_nummer)
                else None,
            ),
            words(one.service),
            words(one.system_id or _UNKNOWN),
            words(KINDS[one.slags]),
            *figure_cells(one.tal),
        ]
        for one in shown
    ]


def _name(here: Place, one: Line) -> str:
    return here.navne.get(one.institution_nummer, one.institution_nummer)


def _keys(here: Place) -> dict[str, Key[Line]]:
    found: dict[str, Key[Line]] = {
        "institution": lambda one: one.institution_nummer,
        "navn": lambda one: _name(here, one),
        "tjeneste": lambda one: one.service,
        "system": lambda one: one.system_id,
        "slags": lambda one: KINDS[one.slags],
        "antal": lambda one: one.tal.antal if one.tal else None,
        "samme_dag_pct": lambda one: one.tal.samme_dag / one.tal.antal if one.tal else None,
        "inden_3_dage_pct": lambda one: one.tal.inden_tre / one.tal.antal if one.tal else None,
        "median": lambda one: one.tal.median if one.tal else None,
        "p90": lambda one: one.tal.p90 if one.tal else None,
    }
    for place_, column in enumerate(_BUCKETS):
        found[column.navn] = lambda one, at=place_: one.tal.spande[at] if one.tal else None  # type: ignore[misc]
    return found


def _sum_head(name: str) -> list[Cell]:
    return [words(""), words(f"{name}, i alt"), words(""), words("")]


def _by_month(connection: Connection, found: tuple[str, str, str | None]) -> Table:
    known = months(connection)
    rows = [
        [words(month_in_words(first_day(name))), words(KINDS[slags]), *figure_cells(figures(dage[slags]))]
        for name, dage in by_month(connection, found, known).items()
        for slags in Slags
        if slags in dage
    ]
    return Table("Rettidighed pr. måned", (*_MONTH, *_FIGURES), rows)
