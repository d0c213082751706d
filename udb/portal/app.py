"""Build the portal of one worker process as a WSGI application, to be mounted at ``/web``."""

import io
import secrets
from collections.abc import Iterable
from http import HTTPStatus
from typing import IO, Any, Final
from wsgiref.types import StartResponse, WSGIApplication

import structlog
from flask import Flask, Request, request
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Response as Answer

from udb.context import Context
from udb.domain.clock import day_in_words, month_in_words, time_in_words
from udb.domain.errors import DatabaseUnavailable
from udb.portal import design, discreet, front, guard
from udb.portal.figures import routes as figures
from udb.portal.headers import STATIC, set_headers
from udb.portal.login import doors, routes
from udb.portal.login.provider import Provider
from udb.portal.own import routes as own_person
from udb.portal.pages import page
from udb.portal.quality import contacts, functions, lookups, missing, overview, rule_check, senders, timely
from udb.portal.quality.table import carried
from udb.portal.reconciliation import routes as reconciliation
from udb.portal.reporting import file_pages, own
from udb.portal.reporting import routes as reporting
from udb.portal.state import House
from udb.portal.system_change import points as change_points
from udb.portal.system_change import routes as system_change
from udb.portal.youths import actions, many, registering, registrations, residents
from udb.portal.youths import routes as youths
from udb.web.http import Environ, Refusal

ROOT: Final = "/web"
RETRY_AFTER: Final = 10
"""Seconds after which a browser may ask again when the database is out of reach."""
_LARGEST: Final = 64 * 1024
"""Bytes of a request; the files that pages take have a limit of their own."""
_WITH_LISTS: Final = frozenset({"reconciliation.answer", "change_points.stock"})
"""The pages that take a list of all that a caller has, with whatever columns it has."""

_log = structlog.get_logger(__name__)


class _Request(Request):
    """A request whose files are kept in memory: no temporary file has anything of them."""

    def _get_file_stream(self, *_given: Any, **_more: Any) -> IO[bytes]:
        return io.BytesIO()


def application(context: Context, address: str) -> WSGIApplication:
    """Return the portal.

    ``address``: the portal's own, before ``/web``, as browsers and providers see it. Raises WrongUse, FileUnusable for
    the settings of a door.
    """
    app = Flask("udb.portal", static_folder=None)
    app.request_class = _Request
    app.config.update(MAX_CONTENT_LENGTH=_LARGEST, APPLICATION_ROOT=ROOT)
    # Nothing is kept in a signed cookie of Flask's own; WTForms and flash are not given one either.
    app.secret_key = secrets.token_bytes(32)
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(dato=day_in_words, maaned=month_in_words, tidspunkt=time_in_words, carried=carried)
    app.jinja_env.globals.update(styled=design.is_installed())
    app.jinja_env.globals.update({name: getattr(discreet, name) for name in ("HIDDEN", "INTERNAL", "WHY_HIDDEN")})
    answer = f"{address}{ROOT}/log-ind/svar"
    opened = doors.load()
    app.extensions["udb"] = House(context, {name: Provider(door, answer) for name, door in opened.items()})
    app.add_url_rule("/statisk/<path:name>", STATIC, design.answer)
    app.register_blueprint(front.pages)
    app.register_blueprint(routes.pages)
    app.register_blueprint(reporting.pages)
    app.register_blueprint(own.pages)
    app.register_blueprint(file_pages.pages)
    app.register_blueprint(youths.pages)
    app.register_blueprint(residents.pages)
    app.register_blueprint(registrations.pages)
    app.register_blueprint(actions.pages)
    app.register_blueprint(registering.pages)
    app.register_blueprint(many.pages)
    app.register_blueprint(system_change.pages)
    app.register_blueprint(change_points.pages)
    app.register_blueprint(own_person.pages)
    app.register_blueprint(reconciliation.pages)
    for room in (overview, contacts, missing, timely, senders, rule_check, functions, lookups):
        app.register_blueprint(room.pages)
    app.register_blueprint(figures.pages)
    app.before_request(_allow_file)
    app.before_request(guard.let_in)
    app.before_request(_require_text)
    app.after_request(lambda response: set_headers(response, sandbox=context.settings.sandbox))
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refusal, _refusal)
    app.register_error_handler(DatabaseUnavailable, _database_out_of_reach)
    app.register_error_handler(DBAPIError, _database_refuses)
    app.register_error_handler(Exception, _defect)
    return below(app.wsgi_app, ROOT)


def below(app: WSGIApplication, root: str) -> WSGIApplication:
    """Return an application that answers at ``root``: it sees the rest of the path, and builds addresses with both."""

    def mounted(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO") or "")
        return app({**environ, "SCRIPT_NAME": root, "PATH_INFO": path.removeprefix(root) or "/"}, start_response)

    return mounted


def _allow_file() -> None:
    if request.endpoint in _WITH_LISTS:
        request.max_content_length = reconciliation.LARGEST


def _require_text() -> None:
    # PostgreSQL's texts hold no NUL; none of our addresses has one.
    if any("\0" in value for value in request.args.values()):
        raise NotFound


def _http_error(error: HTTPException) -> Answer:
    status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = page("error.html", status, code=status)
    if error.response is None:
        for name, value in error.get_headers():
            if name in {"Allow", "Retry-After"}:
                answer.headers[name] = value
    return answer


def _refusal(refusal: Refusal) -> Answer:
    reply = refusal.reply
    return Answer(reply.body, reply.status, dict(reply.headers), content_type=reply.content_type)


def _database_out_of_reach(_error: DatabaseUnavailable) -> Answer:
    # Nothing that reads the database: the frame of the page is given no session.
    answer = page("database.html", HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _database_refuses(error: DBAPIError) -> Answer:
    # It answers, and will not have what a page needs, as the row of the read log: without it there is no page.
    _log.exception("portal.database_refuses", exc_info=error)
    return _database_out_of_reach(DatabaseUnavailable())


def _defect(error: Exception) -> Answer:
    _log.exception("portal.defect", exc_info=error)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return page("error.html", status, code=status)
