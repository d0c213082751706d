"""The pages of changes: the list, the announcement, and one change with its five points."""

from collections.abc import Sequence
from http import HTTPStatus

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from udb.hentning.deliveries import waiting
from udb.portal.pages import page
from udb.portal.reporting.faults import Fault
from udb.portal.state import house
from udb.portal.system_change.announcing import announcement_of, faults_of, form_of
from udb.portal.system_change.place import is_stil, number_of, user
from udb.portal.system_change.shown import change_shown, state_in_words
from udb.statistics.system_change.announced import announce, changes, systems_near
from udb.statistics.system_change.checks import Checked
from udb.statistics.system_change.kommune import from_old
from udb.statistics.system_change.look import look
from udb.statistics.system_change.points import states
from udb.store.engine import reading, writing

pages = Blueprint("system_change", __name__, url_prefix="/systemskifte")


@pages.get("/")
def front() -> Response:
    """Show the changes of the own main institution or kommune; STIL's user sees all."""
    with reading(house().context.engine) as connection:
        found = changes(connection, user().hovedinstitution)
    return page("system_change/front.html", rows=[change_shown(one) for one in found], for_all=is_stil())


@pages.get("/meld")
def announcement() -> Response:
    """Show an empty announcement."""
    return _form(_new_form(None), {}, HTTPStatus.OK)


@pages.post("/meld")
def announced() -> Response:
    """Store an announcement, and go to it."""
    form = _new_form(request.form)
    if not form.validate():
        return _form(form, faults_of(form, ()), HTTPStatus.UNPROCESSABLE_ENTITY)
    asking = user()
    with writing(house().context.engine) as connection:
        wanted = announcement_of(form, asking.hovedinstitution or "")
        made, wrong = announce(connection, wanted, asking.bruger, asking.now)
    if made is None:
        return _form(form, faults_of(form, wrong), HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(url_for("system_change.one", nummer=made), HTTPStatus.SEE_OTHER)


@pages.get("/<nummer>/")
def one(nummer: str) -> Response:
    """Show a change: its five points with their states and how many findings each has. It shows no youth."""
    found = look(house().context, number_of(nummer), user())
    if found is None:
        return missing()
    points = [(state, state_in_words(state)) for state in states(found)]
    return page(
        "system_change/one.html",
        change=change_shown(found.change),
        points=points,
        is_done=bool(change_shown(found.change).lukket),
        in_future=found.stock.today < found.stock.day,
        old_known=found.stock.sides.old_known,
        lower_bound=found.stock.lower_bound,
        kommune=_of_kommune(found),
        only_counts=is_stil(),
    )


def missing() -> Response:
    """Return the page for a change that is not there, or another's."""
    return page("system_change/missing.html", HTTPStatus.NOT_FOUND)


def _new_form(said: object) -> Form:
    with reading(house().context.engine) as connection:
        systems = systems_near(connection, user().hovedinstitution)
    return form_of(systems, said, for_all=is_stil())


def _form(form: Form, faults: dict[str, Sequence[Fault]], status: HTTPStatus) -> Response:
    summary = [fault for found in faults.values() for fault in found]
    return page("system_change/announce.html", status, form=form, faults=faults, summary=summary)


def _of_kommune(found: Checked) -> dict[str, int] | None:
    if not found.stock.is_kommune:
        return None
    change = found.change
    with reading(house().context.engine) as connection:
        old = from_old(connection, found.stock)
        events = waiting(connection, change.institution_nummer, change.nyt, found.stock.today)
    return {"venter": events, "oensker": old.oensker, "markeringer": old.markeringer}
