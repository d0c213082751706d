"""The screens of the reconciliation."""

from typing import Final
from unittest import mock

from tests.browser import youths
from tests.browser.screen import Screen, Way, at
from tests.browser.visit import Visit
from tests.support.reconciliation import HEAD
from tests.support.reports import CPRNR, optag

START: Final = "/web/afstemning/"
MARKED: Final = f"{START}opmaerkninger/"
FORM, RESULT, DAY = "Afstemning", "Resultat af afstemningen", "Hvad tallene udelader"
AWAY: Final = "Registret svarer ikke lige nu"


def send(visit: Visit, content: str, kind: str = "Kontaktpersoner") -> None:
    """Choose a kind and a file, and ask for the result."""
    visit.open(START)
    visit.page.locator("fieldset").get_by_text(kind, exact=True).click()
    file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": content.encode()}
    visit.page.set_input_files("#fil", file)
    visit.press("Vis her")


def sent(content: str) -> Way:
    """Return the way to the answer to a list of contacts."""
    return lambda visit: send(visit, content)


def full(visit: Visit) -> None:
    """Send a list that has most marks."""
    same, other, left = visit.youth(), visit.youth(), visit.youth()
    for cprnr in (same, other, left):
        youths.contact(visit.site.endpoint, cprnr, "Vera Vejleder")
    rows = (
        HEAD,
        f"{same};Vera Vejleder;;;sag 1",
        f"{other};Vagn Vejleder;vagn@kommune.example;;sag 2",
        f"{other};Vera Vejleder;;;sag 3",
        f"{visit.youth()};Vera Vejleder;vera@kommune.example;;sag 4",
        "7103075999;Vera Vejleder;;;sag 5",
        "103075999;Vera Vejleder;;;sag 6",
    )
    send(visit, "\n".join(rows))


def courses(visit: Visit) -> None:
    """Send an institution's list of forløb."""
    cprnr = visit.youth()
    optag(visit.site.endpoint, cprnr, 3)
    rows = ("CPRNr;Kode;DatoOptag", f"{cprnr};3017;2026-08-03", f"{cprnr};9999;2026-08-03")
    send(visit, "\n".join(rows), "Igangværende forløb på en dag")


def no_file(visit: Visit) -> None:
    """Send the form without anything."""
    visit.open(START)
    visit.press("Vis her")


def too_often(visit: Visit) -> None:
    """Reconcile when the day's files are used."""
    with mock.patch("udb.portal.reconciliation.routes.may_reconcile", return_value=False):
        send(visit, f"{HEAD}\n{CPRNR};N;;;")
        visit.expect_heading("Du har afstemt for meget i dag")


def database_away(visit: Visit) -> None:
    """Open the form while the database is out of reach."""
    with visit.without_database():
        visit.open(START)
        visit.expect_heading(AWAY)


def session_over(visit: Visit) -> None:
    """Send a file when the session has ended."""
    visit.log_in("leder")
    visit.expect_heading("Ungedatabasen")
    visit.open(START)
    visit.page.context.clear_cookies()
    visit.press("Vis her")


REFUSED: Final = "Din rolle har ikke adgang til denne side"
RECONCILIATION_SCREENS: Final = (
    Screen("afstemning", FORM, at(START), ["reconciliation.choose"], "leder"),
    Screen("afstemning-skole", FORM, at(START), [], "skole"),
    Screen("afstemning-fejl", FORM, no_file, ["reconciliation.answer"], "leder", 422),
    Screen("afstemning-kolonne-mangler", FORM, sent("CPRNr\n1"), [], "leder", 422),
    Screen("afstemning-resultat", RESULT, full, ["reconciliation.answer"], "leder"),
    Screen("afstemning-resultat-skole", RESULT, courses, [], "skole"),
    Screen("afstemning-ingen-vist", RESULT, sent(f"{HEAD}\n7103075999;N;;;"), [], "leder"),
    Screen("afstemning-for-mange", "Du har afstemt for meget i dag", too_often, [], "leder", 429),
    Screen("afstemning-ingen-adgang", REFUSED, at(START), [], "vejleder", 403),
    Screen("afstemning-session-slut", "Du er logget ud", session_over, [], None, 403),
    Screen("afstemning-database-vaek", AWAY, database_away, [], "leder", 503),
    Screen("opmaerkninger", DAY, at(MARKED), ["reconciliation.marked"], "skole"),
    Screen("opmaerkninger-tom", DAY, at(MARKED), [], "universitet"),
    Screen("opmaerkninger-fejl", DAY, at(f"{MARKED}?dag=x"), [], "skole", 422),
)
"""The list. It grows with the pages."""
