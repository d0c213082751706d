"""The pages of the youth's own overview: no request says whose data is shown; the session does."""

from uuid import uuid4

from flask import Blueprint
from werkzeug.wrappers import Response

from udb.callers.systems import WEB
from udb.domain.call import Call
from udb.domain.clock import add_years
from udb.domain.formaal import Formaal
from udb.hentning.own.overview import Overview, own_overview
from udb.portal.own.document import document, nothing
from udb.portal.own.history import history
from udb.portal.own.people import cards
from udb.portal.own.printed import printed
from udb.portal.own.receivers import receivers
from udb.portal.pages import page
from udb.portal.state import domain_now, house, the_session
from udb.readlog.grouped import Kind
from udb.store.engine import reading
from udb.web.http import json_reply

pages = Blueprint("own", __name__, url_prefix="/mit")
_PAGE, _JSON, _PRINT = "MinOversigt", "MinOversigtJSON", "MinOversigtUdskrift"
"""The operations of the read log."""
FILE_NAME = "mine-oplysninger.json"


@pages.get("/")
def overview() -> Response:
    """Show the overview."""
    found = _found(_PAGE)
    if found is None:
        return page("own/nothing.html", laeselog_aar=_years_of_log())
    years = house().context.settings.opbevaring_aar
    return page(
        "own/overview.html",
        found=found,
        cards=cards(found),
        history=history(found),
        receivers=receivers(found),
        kinds=Kind,
        deleted=not found.events and add_years(found.person["turns_30"], years) <= found.today,
        opbevaring_aar=years,
        laeselog_aar=_years_of_log(),
    )


@pages.get("/oversigt.json")
def as_json() -> Response:
    """Answer with everything as JSON (docs/oversigt.md)."""
    found = _found(_JSON)
    reply = json_reply(_document(found))
    answer = Response(reply.body, reply.status, content_type=reply.content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return answer


@pages.get("/udskriv")
def to_print() -> Response:
    """Show everything on one page, to be printed."""
    found = _found(_PRINT)
    if found is None:
        return page("own/nothing.html", laeselog_aar=_years_of_log())
    return page("own/print.html", found=found, sections=printed(_document(found)))


def _found(operation: str) -> Overview | None:
    session = the_session()
    call = Call(
        correlation_id=str(uuid4()),
        system_id=WEB,
        service=operation,
        operation=operation,
        institution_nummer="",
        transaction_id="",
        bruger=session.user,
        formaal=Formaal.EGEN_INDSIGT,
    )
    return own_overview(house().context, call, session.person_id)


def _document(found: Overview | None) -> dict[str, object]:
    if found is not None:
        return document(found, history(found))
    with reading(house().context.engine) as connection:
        return nothing(domain_now(connection))


def _years_of_log() -> int:
    return house().context.settings.laeselog_aar
