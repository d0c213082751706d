"""The running service has the book."""

import time

from tests.support.endpoint import request
from udb.context import Context
from udb.rulebook.book import entries
from udb.web.pages import pages
from udb.wsdl.use_cases import application


def test_the_service_answers_with_the_book_and_its_front_page_leads_there(context: Context) -> None:
    app = application(context, pages(context))
    assert b'href="/regler"' in request(app, "GET", "/").body
    for path in ("/regler", "/regler/en", "/regler/4003", "/regler/en/4003", "/regler?soeg=afbrud"):
        assert request(app, "GET", path).status == 200
    assert request(app, "GET", "/reglerne").status == 404


def test_a_page_costs_next_to_nothing(context: Context) -> None:
    app = application(context, pages(context))
    paths = [f"/regler/{entry.code}" for entry in entries()] + ["/regler?soeg=afbrud"] * 40
    for path in paths:
        request(app, "GET", path)
    begun = time.process_time()
    for path in paths:
        request(app, "GET", path)
    assert (time.process_time() - begun) / len(paths) < 0.02
