"""The responsible function of a kommune or an institution: seen and changed by its own people."""

from http import HTTPStatus
from typing import Final

import structlog
from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from udb.portal.pages import page
from udb.portal.quality.place import missing, place
from udb.portal.reporting.faults import Fault
from udb.portal.state import domain_now, house, the_session
from udb.statistics.quality.scope import of_institution
from udb.store.engine import reading, writing
from udb.store.responsible import Responsible, Wrong, faults, responsible, set_responsible

pages = Blueprint("quality_responsible", __name__, url_prefix="/kvalitet/ansvarlig")
_SAID: Final = {
    Wrong.UNREACHABLE: ("Skriv en e-mailadresse, et telefonnummer eller begge dele.", "mail"),
    Wrong.NAME: ("Skriv funktionens navn, højst 200 tegn.", "navn"),
    Wrong.MAIL: ("Skriv e-mailadressen som navn@eksempel.dk.", "mail"),
    Wrong.PHONE: ("Skriv telefonnummeret med 8 til 20 cifre, evt. med + og landekode først.", "telefon"),
}
_FIELDS: Final = ("navn", "mail", "telefon")

_log = structlog.get_logger(__name__)


@pages.get("/")
def shown() -> Response:
    """Show the functions of the own institutions, and the form for one of them."""
    return _page({}, [])


@pages.post("/")
def changed() -> Response:
    """Name a function from today on."""
    said = {name: request.form.get(name, "").strip() for name in _FIELDS}
    nummer = request.form.get("institution", "")
    with reading(house().context.engine) as connection:
        is_own = nummer in of_institution(connection, the_session().institution_nummer or "")
    if not is_own:
        return missing()
    mail, telefon = said["mail"] or None, said["telefon"] or None
    wrong = faults(said["navn"], mail, telefon)
    if wrong:
        return _page(said, [Fault(*_SAID[one]) for one in wrong])
    with writing(house().context.engine) as connection:
        first = domain_now(connection).date()
        set_responsible(connection, Responsible(nummer, said["navn"], mail, telefon, first))
    _log.info("portal.responsible_changed", institution=nummer)
    return redirect(url_for("quality_responsible.shown", institution=nummer, gemt="ja"), HTTPStatus.SEE_OTHER)


def _page(said: dict[str, str], summary: list[Fault]) -> Response:
    with reading(house().context.engine) as connection:
        here = place(connection)
        own = of_institution(connection, here.nummer or "")
        functions = responsible(connection, here.now.date(), own)
    asked = request.form.get("institution") or request.args.get("institution") or here.nummer or ""
    nummer = asked if asked in own else here.nummer or ""
    known = functions.get(nummer)
    values = said or {name: (getattr(known, name) or "") if known is not None else "" for name in _FIELDS}
    return page(
        "quality/responsible.html",
        HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK,
        here=here,
        own=own,
        functions=functions,
        nummer=nummer,
        values=values,
        summary=summary,
        stored=request.args.get("gemt") == "ja" and not summary,
    )
