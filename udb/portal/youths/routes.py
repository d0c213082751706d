"""The kommune's pages of one youth: the purpose, the search, the page, its protected name, and its files."""

import math
from http import HTTPStatus
from typing import Final

import structlog
from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from udb.domain.formaal import Formaal
from udb.hentning.kommune.youth import find as look_up
from udb.hentning.kommune.youth import show as look_at
from udb.portal import sessions
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.reporting.fields import CprField
from udb.portal.state import house, the_session
from udb.portal.youths import files
from udb.portal.youths.patience import PAUSE, Patience, TooSoonError
from udb.portal.youths.place import agreed, look, person, reference
from udb.portal.youths.shown import shown
from udb.store.engine import writing

pages = Blueprint("youths", __name__, url_prefix="/unge")
PURPOSES: Final = {
    Formaal.VEJLEDNING: "Vejledning af den unge",
    Formaal.TILSYN_PLIGT: "Opfølgning på uddannelsespligten",
}
"""What a kommune looks at youths for."""
_BEFORE_PURPOSE: Final = frozenset({"youths.purpose", "youths.purpose_chosen"})

_log = structlog.get_logger(__name__)


@pages.before_request
def require_purpose() -> Response | None:
    """Ask once in a session what the user looks at youths for."""
    if request.endpoint in _BEFORE_PURPOSE or the_session().formaal is not None:
        return None
    return redirect(url_for("youths.purpose"))


@pages.get("/formaal")
def purpose() -> Response:
    """Show the purposes to choose from."""
    return page("youths/purpose.html", purposes=PURPOSES, chosen=the_session().formaal, summary=())


@pages.post("/formaal")
def purpose_chosen() -> Response:
    """Note the purpose for the rest of the session."""
    said = request.form.get("formaal", "")
    if said not in set(PURPOSES):
        summary = [Fault("Vælg, hvad du skal bruge oplysningerne til.", "formaal-1")]
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return page("youths/purpose.html", status, purposes=PURPOSES, chosen=None, summary=summary)
    with writing(house().context.engine) as connection:
        sessions.set_purpose(connection, request.cookies[sessions.COOKIE], Formaal(said))
    return redirect(url_for("youths.front"), HTTPStatus.SEE_OTHER)


@pages.get("/")
def front() -> Response:
    """Show the search."""
    return _front([])


class _Search(Form):
    CPRNr = CprField("CPR-nummer")


@pages.post("/find")
@agreed
def find() -> Response:
    """Look a CPR number up, and go on to the page of its youth."""
    form = _Search(request.form)
    if not form.validate():
        return _front([Fault(str(text), "CPRNr") for text in form.CPRNr.errors])
    patience = Patience(the_session().user, house().context.settings.opslag_i_timen)
    try:
        found = look_up(house().context, look("UngSoegning"), form.CPRNr.data or "", patience)
    except TooSoonError as error:
        return _too_soon(error)
    if found is None:
        return refused()
    return redirect(url_for("youths.show", reference=reference(found.seen.person_id)), HTTPStatus.SEE_OTHER)


@pages.get("/s/<reference>")
@agreed
def show(reference: str) -> Response:
    """Show a youth."""
    return _show(reference, "UngSide")


@pages.post("/s/<reference>/navn")
@agreed
def reveal(reference: str) -> Response:
    """Show a youth with a protected name; the read log has an operation of its own for that."""
    return _show(reference, "UngNavn", with_name=True)


@pages.get("/s/<reference>/hent.<form>")
@agreed
def file(reference: str, form: str) -> Response:
    """Give the content of a youth's page as a file."""
    if form not in files.FORMS:
        return refused()
    found = look_at(house().context, look("UngFil"), person(reference))
    return refused() if found is None else files.answer(shown(found), form)


def _show(said: str, operation: str, *, with_name: bool = False) -> Response:
    found = look_at(house().context, look(operation), person(said))
    if found is None:
        return refused()
    return page("youths/youth.html", ung=shown(found, with_name=with_name), reference=said)


def _front(summary: list[Fault]) -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if summary else HTTPStatus.OK
    return page("youths/front.html", status, summary=summary, purpose=PURPOSES[_purpose()])


def _purpose() -> Formaal:
    return the_session().formaal or Formaal.VEJLEDNING


def refused() -> Response:
    """Return the one answer for a youth that cannot be shown."""
    return page("youths/not_shown.html", HTTPStatus.NOT_FOUND)


def _too_soon(error: TooSoonError) -> Response:
    wait = math.ceil(error.wait.total_seconds())
    _log.warning("portal.looks_up_too_often", bruger=the_session().user, paused=error.paused)
    status, pause = HTTPStatus.TOO_MANY_REQUESTS, int(PAUSE.total_seconds())
    shown_page = page("youths/too_often.html", status, paused=error.paused, wait=wait, pause=pause)
    shown_page.headers["Retry-After"] = str(wait)
    return shown_page
