"""The pages of log-in: the doors, the way to a provider and back, the choice of a role, and out again."""

import threading
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

import structlog
from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from udb.access.own_institution import name_of
from udb.portal import attempts, sessions
from udb.portal.login import under_way
from udb.portal.login.assignments import is_sure_enough
from udb.portal.login.doors import MITID
from udb.portal.login.next_page import next_page
from udb.portal.login.people import choices
from udb.portal.login.provider import Provider, ProviderUnreachable, TokenRefused
from udb.portal.pages import page
from udb.portal.state import domain_now, house, the_session
from udb.store.engine import reading, writing

pages = Blueprint("login", __name__)

AT_ONCE: Final = 2
"""How many threads of a worker may wait for a provider, so that SOAP keeps the others."""
_WAITING: Final = threading.BoundedSemaphore(AT_ONCE)
NOT_BEGUN_HERE: Final = (
    "Svaret hører ikke til et log-in, som denne browser er i gang med, eller browseren sendte ikke den cookie tilbage, "
    "som log-in kræver."
)
LOW_LEVEL: Final = "Du er ikke logget ind på det sikringsniveau, som siden kræver."
LOW_LEVEL_OF: Final = {MITID: "Du skal bruge MitID på niveau Betydelig."}
"""Of doors whose people know the level by another name."""
ASK_AGAIN: Final = 1
"""Seconds after which a browser asks again when all of them are taken: the code is unused still."""
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"

_log = structlog.get_logger(__name__)


@pages.get("/log-ind")
def doors() -> Response:
    """Show the doors that are open."""
    found = [provider.door for provider in house().providers.values()]
    return page("doors.html", doors=found, naeste=_next(request.args.get("naeste")))


@pages.get("/log-ind/<door>")
def begin(door: str) -> Response:
    """Send the browser to a door's provider."""
    provider = house().providers.get(door)
    if provider is None:
        abort(HTTPStatus.NOT_FOUND)
    if _has_failed_too_often():
        return _too_often()
    with writing(house().context.engine) as connection:
        new = under_way.begin(connection, door, _next(request.args.get("naeste")))
    if not _WAITING.acquire(blocking=False):
        return _busy()
    try:
        address = provider.address(state=new.state, nonce=new.nonce, verifier=new.verifier)
    except ProviderUnreachable:
        return _unreachable(provider)
    finally:
        _WAITING.release()
    answer = redirect(address)
    lasts = int(under_way.LASTS.total_seconds())
    answer.set_cookie(
        under_way.COOKIE, new.browser, max_age=lasts, path="/", secure=True, httponly=True, samesite="Lax"
    )
    return answer


@pages.get("/log-ind/svar")
def answer() -> Response:
    """Take a provider's answer: exchange its code, and begin a session with what the claims yield."""
    if _has_failed_too_often():
        return _too_often()
    if not _WAITING.acquire(blocking=False):
        return _busy()
    try:
        return _answered()
    finally:
        _WAITING.release()


def _answered() -> Response:
    begun = _begun()
    if begun is None:
        return _failed("state", NOT_BEGUN_HERE)
    provider = house().providers[begun.door]
    if "code" not in request.args:
        return _failed("no_code", "Log-in blev afbrudt.")
    try:
        claims = provider.claims(code=request.args["code"], nonce=begun.nonce, verifier=begun.verifier)
    except ProviderUnreachable:
        return _unreachable(provider)
    except TokenRefused:
        return _failed("token", "Log-in kunne ikke bekræftes.")
    if not is_sure_enough(provider.door, claims):
        return _failed("level", LOW_LEVEL_OF.get(begun.door, LOW_LEVEL))
    return _session_begun(provider, claims, begun.next)


def _begun() -> under_way.UnderWay | None:
    browser = request.cookies.get(under_way.COOKIE)
    if browser is None:
        return None
    with writing(house().context.engine) as connection:
        begun = under_way.take(connection, request.args.get("state", ""), browser)
    return begun if begun is not None and begun.door in house().providers else None


def _session_begun(provider: Provider, claims: Mapping[str, Any], next_page: str) -> Response:
    context = house().context
    with writing(context.engine) as connection:
        sessions.remove_old(connection)
        found = choices(connection, provider.door, claims, domain_now(connection).date())
        if not found:
            _log.info("portal.no_role", door=provider.door.name)
            return page("no_role.html", HTTPStatus.FORBIDDEN, door=provider.door)
        token = sessions.begin(
            connection,
            udbyder=provider.door.name,
            subjekt=str(claims["sub"]),
            sid=str(claims["sid"]) if "sid" in claims else None,
            choices=found,
        )
    _log.info("portal.logged_in", door=provider.door.name, roles=len(found))
    return _with_cookie(redirect(request.script_root + next_page), token)


@pages.get("/rolle")
def choose() -> Response:
    """Show the roles that the person may choose among."""
    found = the_session()
    with reading(house().context.engine) as connection:
        named = [
            (number, one.rolle.words, name_of(connection, one.institution_nummer) if one.institution_nummer else "")
            for number, one in enumerate(found.choices)
        ]
    return page("choose.html", choices=named)


@pages.post("/rolle")
def chosen() -> Response:
    """Take on a role."""
    number = request.form.get("valg", "")
    available = the_session().choices
    wanted = next((one for place, one in enumerate(available) if str(place) == number), None)
    if wanted is None:
        abort(HTTPStatus.BAD_REQUEST)
    with writing(house().context.engine) as connection:
        token = sessions.choose(connection, request.cookies[sessions.COOKIE], wanted)
    return _with_cookie(redirect(url_for("front.front")), token)


@pages.post("/log-ud")
def out() -> Response:
    """End the session, and offer to end the provider's too."""
    found = the_session()
    with writing(house().context.engine) as connection:
        sessions.end(connection, request.cookies[sessions.COOKIE])
    shown = page("logged_out.html", provider=_end_session(found.udbyder), logged_out=True)
    shown.headers["Clear-Site-Data"] = '"cookies", "storage"'
    shown.delete_cookie(sessions.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return shown


@pages.post("/log-ind/<door>/afsluttet")
def ended_elsewhere(door: str) -> Response:
    """End the sessions that a provider names in a signed logout token (back-channel logout)."""
    provider = house().providers.get(door)
    if provider is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        claims = provider.verified(request.form.get("logout_token", ""))
    except (ProviderUnreachable, TokenRefused):
        abort(HTTPStatus.BAD_REQUEST)
    sid, subject = claims.get("sid"), claims.get("sub")
    if "nonce" in claims or _LOGOUT_EVENT not in (claims.get("events") or {}) or not (sid or subject):
        abort(HTTPStatus.BAD_REQUEST)
    with writing(house().context.engine) as connection:
        sessions.end_elsewhere(connection, door, str(sid) if sid else None, str(subject) if subject else None)
    return Response(status=HTTPStatus.OK)


def _end_session(door: str) -> str | None:
    provider = house().providers.get(door)
    try:
        address = provider.endpoints().end_session if provider else None
    except ProviderUnreachable:
        return None
    if provider is None or address is None:
        return None
    back = url_for("front.front", _external=True)
    return f"{address}?{urlencode({'client_id': provider.door.client_id, 'post_logout_redirect_uri': back})}"


def _with_cookie(answered: Response, token: str) -> Response:
    answered.set_cookie(sessions.COOKIE, token, path="/", secure=True, httponly=True, samesite="Lax")
    answered.delete_cookie(under_way.COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    return answered


def _next(wanted: str | None) -> str:
    return next_page(wanted or "/", request.script_root) or "/"


def _address() -> str:
    return request.remote_addr or ""


def _has_failed_too_often() -> bool:
    with reading(house().context.engine) as connection:
        return attempts.is_exceeded(connection, attempts.FAILED_LOG_INS, _address())


def _failed(reason: str, text: str) -> Response:
    with writing(house().context.engine) as connection:
        attempts.count(connection, attempts.FAILED_LOG_INS, _address())
    _log.warning("portal.log_in_failed", reason=reason)
    return page("log_in_failed.html", HTTPStatus.FORBIDDEN, text=text, is_level=reason == "level")


def _too_often() -> Response:
    wait = int(attempts.FAILED_LOG_INS.within.total_seconds())
    shown = page("too_often.html", HTTPStatus.TOO_MANY_REQUESTS, seconds=wait)
    shown.headers["Retry-After"] = str(wait)
    return shown


def _busy() -> Response:
    shown = page("busy.html", HTTPStatus.SERVICE_UNAVAILABLE)
    # A page that asks again by itself, with the same address: nothing of the log-in is used up.
    shown.headers["Refresh"] = str(ASK_AGAIN)
    shown.headers["Retry-After"] = str(ASK_AGAIN)
    return shown


def _unreachable(provider: Provider) -> Response:
    _log.warning("portal.provider_unreachable", door=provider.door.name)
    shown = page("provider_down.html", HTTPStatus.SERVICE_UNAVAILABLE, door=provider.door)
    shown.headers["Retry-After"] = str(ASK_AGAIN)
    return shown
