"""The front page by role, and the pages about the portal itself: accessibility and privacy."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from udb.portal.front_links import links_of
from udb.portal.pages import page
from udb.portal.roles import Role
from udb.portal.state import house, session
from udb.statistics.definitions.book import all_definitions

pages = Blueprint("front", __name__)


@pages.get("/")
def front() -> Response:
    """Show what the role of the session can do here, or the doors."""
    found = session()
    if found is None:
        return page("front.html", doors=[provider.door for provider in house().providers.values()], links=())
    if found.rolle is None:
        return redirect(url_for("login.choose"))
    if found.rolle is Role.UNG:
        return redirect(url_for("own.overview"))
    return page("front.html", doors=(), links=links_of(found.rolle))


@pages.get("/tilgaengelighed")
def accessibility() -> Response:
    """Show the statement on accessibility."""
    return page("accessibility.html")


@pages.get("/was")
def accessibility_short() -> Response:
    """Send on from the short address that public bodies use."""
    return redirect(url_for("front.accessibility"))


@pages.get("/om-tallene")
def about_figures() -> Response:
    """Show how each figure is computed, from the definitions that compute it."""
    return page("about_figures.html", definitions=all_definitions())


@pages.get("/privatliv")
def privacy() -> Response:
    """Show what is registered, why, for how long, who sees it, and how to complain; made from the settings."""
    settings = house().context.settings
    return page(
        "privacy.html",
        opbevaring_aar=settings.opbevaring_aar,
        laeselog_aar=settings.laeselog_aar,
        noegler_dage=settings.noegler_dage,
        host=request.host,
    )
