"""Senders with their verdict, and what is refused of one of them."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from flask import Blueprint, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, time_in_figures, time_in_words
from udb.portal.pages import page
from udb.portal.quality.place import Place, missing, place
from udb.portal.quality.table import Cell, Column, Key, Table, file, in_order, number, share, words
from udb.portal.quality.timely import asked_sender, sender_link
from udb.portal.state import house
from udb.portal.youths.listing import page_number
from udb.statistics.quality.refusals import Refused, refused_by_code
from udb.statistics.quality.scope import types
from udb.statistics.quality.sender_rows import SenderRows, sender_rows
from udb.statistics.senders import Sender
from udb.statistics.verdict import Verdict
from udb.store.engine import reading
from udb.store.responsible import Responsible, responsible

pages = Blueprint("quality_senders", __name__, url_prefix="/kvalitet/afsendere")
SIZE: Final = 100
_MOST: Final = 1000
VERDICTS: Final = {
    Verdict.NY: "Ny",
    Verdict.TAVS: "Tavs",
    Verdict.FALD: "Fald",
    Verdict.AFVIST_MEGET: "Meget afvises",
    Verdict.FOR_LILLE_GRUNDLAG: "For lille grundlag",
    Verdict.NORMAL: "Normal",
}
MEANINGS: Final = {
    Verdict.NY: "Den første accepterede indberetning er under 60 dage gammel.",
    Verdict.TAVS: "Intet er accepteret i de seneste 30 dage, mod mindst 5 i de samme dage året før; eller intet i 45 "
    "dage, selv om mindst 10 forløb er åbne, og det ikke var lige så stille året før.",
    Verdict.FALD: "Under en fjerdedel er accepteret i forhold til de samme 30 dage året før, hvor der var mindst 20.",
    Verdict.AFVIST_MEGET: "Mindst 10 indberetninger er afvist, og det er mindst 10 pct.",
    Verdict.FOR_LILLE_GRUNDLAG: "Under 5 blev accepteret i de samme 30 dage året før.",
    Verdict.NORMAL: "Ellers.",
}
TYPES: Final = {"kommune": "Kommuner", "institution": "Institutioner"}
_COLUMNS: Final = (
    Column("institution", "Nr.", is_number=False),
    Column("navn", "Navn", is_number=False),
    Column("vurdering", "Vurdering", is_number=False),
    Column("tjeneste", "Tjeneste", is_number=False),
    Column("system", "System", is_number=False),
    Column("seneste_accepterede", "Seneste accepterede", is_number=False),
    Column("seneste_afviste", "Seneste afviste", is_number=False),
    Column("accepteret", "Accepteret, 30 dage"),
    Column("aaret_foer", "Samme dage året før"),
    Column("afvist", "Afvist, 30 dage"),
    Column("afvist_pct", "Afvist, pct."),
    Column("top_kode", "Hyppigste kode", is_number=False),
    Column("aendret", "Ændret", is_number=False, sorts=False),
    Column("ansvarlig", "Ansvarlig", is_number=False, sorts=False),
)
_KEYS: Final[Mapping[str, Key[Sender]]] = {
    "institution": lambda row: row.institution_nummer,
    "navn": lambda row: row.institution,
    "vurdering": lambda row: VERDICTS[row.vurdering],
    "tjeneste": lambda row: row.service,
    "system": lambda row: row.system_id,
    "seneste_accepterede": lambda row: row.seneste_accepterede.timestamp() if row.seneste_accepterede else None,
    "seneste_afviste": lambda row: row.seneste_afviste.timestamp() if row.seneste_afviste else None,
    "accepteret": lambda row: row.accepteret,
    "aaret_foer": lambda row: row.aaret_foer,
    "afvist": lambda row: row.afvist,
    "afvist_pct": lambda row: row.afvist / (row.accepteret + row.afvist) if row.accepteret + row.afvist else None,
    "top_kode": lambda row: row.top_kode,
}
_REFUSED: Final = (
    Column("kode", "Kode", is_number=False),
    Column("antal", "Afvist"),
    Column("regel", "Regel", is_number=False),
    Column("tekst", "Tekst i kvitteringen", is_number=False),
    Column("element", "Element", is_number=False),
    Column("eksempel_tid", "Eksempel: modtaget", is_number=False),
    Column("eksempel_dato", "Eksempel: HaendelseDato", is_number=False),
    Column("eksempel_transaction_id", "Eksempel: SystemTransactionID", is_number=False),
)
_VALUE: Final = re.compile(r"\{[^}]*\}")
_UNKNOWN: Final = "ukendt"
_HIDDEN: Final = "vises ikke"


@pages.get("/")
def senders() -> Response:
    """Show the senders that fit."""
    asked = request.args
    with reading(house().context.engine) as connection:
        here = place(connection)
        found, number_ = _rows(connection, here), page_number(asked, _MOST)
        fitting = _fitting(connection, here, found) if found is not None else ()
        shown = fitting[(number_ - 1) * SIZE : number_ * SIZE]
        table = _table(connection, here, found, shown) if found is not None else None
        vendors = _vendors(connection, here, found) if found is not None else []
    if found is None or table is None:
        return page("quality/not_yet.html", titel="Afsendere", here=here)
    return page(
        "quality/senders.html",
        here=here,
        table=table,
        total=len(fitting),
        verdicts=VERDICTS,
        meanings=MEANINGS,
        systems=sorted({one.system_id for one in found.rows if one.system_id}),
        types=TYPES,
        vendors=vendors,
        asked=asked,
        as_of=time_in_words(found.beregnet),
        number=number_,
        is_last=number_ * SIZE >= len(fitting),
        kept={name: asked[name] for name in ("vurdering", "system", "type", "sorter", "retning") if asked.get(name)},
    )


@pages.get("/hent.csv")
def senders_file() -> Response:
    """Give the senders that fit as a file, all of them."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = _rows(connection, here)
        fitting = _fitting(connection, here, found) if found is not None else ()
        table = _table(connection, here, found, fitting) if found is not None else None
    return file(table, "afsendere") if table is not None else missing()


@pages.get("/en")
def one() -> Response:
    """Show what is refused of a sender."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = asked_sender(here)
        row = _row_of(connection, found) if found is not None else None
        refused = refused_by_code(connection, found, here.now.date()) if found is not None else []
        functions = responsible(connection, here.now.date(), [found[0]]) if found is not None else {}
    if found is None or row is None:
        return missing()
    return page(
        "quality/sender.html",
        here=here,
        row=row,
        table=_refusals(refused),
        verdict=VERDICTS[row.vurdering],
        meaning=MEANINGS[row.vurdering],
        function=functions.get(found[0]),
        share=share(row.afvist, row.accepteret + row.afvist).text,
        asked=request.args,
        timely=sender_link("quality_timely.sender", *found),
    )


@pages.get("/en/hent.csv")
def one_file() -> Response:
    """Give what is refused of a sender as a file."""
    with reading(house().context.engine) as connection:
        here = place(connection)
        found = asked_sender(here)
        refused = refused_by_code(connection, found, here.now.date()) if found is not None else None
    return file(_refusals(refused), "afviste") if refused is not None else missing()


def _rows(connection: Connection, here: Place) -> SenderRows | None:
    return sender_rows(connection, here.talte)


def _row_of(connection: Connection, found: tuple[str, str, str | None]) -> Sender | None:
    known = sender_rows(connection, {found[0]})
    rows = known.rows if known is not None else ()
    return next((row for row in rows if (row.service, row.system_id) == (found[1], found[2])), None)


def _fitting(connection: Connection, here: Place, found: SenderRows) -> Sequence[Sender]:
    asked = request.args
    kind = types(connection, here.navne) if asked.get("type") in TYPES else set()
    rows = [
        row
        for row in found.rows
        if asked.get("vurdering", "") in {"", row.vurdering}
        and asked.get("system", "") in {"", row.system_id}
        and (asked.get("type") not in TYPES or (row.institution_nummer in kind) == (asked["type"] == "kommune"))
    ]
    return in_order(rows, _KEYS, asked)


def _table(connection: Connection, here: Place, found: SenderRows, rows: Sequence[Sender]) -> Table:
    functions = responsible(connection, here.now.date(), {row.institution_nummer for row in rows})
    cells = [_cells(row, found, here, functions.get(row.institution_nummer)) for row in rows]
    return Table("Afsendere", _COLUMNS, cells)


def _cells(row: Sender, found: SenderRows, here: Place, function: Responsible | None) -> list[Cell]:
    of = (row.institution_nummer, row.service, row.system_id)
    link = sender_link("quality_senders.one", *of) if here.may_see(row.institution_nummer) else None
    followed = f", fulgt af {row.afloest_af}" if row.afloest_af else ""
    return [
        words(row.institution_nummer),
        words(row.institution or here.navne.get(row.institution_nummer) or row.institution_nummer, link),
        words(VERDICTS[row.vurdering]),
        words(row.service),
        words(f"{row.system_id or _UNKNOWN}{followed}"),
        words(time_in_figures(row.seneste_accepterede) if row.seneste_accepterede else None),
        words(time_in_figures(row.seneste_afviste) if row.seneste_afviste else None),
        number(row.accepteret),
        number(row.aaret_foer, mindst=row.nedre_graense),
        number(row.afvist),
        share(row.afvist, row.accepteret + row.afvist),
        words(row.top_kode, f"/regler/{row.top_kode}" if row.top_kode else None),
        words(_changed(row, found)),
        words(reached(function)),
    ]


def reached(function: Responsible | None) -> str:
    """Return a responsible function on one line; empty without one."""
    if function is None:
        return ""
    return ", ".join(filter(None, (function.navn, function.mail, function.telefon)))


def _changed(row: Sender, found: SenderRows) -> str:
    change = found.aendret.get((row.institution_nummer, row.service))
    said = []
    if change is not None:
        said.append(f"{day_in_words(change.dag)}: før {VERDICTS[change.foer].lower()}")
    if row.tilbage is not None:
        said.append(f"tilbage {day_in_words(row.tilbage)}")
    return "; ".join(said)


def _vendors(connection: Connection, here: Place, found: SenderRows) -> list[tuple[str, int, int, str]]:
    """Return what an institution's own systems send in the whole country: system, accepted, refused, share."""
    if here.is_kommune or here.is_stil:
        return []
    every = sender_rows(connection, None)
    lines = []
    for system_id in sorted({row.system_id for row in found.rows if row.system_id}):
        of = [row for row in (every.rows if every is not None else ()) if row.system_id == system_id]
        accepted, refused = sum(row.accepteret for row in of), sum(row.afvist for row in of)
        lines.append((system_id, accepted, refused, share(refused, accepted + refused).text))
    return lines


def _refusals(refused: list[Refused]) -> Table:
    rows = [
        [
            words(line.kode, f"/regler/{line.kode}" if line.tekst else None),
            number(line.antal),
            words(line.navn),
            words(_VALUE.sub("…", line.tekst) if line.tekst else None),
            words(line.element),
            words(time_in_figures(line.tid)),
            words(line.dato.isoformat() if line.dato else None),
            words(line.transaction_id or _HIDDEN),
        ]
        for line in refused
    ]
    return Table("Afviste indberetninger pr. kode", _REFUSED, rows)
