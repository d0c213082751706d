"""Each screen of ``screens.py`` in each look: what axe finds, the keyboard, narrow and enlarged, no complaint."""

from pathlib import Path
from time import monotonic

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.screen import Screen
from tests.browser.screens import SCREENS
from tests.browser.site import LOOKS, Site
from tests.browser.visit import WIDE, Visit, visiting
from udb.portal.roles import ALLOWED, CHOOSING, PUBLIC

# werkzeug leaves a file open when a browser goes on before it has it all.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
WITHOUT_SCREEN = {"static_file", "front.accessibility_short", "login.begin", "login.ended_elsewhere"}
WITHOUT_SCREEN |= {"youths.file", "registrations.file", "own.as_json", "change_points.findings"}
WITHOUT_SCREEN |= {"reconciliation.template", "reconciliation.marked_file"}
WITHOUT_SCREEN |= {f"quality_contacts.{name}_file" for name in ("contacts", "months")}
WITHOUT_SCREEN |= {f"quality_missing.{name}_file" for name in ("contacts", "courses")}
WITHOUT_SCREEN |= {f"quality_senders.{name}_file" for name in ("one", "senders")}
WITHOUT_SCREEN |= {f"quality_timely.{name}_file" for name in ("month", "sender")}
WITHOUT_SCREEN |= {"quality_lookups.lookups_file", "quality_rules.rules_file"}
WITHOUT_SCREEN |= {"figures.file", "figures.kommuner"}
"""Files, redirects, and what a provider's server posts to."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Sessions = dict[tuple[str, str], tuple[float, list]]
"""Since when users are logged in, by user and look, and their cookies."""
LASTS = 600.0
"""Seconds after which a user logs in again: a youth's session ends after fifteen minutes without a page."""
PHONE = {"width": 390, "height": 844}
ENLARGED = {"width": 320, "height": 450}
"""A window of 640 pixels at 200 %, or of 1,280 at 400 %."""


def test_every_page_has_a_screen() -> None:
    shown = {page for screen in SCREENS for page in screen.pages}
    assert shown | WITHOUT_SCREEN >= PUBLIC | CHOOSING | ALLOWED.keys()


def test_every_name_is_of_one_screen() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))


@pytest.fixture(scope="session")
def sessions() -> Sessions:
    """Cookies of those who have logged in, by user and look."""
    return {}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_screen(screen: Screen, look: str, chromium: Browser, pages: Site, pictures: Path, sessions: Sessions) -> None:
    with visiting(chromium, pages, look) as visit:
        _enter(visit, screen, sessions)
        screen.way(visit)
        visit.expect_heading(screen.heading)
        assert visit.status == screen.status
        page = visit.page
        page.screenshot(path=pictures / f"{screen.name}-{look}.png", full_page=True)
        _judged(page)
        _walked(page)
        for size in (PHONE, ENLARGED):
            page.set_viewport_size(size)
            assert page.evaluate(_FITS), size
            if size is PHONE:
                page.screenshot(path=pictures / f"{screen.name}-{look}-telefon.png", full_page=True)
        page.set_viewport_size(WIDE)
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        if page.locator('meta[name="color-scheme"]').count():
            # The design system has no dark form: with it, the pages say that they are light.
            assert page.evaluate(_PAPER) == "rgb(255, 255, 255)"
        else:
            page.screenshot(path=pictures / f"{screen.name}-{look}-moerk.png", full_page=True)
            _judged(page)
        assert visit.complaints == []


_PAPER = """(() => { const one = document.body.appendChild(document.createElement('div'));
one.style.backgroundColor = 'Canvas'; return getComputedStyle(one).backgroundColor; })()"""
_FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"


def _enter(visit: Visit, screen: Screen, sessions: Sessions) -> None:
    if screen.user is None:
        return
    key = screen.user, visit.look
    began, cookies = sessions.get(key, (0.0, []))
    if not cookies or monotonic() - began > LASTS:
        visit.log_in(screen.user)
        began, cookies = sessions[key] = monotonic(), visit.page.context.cookies()
    visit.page.context.add_cookies(cookies)


def _judged(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    assert [(one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found] == []


def _walked(page: Page) -> None:
    """Reach every control by the keyboard alone, each with a mark that shows where the focus is."""
    wanted = page.evaluate(_CONTROLS)
    page.evaluate("document.activeElement.blur()")
    reached = set()
    for _ in range(wanted + 5):
        page.keyboard.press("Tab")
        found, is_marked = page.evaluate(_FOCUSED)
        if found >= 0:
            reached.add(found)
            assert is_marked, page.evaluate("document.activeElement.outerHTML")
    assert len(reached) >= wanted, f"{len(reached)} of {wanted} controls are reached"


_ALL = """
const all = [...document.querySelectorAll(
  'a[href], button, input:not([type=hidden]), select, summary, [tabindex="0"]')].filter(one => one.checkVisibility());
const group = one => one.type === 'radio' && one.form
  ? [...one.form.elements].filter(other => other.name === one.name) : [one];
const reached = one => group(one).find(other => other.checked) || group(one)[0];
const wanted = all.filter(one => one === reached(one));
"""
"""All controls; of the radio buttons of a name the one that the tab key reaches."""
_CONTROLS = f"(() => {{ {_ALL} return wanted.length; }})()"
_FOCUSED = f"""(() => {{ {_ALL} const one = document.activeElement; const style = getComputedStyle(one);
const label = one.labels && one.labels[0] ? getComputedStyle(one.labels[0], '::before') : style;
const shown = some => some.outlineStyle !== 'none' && some.outlineWidth !== '0px' || some.boxShadow !== 'none';
return [wanted.indexOf(one), shown(style) || shown(label)]; }})()"""
