"""The running service has the book."""

import time

from tests.door import request
from udb.front import application
from udb.house import House
from udb.pages import pages
from udb.rulebook.book import entries


def test_the_service_answers_with_the_book_and_its_front_page_leads_there(house: House) -> None:
    app = application(house, pages(house))
    assert b'href="/regler"' in request(app, "GET", "/").body
    for path in ("/regler", "/regler/en", "/regler/4003", "/regler/en/4003", "/regler?soeg=afbrud"):
        assert request(app, "GET", path).status == 200
    assert request(app, "GET", "/reglerne").status == 404


def test_a_page_costs_next_to_nothing(house: House) -> None:
    app = application(house, pages(house))
    paths = [f"/regler/{entry.code}" for entry in entries()] + ["/regler?soeg=afbrud"] * 40
    for path in paths:
        request(app, "GET", path)
    begun = time.perf_counter()
    for path in paths:
        request(app, "GET", path)
    assert (time.perf_counter() - begun) / len(paths) < 0.02
