"""The screens of ledelsesinformation."""

from typing import Final

from tests.browser.screen import Screen, at
from tests.browser.visit import Visit

START: Final = "/web/ledelse/"


def session_over(visit: Visit) -> None:
    """Open the figures when the session has ended."""
    visit.log_in("leder")
    visit.expect_heading("Ungedatabasen")
    visit.page.context.clear_cookies()
    visit.open(START)


def database_away(visit: Visit) -> None:
    """Open the figures while the database is out of reach."""
    with visit.without_database():
        visit.open(START)
        visit.expect_heading("Registret svarer ikke lige nu")


def discreet(visit: Visit) -> None:
    """See the own kommune as others may."""
    visit.open(f"{START}?definition=kui")
    visit.press("Vis, som andre må se det")


REFUSED: Final = "Din rolle har ikke adgang til denne side"
GROUP: Final = "Målgruppen"
FIGURES_SCREENS: Final = (
    Screen("ledelse", "Status", at(START), ["figures.front"], "leder"),
    Screen("ledelse-kui", "Status", at(f"{START}status/?definition=kui"), ["figures.screen"], "leder"),
    Screen("ledelse-skjult", "Status", discreet, [], "leder"),
    Screen("ledelse-anden", "Status", at(f"{START}?kommune=751&definition=bredere"), [], "leder"),
    Screen("ledelse-foer-foerste", "Status", at(f"{START}?definition=neet"), [], "leder"),
    Screen("ledelse-stil", "Status", at(f"{START}?definition=kui"), [], "stil"),
    Screen("ledelse-maalgruppen", GROUP, at(f"{START}maalgruppen/"), [], "leder"),
    Screen("ledelse-maalgruppen-anden", GROUP, at(f"{START}maalgruppen/?kommune=751"), [], "leder"),
    Screen("ledelse-frafald", "Frafald", at(f"{START}frafald/"), [], "leder"),
    Screen("ledelse-frafald-ingen", "Frafald", at(f"{START}frafald/?uddannelse=fgu"), [], "leder"),
    Screen("ledelse-kontakt", "Fra afbrud til kontakt", at(f"{START}kontakt/"), [], "leder"),
    Screen("ledelse-kontaktede", "Kontaktede i målgruppen", at(f"{START}kontaktede/"), [], "leder"),
    Screen("ledelse-findes-ikke", "Tallene findes ikke", at(f"{START}noget/"), [], "leder", 404),
    Screen("ledelse-session-slut", "Log ind", session_over, [], None),
    Screen("ledelse-database-vaek", "Registret svarer ikke lige nu", database_away, [], "leder", 503),
    Screen("ledelse-ingen-adgang", REFUSED, at(START), [], "vejleder", 403),
)
"""The list. It grows with the pages."""
