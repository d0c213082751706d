"""What is done to a registration of the kommune: confirm, delete or cancel it."""

import hashlib
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, url_for
from werkzeug.wrappers import Response

from udb.domain.clock import day_in_words, midnight, time_in_figures
from udb.domain.haendelse import KONTAKTTID, Haendelse, Indberetning
from udb.domain.kodesaet import KOMMUNE_AKTIVITETER
from udb.domain.services import KONTAKTPERSON, ONSKER
from udb.hentning.kommune.own import (
    Art,
    OwnContact,
    own_contacts,
    own_event,
    own_wishes,
)
from udb.portal.pages import page
from udb.portal.reporting.tasks import KILDE
from udb.portal.state import house, the_session
from udb.portal.youths.courses import happened, title_of
from udb.portal.youths.place import agreed, look, person
from udb.portal.youths.registrations import WISHES, codes_of_today
from udb.portal.youths.routes import require_purpose
from udb.portal.youths.sending import Sending, carried_on

pages = Blueprint("actions", __name__, url_prefix="/unge/egne")
pages.before_request(require_purpose)


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
    codes = codes_of_today()
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
