"""What every request passes before its page: the host, the session, the role, and for a form its origin and token."""

import hmac
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response

from udb.portal import sessions
from udb.portal.headers import STATIC
from udb.portal.login.next_page import next_page
from udb.portal.pages import page
from udb.portal.roles import ALLOWED, PUBLIC, Role, may_open
from udb.portal.state import house, session
from udb.store.engine import reading, writing

FORM_FIELD: Final = "csrf"
FORM_NOT_OURS: Final = (
    "Formularen blev ikke sendt, fordi den ikke længere hører til din session. Intet er gemt. Se den igennem og send "
    "den igen."
)
_NO_ORIGIN: Final = "null"
_OWN: Final = frozenset({"same-origin", "none"})
"""The values of Sec-Fetch-Site that a form of ours has: ``none`` when it is sent again after Back."""
_FROM_PROVIDERS: Final = frozenset({"login.ended_elsewhere"})
"""Pages that a provider's server posts to: they carry a signed token of their own."""

_log = structlog.get_logger(__name__)


def let_in() -> Response | None:
    """Return None when the request may go on to its page, else the answer that refuses it."""
    _require_host()
    endpoint = request.endpoint
    g.session = None
    if endpoint is None or endpoint == STATIC:
        return None
    token = request.cookies.get(sessions.COOKIE)
    if token:
        _find(token)
    if endpoint in _FROM_PROVIDERS:
        return None
    found = session()
    if found is None and request.method == "POST" and endpoint in ALLOWED:
        # What was typed is not kept: it may be about a person, and another may log in next.
        return page("session_over.html", HTTPStatus.FORBIDDEN)
    if endpoint not in PUBLIC and found is None:
        wanted = next_page(request.path, request.script_root) if request.method == "GET" else None
        return redirect(url_for("login.doors", naeste=wanted))
    if request.method == "POST" and found is not None and not _is_our_form(found.csrf):
        _log.warning("portal.form_refused", endpoint=endpoint)
        return page("form_refused.html", HTTPStatus.UNPROCESSABLE_ENTITY, text=FORM_NOT_OURS)
    return _by_role(endpoint, found.rolle if found else None)


def _by_role(endpoint: str, role: Role | None) -> Response | None:
    if may_open(endpoint, role):
        return None
    if role is None:
        return redirect(url_for("login.choose"))
    wanted = sorted(one.words for one in ALLOWED.get(endpoint, ()))
    return page("refused.html", HTTPStatus.FORBIDDEN, wanted=wanted)


def _require_host() -> None:
    # The check of udb.web.http, as the sandbox's own pages make it: a foreign name that leads here gets no page.
    from udb.web.http import require_host

    require_host(request.environ, house().context.settings.egne_vaerter)


def _find(token: str) -> None:
    engine = house().context.engine
    with reading(engine) as connection:
        g.session, used = sessions.find(connection, token)
    if used:
        with writing(engine) as connection:
            sessions.touch(connection, token)


def _is_our_form(token: str) -> bool:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if site is not None and site not in _OWN:
        return False
    if origin == _NO_ORIGIN:
        # What a browser says of every form of a page that may send no Referer, as all of ours: Sec-Fetch-Site decides.
        if site is None:
            return False
    elif origin is not None and urlsplit(origin).netloc.lower() != request.host.lower():
        return False
    return hmac.compare_digest(request.form.get(FORM_FIELD, "").encode(), token.encode())
