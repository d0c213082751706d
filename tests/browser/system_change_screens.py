"""The screens of changes of source system."""

from itertools import count
from typing import Final
from unittest import mock

from tests.browser.changes import AHEAD, CLOSED, DONE, OF_KOMMUNE
from tests.browser.screen import Screen, Way, at
from tests.browser.visit import Visit
from udb.statistics.system_change.points import POINTS

FRONT: Final = "/web/systemskifte/"
MISSING: Final = "Skiftet findes ikke, eller det er ikke jeres"
AWAY: Final = "Registret svarer ikke lige nu"
REFUSED: Final = "Din rolle har ikke adgang til denne side"
_SYSTEMS: Final = count(1)


def one(number: int) -> str:
    """Return the address of a change."""
    return f"{FRONT}{number}/"


def point(number: int, change: int = DONE) -> Way:
    """Return the way to a point of a change."""
    return at(f"{one(change)}punkt/{number}")


def filled(visit: Visit, year: int = 2026) -> None:
    """Fill in an announcement, and send it."""
    visit.open(f"{FRONT}meld")
    visit.fill("Gammelt system", f"Studiesystem {next(_SYSTEMS)}")
    visit.fill("Nyt system", "nyt-studie")
    visit.date(1, 10, year)
    visit.fill("Hvem kan spørges?", "it@skole.example")
    visit.press("Meld skiftet")


def announced(visit: Visit) -> None:
    """Announce a change from a system of its own."""
    filled(visit)


def too_old(visit: Visit) -> None:
    """Announce a change of long ago."""
    filled(visit, year=2019)


def empty(visit: Visit) -> None:
    """Send an empty announcement."""
    visit.open(f"{FRONT}meld")
    visit.press("Meld skiftet")


def without_reason(visit: Visit) -> None:
    """Confirm a point with findings without a reason."""
    point(4)(visit)
    visit.press("Bekræft punktet")


def confirmed(visit: Visit) -> None:
    """Confirm a point with findings."""
    point(4)(visit)
    visit.fill("Hvorfor kan punktet bekræftes, selv om der er fund?", "De to er begyndt forfra.")
    visit.press("Bekræft punktet")
    visit.page.get_by_text("Hvad der er sket").wait_for()


def listed(visit: Visit, content: bytes) -> None:
    """Send the own list."""
    point(5)(visit)
    visit.page.set_input_files("#fil", {"name": "liste.csv", "mimeType": "text/csv", "buffer": content})
    visit.press("Sammenlign")


def compared(visit: Visit) -> None:
    """Compare a list with one youth who is there, one who is not, and a number of three digits."""
    listed(visit, b"CPRNr;Kode\n7103075203;3017\n7103075299;\n123;\n")
    visit.page.get_by_text("Listen og resultatet er ikke gemt").wait_for()


def wrong_list(visit: Visit) -> None:
    """Send a list without numbers."""
    listed(visit, b"Navn\nAlma\n")


def too_many(visit: Visit) -> None:
    """Fetch more numbers than a file may hold."""
    point(3)(visit)
    with mock.patch("udb.statistics.system_change.numbers.MOST", 1):
        visit.press("Hent numrene som CSV")
        visit.expect_heading("Filen ville få for mange linjer")


def session_over(visit: Visit) -> None:
    """Tick a point when the session has ended."""
    visit.log_in("skifte")
    visit.expect_heading("Ungedatabasen")
    point(4)(visit)
    visit.page.context.clear_cookies()
    visit.press("Bekræft punktet")


def database_away(visit: Visit) -> None:
    """Open a change while the database is out of reach."""
    with visit.without_database():
        visit.open(one(DONE))
        visit.expect_heading(AWAY)


CHANGE, OTHER_CHANGE = "Systemskifte 30. juni 2026", "Systemskifte 1. september 2026"
ANNOUNCE: Final = "Meld et skifte"
TITLES: Final = {one.number: f"{one.number}. {one.title}" for one in POINTS}
_POINT: Final = ["change_points.point"]
SYSTEM_CHANGE_SCREENS: Final = (
    Screen("skifte", "Systemskifte", at(FRONT), ["system_change.front"], "skifte"),
    Screen("skifte-ingen", "Systemskifte", at(FRONT), [], "universitet"),
    Screen("skifte-stil", "Systemskifte", at(FRONT), [], "stil"),
    Screen("skifte-ingen-adgang", REFUSED, at(FRONT), [], "vejleder", 403),
    Screen("skifte-meld", ANNOUNCE, at(f"{FRONT}meld"), ["system_change.announcement"], "skifte"),
    Screen("skifte-meld-stil", ANNOUNCE, at(f"{FRONT}meld"), [], "stil"),
    Screen("skifte-meld-tom", ANNOUNCE, empty, ["system_change.announced"], "skifte", 422),
    Screen("skifte-meld-gammel", ANNOUNCE, too_old, [], "skifte", 422),
    Screen("skifte-et", CHANGE, at(one(DONE)), ["system_change.one"], "skifte"),
    Screen("skifte-et-stil", CHANGE, at(one(DONE)), [], "stil"),
    Screen("skifte-fremtid", OTHER_CHANGE, at(one(AHEAD)), [], "skifte"),
    Screen("skifte-lukket", "Systemskifte 1. juli 2026", at(one(CLOSED)), [], "skifte-lukket"),
    Screen("skifte-kommune", "Systemskifte 1. juli 2026", at(one(OF_KOMMUNE)), [], "leder"),
    Screen("skifte-findes-ikke", MISSING, at(one(99)), [], "skifte", 404),
    Screen("skifte-andens", MISSING, at(one(CLOSED)), [], "skifte", 404),
    Screen("skifte-database-vaek", AWAY, database_away, [], "skifte", 503),
    *(Screen(f"skifte-punkt-{number}", TITLES[number], point(number), _POINT, "skifte") for number in TITLES),
    Screen("skifte-punkt-stil", TITLES[4], point(4), [], "stil"),
    Screen("skifte-punkt-fremtid", TITLES[5], point(5, AHEAD), [], "skifte"),
    Screen("skifte-punkt-kommune", TITLES[5], point(5, OF_KOMMUNE), [], "leder"),
    Screen("skifte-uden-grund", TITLES[4], without_reason, ["change_points.ticked"], "skifte", 422),
    Screen("skifte-bekraeftet", TITLES[4], confirmed, [], "skifte"),
    Screen("skifte-liste", TITLES[5], compared, ["change_points.stock"], "skifte"),
    Screen("skifte-liste-fejl", TITLES[5], wrong_list, [], "skifte", 422),
    Screen("skifte-for-mange", "Filen ville få for mange linjer", too_many, ["change_points.numbers"], "skifte", 422),
    Screen("skifte-session-slut", "Du er logget ud", session_over, [], None, 403),
    Screen("skifte-meldt", "Systemskifte 1. oktober 2026", announced, [], "skifte-lukket"),
)  # fmt: skip
"""The list. It grows with the pages."""
