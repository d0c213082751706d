"""The ways that people go through the pages, in a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, expect
from sqlalchemy import func, select

from tests.browser.screens import checked, enrolled, filled, form, one_of_mine, sent
from tests.browser.site import Site
from tests.browser.visit import Visit, visiting
from tests.support.world import GYMNASIUM
from udb.store.engine import reading
from udb.store.tables import haendelse

# werkzeug leaves a file open when a browser goes on before it has it all.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
RECEIVED = "Indberetningen er modtaget"
CHECKED = "Kontrollér, og indberet"


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def visit(request: pytest.FixtureRequest, chromium: Browser, pages: Site) -> Iterator[Visit]:
    """A user administrator who has logged in, with and without JavaScript."""
    with visiting(chromium, pages, "design", java_script_enabled=request.param) as found:
        found.log_in("skole")
        found.expect_heading("Ungedatabasen")
        yield found
        assert found.complaints == []


@pytest.fixture
def scripted(chromium: Browser, pages: Site) -> Iterator[Visit]:
    """A user administrator who has logged in."""
    with visiting(chromium, pages, "design") as found:
        found.log_in("skole")
        found.expect_heading("Ungedatabasen")
        yield found


def events(visit: Visit) -> int:
    with reading(visit.site.world.engine) as connection:
        return connection.execute(select(func.count()).select_from(haendelse)).scalar_one()


def number(visit: Visit) -> str:
    return visit.page.locator("dt:text-is('HaendelseNummer') + dd").inner_text()


def test_a_new_school_secretary_reports_corrects_finds_and_cancels(visit: Visit) -> None:
    cprnr = enrolled(visit)
    visit.follow("Indberet manuelt")
    visit.follow("Ny indberetning")
    visit.press("Fortsæt")
    visit.expect_heading("Hvad vil du indberette?")
    expect(visit.page).to_have_title("Fejl: Ny indberetning - Ungedatabasen")
    visit.choose("Afbrudt")
    visit.choose("Ungdomsuddannelse")
    visit.press("Fortsæt")
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    visit.fill("CPR-nummer", f"{cprnr[:6]}-{cprnr[6:]}")
    visit.date(18)
    visit.choose("Personlige forhold")
    visit.fill("Uddannelse", "3017 Højere forberedelseseksamen (hf)")
    visit.press("Kontrollér")
    expect(visit.page).to_have_title("Fejl: Ungdomsuddannelse: Afbrudt - Ungedatabasen")
    expect(visit.page.locator("#fejl")).to_be_focused()
    # The date was wrong: the summary leads to its field.
    visit.page.locator("#fejl li a").first.click()
    expect(visit.page.locator("#HaendelseDato-dag")).to_be_focused()
    visit.date(14)
    visit.press("Kontrollér")
    visit.expect_heading(CHECKED)
    expect(visit.page.get_by_text("14. august 2026")).to_be_visible()
    visit.press("Indberet")
    expect(visit.page).to_have_title("Fejl: Kontrollér - Ungedatabasen")
    visit.tick_all()
    visit.press("Indberet")
    visit.expect_heading(RECEIVED)
    nummer = number(visit)
    visit.follow("Mine indberetninger")
    visit.page.locator("table a", has_text=nummer).click()
    visit.expect_heading("Indberetning")
    expect(visit.page.get_by_text("Personlige forhold (904)")).to_be_visible()
    visit.follow("Annullér indberetningen")
    visit.tick_all()
    visit.press("Annullér indberetningen")
    visit.expect_heading("Indberetningen er annulleret")
    visit.follow("Indberet igen med de rigtige oplysninger")
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    expect(visit.page.get_by_label("Uddannelse", exact=True)).to_have_value("3017")


def test_a_double_click_and_a_reload_make_one_event(scripted: Visit) -> None:
    visit = scripted
    checked(visit)
    visit.expect_heading(CHECKED)
    visit.tick_all()
    before = events(visit)
    visit.page.get_by_role("button", name="Indberet", exact=True).dblclick()
    visit.expect_heading(RECEIVED)
    first = number(visit)
    assert events(visit) == before + 1
    visit.page.reload()
    visit.expect_heading(RECEIVED)
    assert number(visit) == first
    assert events(visit) == before + 1


def test_back_from_the_receipt_leads_to_a_new_form(scripted: Visit) -> None:
    visit = scripted
    sent(visit)
    visit.expect_heading(RECEIVED)
    before = events(visit)
    # Step 3 came from a form: the browser asks before it sends that again. Who does not want it goes back once more.
    with pytest.raises(Error, match="ERR_CACHE_MISS"):
        visit.page.go_back()
    # Chromium goes no further back before its own page, which asks, is there.
    visit.page.wait_for_url("chrome-error://**")
    visit.page.go_back()
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    expect(visit.page.get_by_label("CPR-nummer", exact=True)).to_have_value("")
    assert events(visit) == before


def test_two_tabs_are_two_reports_of_which_the_second_is_refused(scripted: Visit) -> None:
    visit = scripted
    cprnr = enrolled(visit)
    tab = Visit(visit.page.context.new_page(), visit.site, visit.look)
    for one in (visit, tab):
        filled(one, cprnr=cprnr)
        one.press("Kontrollér")
        one.expect_heading(CHECKED)
        one.tick_all()
    visit.press("Indberet")
    visit.expect_heading(RECEIVED)
    tab.press("Indberet")
    expect(tab.page.locator("#fejl")).to_be_focused()
    tab.expect_heading("Ungdomsuddannelse: Afbrudt")


def test_the_same_once_more_keeps_the_education_and_not_the_youth(scripted: Visit) -> None:
    visit = scripted
    sent(visit)
    visit.follow("Indberet en til på samme uddannelse")
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    expect(visit.page.get_by_label("Uddannelse", exact=True)).to_have_value("3017")
    expect(visit.page.get_by_label("CPR-nummer", exact=True)).to_have_value("")


def test_step_3_leads_back_with_what_was_typed(scripted: Visit) -> None:
    visit = scripted
    checked(visit)
    visit.press("Ret oplysninger")
    visit.expect_heading("Ungdomsuddannelse: Afbrudt")
    expect(visit.page.get_by_label("Dag", exact=True)).to_have_value("14")
    expect(visit.page.get_by_label("Personlige forhold", exact=True)).to_be_checked()


def test_a_pasted_date_is_split(scripted: Visit) -> None:
    visit = scripted
    filled(visit)
    for label, text in (("Dag", "13-08-2026"), ("Måned", ""), ("År", "")):
        visit.fill(label, text)
    visit.press("Kontrollér")
    visit.expect_heading(CHECKED)
    expect(visit.page.get_by_text("13. august 2026")).to_be_visible()


def test_no_address_title_or_request_holds_a_cpr_number(scripted: Visit) -> None:
    visit = scripted
    seen: list[str] = []
    visit.page.on("request", lambda request: seen.append(f"{request.url} {request.headers.get('referer', '')}"))
    one_of_mine(visit)
    visit.press("Vis CPR-nummeret")
    visit.expect_heading("Indberetning")
    number = visit.page.locator("dt:has-text('CPR-nummer') + dd").inner_text()
    assert number.startswith("710307-")
    assert [address for address in seen if "710307" in address] == []
    assert "710307" not in visit.page.title()


def test_the_tab_key_goes_in_the_order_of_the_form(scripted: Visit) -> None:
    visit = scripted
    form("afbrudt")(visit)
    visit.page.get_by_label("CPR-nummer", exact=True).focus()
    order = []
    for _ in range(7):
        order.append(visit.page.evaluate("document.activeElement.name"))
        visit.page.keyboard.press("Tab")
    assert order == [
        "CPRNr",
        "InstitutionNummer",
        "HaendelseDato-dag",
        "HaendelseDato-maaned",
        "HaendelseDato-aar",
        "AfbrudsarsagsKode",
        "COsAFormaal",
    ]
    assert GYMNASIUM in visit.page.locator("#InstitutionNummer").inner_text()
