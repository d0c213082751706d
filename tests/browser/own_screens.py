"""The screens of a youth's own pages."""

from typing import Final

from tests.browser.screen import Screen, at, log_in
from tests.browser.visit import Visit

PAGE, PRINT = "/web/mit/", "/web/mit/udskriv"


def opened(visit: Visit) -> None:
    """Open everything that is folded."""
    visit.open(PAGE)
    visit.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")


def without_session(visit: Visit) -> None:
    """Open the page when the session has ended."""
    visit.log_in("ung")
    visit.expect_heading("Dine oplysninger")
    visit.page.context.clear_cookies()
    visit.open(PAGE)


def database_away(visit: Visit) -> None:
    """Open the page while the database is out of reach."""
    with visit.without_database():
        visit.open(PAGE)
        visit.expect_heading("Registret svarer ikke lige nu")


OWN, ALL = "Dine oplysninger", "Alt om dig i Ungedatabasen"
REFUSED: Final = "Din rolle har ikke adgang til denne side"
OWN_SCREENS: Final = (
    Screen("mit", OWN, at(PAGE), ["own.overview"], "ung"),
    Screen("mit-log-ind", OWN, log_in("ung"), [], None),
    Screen("mit-aabnet", OWN, opened, [], "ung"),
    Screen("mit-tom", OWN, at(PAGE), [], "ung-tom"),
    Screen("mit-beskyttet", OWN, at(PAGE), [], "ung-beskyttet"),
    Screen("mit-slettet", OWN, at(PAGE), [], "ung-slettet"),
    Screen("mit-ukendt", OWN, at(PAGE), [], "ung-ukendt"),
    Screen("mit-udskriv", ALL, at(PRINT), ["own.to_print"], "ung"),
    Screen("mit-udskriv-ukendt", OWN, at(PRINT), [], "ung-ukendt"),
    Screen("mit-lavt-niveau", "Du blev ikke logget ind", log_in("ung-lavt-niveau"), [], None, 403),
    Screen("mit-session-slut", "Log ind", without_session, [], None),
    Screen("mit-database-vaek", "Registret svarer ikke lige nu", database_away, [], "ung", 503),
    Screen("mit-ingen-adgang", REFUSED, at(PAGE), [], "skole", 403),
)
"""The list. It grows with the pages."""
