"""The kommune's own registrations: the list, and to confirm, delete or cancel one."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, midnight, time_in_figures
from udb.domain.haendelse import KONTAKTTID, Haendelse, Indberetning
from udb.domain.kodesaet import KOMMUNE_AKTIVITETER, Kodesaet
from udb.domain.services import KONTAKTPERSON, ONSKER
from udb.hentning.kommune.own import (
    PAGE,
    Art,
    Own,
    OwnContact,
    OwnSought,
    Tilstand,
    own_contacts,
    own_event,
    own_registrations,
    own_wishes,
)
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.own import day_of
from udb.portal.reporting.tasks import KILDE
from udb.portal.state import domain_now, house, the_session
from udb.portal.youths.courses import happened, title_of
from udb.portal.youths.files import as_csv, attachment
from udb.portal.youths.place import agreed, look, page_number, person, reference
from udb.portal.youths.routes import require_purpose
from udb.portal.youths.sending import Sending, carried_on
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
_MOST: Final = 5000
_HEAD: Final = ("navn", "cpr", "tilstand", "registreret", "hvad", "indhold", "mail", "telefon")


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


@pages.get("/")
@agreed
def mine() -> Response:
    """Show the registrations of one kind that fit."""
    asked = request.args
    sought, summary = _sought(asked)
    number = page_number(asked, _MOST // PAGE)
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
        kept={name: asked[name] for name in _KEPT if asked.get(name)},
        number=number,
        more=more,
        tabs=TABS,
        states=STATES,
        summary=summary,
    )


@pages.get("/hent.csv")
@agreed
def file() -> Response:
    """Give the registrations that fit as a file."""
    sought, summary = _sought(request.args)
    if summary:
        return page("youths/too_many.html", HTTPStatus.UNPROCESSABLE_ENTITY, most=_MOST)
    rows, more = own_registrations(house().context, look("EgneRegistreringerFil"), sought, size=_MOST)
    if more:
        return page("youths/too_many.html", HTTPStatus.UNPROCESSABLE_ENTITY, most=_MOST)
    cells = (
        (row.navn, row.cpr, row.tilstand, row.registreret, row.hvad, row.indhold, row.mail, row.telefon)
        for row in _rows(rows)
    )
    return attachment(as_csv(_HEAD, cells), "text/csv", "egne-registreringer.csv")


@pages.route("/kontakt/<reference>/bekraeft", methods=["GET", "POST"])
@agreed
def confirm(reference: str) -> Response:
    """Send the same contact person again, so that it is registered today."""
    return _about_contact(reference, "Bekræft kontaktpersonen", again_of)


@pages.route("/kontakt/<reference>/slet", methods=["GET", "POST"])
@agreed
def delete_contact(reference: str) -> Response:
    """Delete the kommune's contact person of a youth."""
    return _about_contact(reference, "Slet kontaktpersonen", deletion_of)


@pages.route("/oensker/<reference>/slet/<slags>", methods=["GET", "POST"])
@agreed
def delete_wishes(reference: str, slags: str) -> Response:
    """Delete the kommune's wishes of one kind of a youth."""
    cprnr = own_wishes(house().context, look("EgenRegistrering"), person(reference)) if slags in WISHES else None
    if cprnr is None:
        return _missing()
    report = Indberetning(service=ONSKER, cprnr=cprnr, institution_nummer=_kommune(), slet=WISHES[slags])
    return carried_on(Sending("Slet ønskerne", report, [("Ønsker om", WISHES[slags].lower())], _back(Art.OENSKER)))


@pages.route("/haendelse/<nummer>/annuller", methods=["GET", "POST"])
@agreed
def cancel(nummer: str) -> Response:
    """Cancel an activity, a mark, or a contact or offer time."""
    usable = nummer.isascii() and nummer.isprintable() and len(nummer) <= _LONGEST_NUMBER
    event = own_event(house().context, look("EgenRegistrering"), nummer if usable else "")
    if event is None:
        return _missing()
    codes, _ = _codes()
    sent = [
        ("HaendelseNummer", event.nummer),
        ("Hvad", f"{happened(event)} {title_of(event, codes) if event.kode else ''}".strip()),
        ("Dato", day_in_words(event.haendelse_dato)),
    ]
    return carried_on(Sending("Annullér registreringen", cancellation_of(event), sent, _back(_art_of(event))))


_LONGEST_NUMBER: Final = 40


def _about_contact(said: str, title: str, report_of: Any) -> Response:
    number = person(said)
    own = own_contacts(house().context, look("EgenRegistrering"), [number]).get(number)
    if own is None:
        return _missing()
    sent = [
        ("Navn", own.contact.navn),
        ("E-mail", own.contact.mail or ""),
        ("Telefon", own.contact.telefon or ""),
        ("Registreret", time_in_figures(own.contact.registreringstid)),
    ]
    # Not the time: who presses twice has registered the same contact meanwhile.
    shown = hashlib.sha256(repr(sent[:-1]).encode()).hexdigest()
    return carried_on(Sending(title, report_of(own), sent, _back(Art.KONTAKTER), shown=shown))


def again_of(own: OwnContact) -> Indberetning:
    """Return the report that registers the same contact person again (V 5.1)."""
    return Indberetning(
        service=KONTAKTPERSON,
        cprnr=own.cprnr,
        institution_nummer=own.contact.institution_nummer,
        kontakt_navn=own.contact.navn,
        kontakt_mail=own.contact.mail,
        kontakt_telefon=own.contact.telefon,
    )


def deletion_of(own: OwnContact) -> Indberetning:
    """Return the report that deletes the contact person."""
    return Indberetning(
        service=KONTAKTPERSON, cprnr=own.cprnr, institution_nummer=own.contact.institution_nummer, slet=True
    )


def cancellation_of(event: Haendelse) -> Indberetning:
    """Return the report that cancels an event of the kommune."""
    return Indberetning(
        service=event.service,
        cprnr=event.cprnr,
        institution_nummer=event.institution_nummer,
        haendelse_dato=event.haendelse_tid if event.art == KONTAKTTID else midnight(event.haendelse_dato),
        kilde_leverandoer=KILDE,
        annullering=True,
        status=event.status,
        haendelse_nummer=event.nummer,
        afbrudsarsags_kode=event.afbrudsarsags_kode,
        kommune_aktivitets_kode=event.kode if event.kodesaet == KOMMUNE_AKTIVITETER else None,
        ifoelge_kommunen=event.ifoelge_kommunen,
        vedroerer_haendelse_nummer=event.vedroerer_haendelse_nummer,
        frafaldstruet_markering=event.frafaldstruet_markering,
        type=event.type,
        afbrud_haendelse_nummer=event.afbrud_haendelse_nummer,
    )


def _art_of(event: Haendelse) -> Art:
    if event.art == KONTAKTTID:
        return Art.TIDER
    return Art.AKTIVITETER if event.ifoelge_kommunen is None else Art.MARKERINGER


def _kommune() -> str:
    return the_session().institution_nummer or ""


def _back(art: Art) -> str:
    return url_for("registrations.mine", art=art.value)


def _missing() -> Response:
    return page("youths/own_missing.html", HTTPStatus.NOT_FOUND)


def _codes() -> tuple[Kodesaet, Any]:
    with reading(house().context.engine) as connection:
        codes = house().context.codes.get(connection, read(connection, CODE_EDITION) or 0)
        return codes, domain_now(connection)


def _rows(found: Sequence[Own]) -> list[Row]:
    codes, _ = _codes()
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
        one.navn or "",
        f"{one.cprnr[:4]}xx-xxxx",
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
    )


def _sought(asked: Mapping[str, Any]) -> tuple[OwnSought, list[Fault]]:
    faults: list[Fault] = []
    days = {}
    for name, label in (("fra", "Fra"), ("til", "Til")):
        said = asked.get(name, "").strip()
        days[name] = day_of(said)
        if said and days[name] is None:
            faults.append(Fault(f"{label}: Skriv datoen som dag, måned og år, fx 17-08-2026.", name))
    school = asked.get("skole", "").strip()
    if school and not (school.isascii() and school.isdecimal() and len(school) == len("461248")):
        faults.append(Fault("Skriv institutionens nummer med seks cifre.", "skole"))
    art, state, text = asked.get("art", ""), asked.get("tilstand", ""), asked.get("tekst", "").strip()
    if not text.isprintable():
        faults.append(Fault("Teksten har tegn, der ikke kan søges på.", "tekst"))
    found = OwnSought(
        art=Art(art) if art in set(Art) else Art.KONTAKTER,
        tilstand=Tilstand(state) if state in set(Tilstand) else None,
        fra=days["fra"],
        til=days["til"],
        tekst=text[:100] or None,
        skole=school or None,
    )
    return found, faults
