"""What people come for: a guidance officer, and a youth with a telephone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.kommune_screens import LIST, MINE, NEW, START, page
from tests.browser.site import Site
from tests.browser.visit import Visit, visiting
from tests.support.world import GYMNASIUM

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def officer(chromium: Browser, pages: Site) -> Iterator[Visit]:
    """A guidance officer who has logged in and said what for."""
    with visiting(chromium, pages, "design") as found:
        found.log_in("vejleder")
        found.expect_heading("Ungedatabasen")
        page(START)(found)
        yield found
        assert found.complaints == []


def take(visit: Visit, pictures: Path, name: str) -> None:
    visit.page.screenshot(path=pictures / f"vej-{name}.png", full_page=True)


def test_an_officer_finds_who_may_be_rung_about_a_youth_who_left_school_last_week(officer, pictures) -> None:
    officer.open(LIST)
    take(officer, pictures, "liste")
    officer.fill("Afbrud i de seneste dage", "7")
    officer.press("Vis")
    take(officer, pictures, "liste-afbrud")
    officer.follow("Sara Ventende")
    officer.expect_heading("Sara Ventende")
    take(officer, pictures, "ung")
    contacts = officer.page.get_by_role("region", name="Kontaktpersoner")
    expect(contacts).to_contain_text("Mangler: kommunen har ikke registreret en.")
    # No one is registered: the officer registers one, and then there is one to ring.
    officer.follow("Kontaktperson")
    officer.fill("Navn", "Vera Vejleder")
    officer.fill("E-mail", "vera@kommune.example")
    officer.fill("Telefon", "23456789")
    officer.press("Kontrollér")
    officer.tick_all()
    officer.press("Send")
    officer.expect_heading("Registreringen er modtaget")
    take(officer, pictures, "kvittering")
    officer.page.get_by_role("link", name=re.compile("Tilbage")).first.click()
    expect(officer.page.locator('a[href="tel:23456789"]')).to_be_visible()


def test_an_officer_renews_the_contacts_of_a_school(officer, pictures) -> None:
    officer.open(MINE)
    take(officer, pictures, "egne")
    officer.follow("Skift kontaktperson for flere eller for en hel skole")
    take(officer, pictures, "skift")
    officer.choose("Unge på en skole")
    officer.fill("Skole", f"Institution {GYMNASIUM}")
    for label, text in (("navn", "Vera Vejleder"), ("e-mail", "vera@kommune.example"), ("telefon", "23456789")):
        officer.fill(f"{NEW} {label}", text)
    officer.press("Find de unge")
    officer.expect_heading("Markér de unge")
    take(officer, pictures, "skift-marker")
    officer.press("Registrér for de markerede")
    officer.expect_heading("Kontaktpersonen er sendt")
    take(officer, pictures, "skift-sendt")
    expect(officer.page.locator("dt:text-is('Afvist') + dd")).to_have_text("0")


def test_a_youth_finds_who_has_looked_and_what_to_do_about_a_wrong_date(chromium, pages, pictures) -> None:
    with visiting(chromium, pages, "design", viewport=TELEPHONE, is_mobile=True) as visit:
        visit.log_in("ung")
        visit.expect_heading("Dine oplysninger")
        take(visit, pictures, "mit")
        visit.follow("Hvem har set det?")
        take(visit, pictures, "mit-hvem")
        visit.follow("Er noget forkert?")
        take(visit, pictures, "mit-forkert")
        assert visit.complaints == []
