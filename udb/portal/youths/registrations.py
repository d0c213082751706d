"""The list of the kommune's own registrations, and its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, request
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, time_in_figures
from udb.domain.haendelse import KONTAKTTID
from udb.domain.kodesaet import Kodesaet
from udb.hentning.kommune.own import (
    PAGE,
    Art,
    Own,
    OwnSought,
    Tilstand,
    all_own_registrations,
    own_registrations,
)
from udb.hentning.kommune.residents import MOST
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.own import day_of
from udb.portal.state import house
from udb.portal.youths.courses import happened, title_of
from udb.portal.youths.listing import as_file, no_file, page_number, paging, school_in
from udb.portal.youths.names import masked, name_of
from udb.portal.youths.place import agreed, look, reference
from udb.portal.youths.routes import require_purpose
from udb.store.engine import reading
from udb.store.state import CODE_EDITION, read

pages = Blueprint("registrations", __name__, url_prefix="/unge/egne")
pages.before_request(require_purpose)
TABS: Final = {
    Art.KONTAKTER: "Kontaktpersoner",
    Art.OENSKER: "Ønsker",
    Art.AKTIVITETER: "Aktiviteter",
    Art.MARKERINGER: "Markeringer",
    Art.TIDER: "Kontakt- og tilbudstid",
}
STATES: Final = {
    Tilstand.GAELDER: "Gælder",
    Tilstand.FORAELDET: "Forældet",
    Tilstand.FLYTTET: "Bor ikke længere i kommunen",
    Tilstand.FYLDT_25: "Den unge er fyldt 25 år",
    Tilstand.ANNULLERET: "Annulleret",
}
WISHES: Final = {"job": "Job", "uddannelse": "Uddannelse"}
"""The kinds of wishes, as they are stored and as ``Slet`` names them."""
_KEPT: Final = ("art", "tilstand", "fra", "til", "tekst", "skole")
_IN_FILE: Final = {
    name: name for name in ("navn", "cpr", "tilstand", "registreret", "hvad", "indhold", "mail", "telefon")
}


@dataclass(frozen=True, slots=True)
class Row:
    """A registration in the list. ``cpr``: masked; ``slags``: of a wish, as the addresses name it."""

    reference: str
    navn: str
    cpr: str
    tilstand: str
    registreret: str
    hvad: str
    indhold: str
    mail: str
    telefon: str
    nummer: str
    slags: str
    kan_rettes: bool
    er_annulleret: bool
    kan_vises: bool

    @property
    def navnet(self) -> str:
        """What the row is about, in a line: it tells the row's links from those of the others."""
        youth = f"{self.navn} {self.cpr}".strip()
        return f"{f'{self.hvad} {self.indhold}'.strip()}, den unge {youth}, registreret {self.registreret}"


@pages.get("/")
@agreed
def mine() -> Response:
    """Show the registrations of one kind that fit."""
    asked = request.args
    sought, summary = _sought(asked)
    number = page_number(asked, PAGE)
    rows: list[Own] = []
    more = False
    if not summary:
        rows, more = own_registrations(house().context, look("EgneRegistreringer"), sought, number=number)
    return page(
        "youths/own.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        rows=_rows(rows),
        sought=sought,
        asked=asked,
        paging=paging(asked, _KEPT, number, has_more=more),
        tabs=TABS,
        states=STATES,
        summary=summary,
    )


@pages.get("/hent.csv")
@agreed
def file() -> Response:
    """Give the registrations that fit as a file."""
    sought, summary = _sought(request.args)
    found = None if summary else all_own_registrations(house().context, look("EgneRegistreringerFil"), sought, MOST)
    return no_file() if found is None else as_file(_IN_FILE, _rows(found), "egne-registreringer.csv")


def codes_of_today() -> Kodesaet:
    """Return the code sets in force."""
    with reading(house().context.engine) as connection:
        return house().context.codes.get(connection, read(connection, CODE_EDITION) or 0)


def _rows(found: Sequence[Own]) -> list[Row]:
    codes = codes_of_today()
    return [_row(one, codes) for one in found]


def _row(one: Own, codes: Kodesaet) -> Row:
    hvad, indhold, nummer = one.hvad or "", one.tekst or "", ""
    if one.event is not None:
        hvad = happened(one.event)
        title = title_of(one.event, codes) if one.event.kode else ""
        day = one.event.haendelse_tid
        when = time_in_figures(day) if one.event.art == KONTAKTTID and day else day_in_words(one.event.haendelse_dato)
        indhold = f"{title} {when}".strip()
        nummer = one.event.nummer
    return Row(
        reference(one.person_id),
        name_of(one),
        masked(one.cprnr),
        STATES[one.tilstand],
        time_in_figures(one.registreret),
        WISHES.get(hvad, hvad),
        indhold,
        one.mail or "",
        one.telefon or "",
        nummer,
        one.hvad or "",
        one.tilstand in {Tilstand.GAELDER, Tilstand.FORAELDET},
        one.tilstand is Tilstand.ANNULLERET,
        one.vises,
    )


def _sought(asked: Mapping[str, Any]) -> tuple[OwnSought, list[Fault]]:
    faults: list[Fault] = []
    days = {}
    for name, label in (("fra", "Fra"), ("til", "Til")):
        said = asked.get(name, "").strip()
        days[name] = day_of(said)
        if said and days[name] is None:
            faults.append(Fault(f"{label}: Skriv datoen som dag, måned og år, fx 17-08-2026.", name))
    school = school_in(asked, faults)
    art, state, text = asked.get("art", ""), asked.get("tilstand", ""), asked.get("tekst", "").strip()
    if not text.isprintable():
        faults.append(Fault("Teksten har tegn, der ikke kan søges på.", "tekst"))
    found = OwnSought(
        art=Art(art) if art in set(Art) else Art.KONTAKTER,
        tilstand=Tilstand(state) if state in set(Tilstand) else None,
        fra=days["fra"],
        til=days["til"],
        tekst=text[:100] or None,
        skole=school,
    )
    return found, faults
