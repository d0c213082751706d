"""Reporting by hand in tests: a user administrator's browser, and what its pages say."""

import html
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final
from wsgiref.types import WSGIApplication

from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

from tests.support.portal import Browser
from udb.callers.agreements import Dataaftale, create
from udb.callers.systems import WEB
from udb.domain.services import ALL_SERVICES
from udb.portal import sessions
from udb.portal.roles import Role
from udb.portal.sessions import Choice
from udb.store.engine import reading, writing
from udb.store.tables import institution

FORM: Final = "/web/indberet/oplysninger"
CHECK: Final = "/web/indberet/kontroller"
SEND: Final = "/web/indberet/send"
MINE: Final = "/web/indberet/mine/"


class Administrator(Browser):
    """The browser of an institution's user administrator, or of another role, logged in."""

    def __init__(
        self, app: WSGIApplication, engine: Engine, nummer: str, role: Role = Role.BRUGERADMINISTRATOR
    ) -> None:
        super().__init__(app)
        self.engine = engine
        choice = Choice(role, nummer)
        with writing(engine) as connection:
            token = sessions.begin(connection, udbyder="unilogin", subjekt="admin", sid=None, choices=[choice])
            found, _ = sessions.find(connection, token)
        assert found is not None
        self.csrf = found.csrf
        self._client.set_cookie(sessions.COOKIE, token, domain="127.0.0.1", secure=True)

    def open_form(self, service: str, hvad: str) -> TestResponse:
        """Open the form of a task."""
        return self.get(FORM, query_string={"tjeneste": service, "hvad": hvad})

    def send_form(self, path: str, said: Mapping[str, Any]) -> TestResponse:
        """Send what a form says, with the session's token."""
        return self.post(path, {"csrf": self.csrf, **said})


def agree(engine: Engine, nummer: str, service: str = ALL_SERVICES) -> None:
    """Approve an institution for reporting by hand."""
    with writing(engine) as connection:
        create(connection, Dataaftale(WEB, service, nummer, None, None))


def main_of(engine: Engine, nummer: str) -> str | None:
    """Return the main institution of one."""
    with reading(engine) as connection:
        query = select(institution.c.hovedinstitution).where(institution.c.nummer == nummer)
        return connection.execute(query).scalar()


def hidden(page: TestResponse) -> dict[str, str]:
    """Return the hidden values of a page's forms, without the token."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.text)
    return {name: html.unescape(value) for name, value in found if name != "csrf"}


def names(page: TestResponse) -> set[str]:
    """Return the names of a page's fields."""
    return set(re.findall(r'<(?:input|select)[^>]* name="([^"]+)"', page.text))


def codes(page: TestResponse) -> frozenset[str]:
    """Return the codes that a page shows."""
    return frozenset(re.findall(r'href="/regler/(\d{4})"', page.text))


def number(page: TestResponse) -> str | None:
    """Return the event number of a receipt."""
    found = re.search(r"<dt>HaendelseNummer</dt><dd>([^<]+)</dd>", page.text)
    return found[1] if found else None


def ticks(page: TestResponse) -> Sequence[str]:
    """Return the values of the ticks that a page asks for."""
    return re.findall(r'name="raad" value="(\d{4})"', page.text)


def summary(page: TestResponse) -> Sequence[str]:
    """Return the lines of the summary, without the link to the rule book."""
    found = re.search(r'<ul class="alert-text nobullet-list">(.*?)</ul>', page.text, re.DOTALL)
    if 'id="fejl"' not in page.text or found is None:
        return ()
    lines = re.findall(r"<li>(.*?)</li>", found[1], re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", re.sub(r'<a href="/regler.*', "", line)).strip()) for line in lines]
