"""A kommune's pages in tests: the browser of its guidance officer, and what a page says."""

import re
from typing import Final
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.support.reporting import Administrator
from tests.support.world import KOMMUNE
from udb.portal.roles import Role

FIND: Final = "/web/unge/find"


class Officer(Administrator):
    """The browser of a kommune's guidance officer, logged in, with a purpose chosen."""

    def __init__(self, app: WSGIApplication, engine: Engine, nummer: str = KOMMUNE, role: Role = Role.VEJLEDER) -> None:
        super().__init__(app, engine, nummer, role)
        assert self.send_form("/web/unge/formaal", {"formaal": "vejledning"}).status_code == 303

    def find(self, cprnr: str) -> TestResponse:
        """Look a CPR number up; return the page that follows."""
        return self.follow(self.send_form(FIND, {"CPRNr": cprnr}))

    def reference(self, cprnr: str) -> str:
        """Return the address of a youth's page."""
        found = self.send_form(FIND, {"CPRNr": cprnr})
        assert found.status_code == 303, found.text
        return str(found.headers["Location"])


def numbers(page: TestResponse) -> set[str]:
    """Return the event numbers that a page shows."""
    return set(re.findall(r"<td>(UDB-\d{23})</td>", page.text))


def without_token(page: TestResponse) -> str:
    """Return a page without the token of its forms."""
    return re.sub(r'name="csrf" value="[^"]*"', "", page.text)
