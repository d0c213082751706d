"""A person's browser at the pages, in the person's words: labels, buttons, links, headings."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any, Final
from unittest import mock

from playwright.sync_api import Browser, Page, expect

from tests.browser.site import USERS, Site
from udb.domain.errors import DatabaseUnavailable
from udb.portal import guard
from udb.portal.login import routes
from udb.portal.youths.patience import PAUSE, WITHIN, Patience, TooSoonError

WIDE: Final = {"width": 1280, "height": 900}
_SERIALS: Final = count(5200)
"""The last four digits of the youths; all are born 11 March 2007, unless it is said."""


class Visit:
    """A page of a browser. ``complaints``: what the browser complained of: script errors, refused or failed loads."""

    def __init__(self, page: Page, site: Site, look: str) -> None:
        self.page, self.site, self.look = page, site, look
        self.status = 0
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def _console(self, message: Any) -> None:
        # A page of an error is said to be one by the console, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _failed(self, request: Any) -> None:
        # What a page was loading when the next was opened is given up.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _response(self, response: Any) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.site.addresses[self.look] + path)

    def log_in(self, user: str, door: str = "") -> None:
        """Log in through the provider's own page."""
        self.open(f"/web/log-ind/{door or DOORS[user]}")
        self.page.locator(f'button[value="{user}"]').click()

    def press(self, name: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str) -> None:
        """Follow a link."""
        self.page.get_by_role("link", name=name, exact=True).first.click()

    def fill(self, label: str, text: str) -> None:
        """Write into a field."""
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        """Choose a radio button or set a tick, by its label as a person does."""
        self.page.get_by_text(label, exact=True).click()

    def tick_all(self) -> None:
        """Set every tick of the page."""
        for label in self.page.locator(".form-group-checkbox label").all():
            label.click()

    def date(self, day: int, month: int = 8, year: int = 2026) -> None:
        """Write into the three fields of a date."""
        for label, number in (("Dag", day), ("Måned", month), ("År", year)):
            self.fill(label, str(number))

    @contextmanager
    def without_database(self) -> Iterator[None]:
        """Let the database be out of reach."""
        with mock.patch.object(guard, "reading", side_effect=DatabaseUnavailable):
            yield

    @contextmanager
    def providers_busy(self) -> Iterator[None]:
        """Let all threads that may wait for a provider do so."""
        with mock.patch.object(routes, "_WAITING", threading.BoundedSemaphore(1)) as waiting:
            waiting.acquire()
            yield

    @contextmanager
    def failed_too_often(self) -> Iterator[None]:
        """Let too many log-ins from this address have failed."""
        with mock.patch.object(routes, "_has_failed_too_often", return_value=True):
            yield

    @contextmanager
    def looked_up_too_often(self) -> Iterator[None]:
        """Let the user have looked up too many CPR numbers."""
        with mock.patch.object(Patience, "before", side_effect=TooSoonError(WITHIN, paused=False)):
            yield

    @contextmanager
    def refused_too_often(self) -> Iterator[None]:
        """Let the user's latest look-ups have been refused."""
        with mock.patch.object(Patience, "before", side_effect=TooSoonError(PAUSE, paused=True)):
            yield

    @contextmanager
    def short_lists(self) -> Iterator[None]:
        """Let a list hold no more than one youth."""
        with mock.patch("udb.hentning.kommune.residents.MOST", 1):
            yield

    def youth(self, born: str = "710307") -> str:
        """Return the CPR number of a new youth; ``born``: as it begins."""
        cprnr = f"{born}{next(_SERIALS)}"
        self.site.world.person(cprnr)
        return cprnr

    def press_into_new_tab(self, name: str, heading: str) -> None:
        """Press a button so that the answer, with this heading, comes in a tab of its own; this one stays."""
        self.page.evaluate("document.querySelector('main form').target = '_blank'")
        with self.page.context.expect_page() as opened:
            self.press(name)
        expect(opened.value.locator("h1")).to_have_text(heading)
        opened.value.close()
        self.page.evaluate("document.querySelector('main form').target = ''")

    def expect_heading(self, heading: str) -> None:
        """Wait until the page with this first heading is there."""
        expect(self.page.locator("h1")).to_have_text(heading)


DOORS: Final = {user.key: user.door for user in USERS}


@contextmanager
def visiting(browser: Browser, site: Site, look: str, **options: Any) -> Iterator[Visit]:
    """Yield a new person's browser, without cookies; ``options``: of Playwright's context."""
    context = browser.new_context(**{"viewport": WIDE, "locale": "da-DK", **options})
    context.set_default_timeout(15_000)
    try:
        yield Visit(context.new_page(), site, look)
    finally:
        context.close()
