"""The portal in this process, a browser at it, and the test provider behind it in a thread."""

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import pytest
import requests
from werkzeug.routing import Map, Rule
from werkzeug.serving import make_server
from werkzeug.test import Client, TestResponse

from udb.context import Context
from udb.portal import app
from udb.sandbox.idp.app import application as provider_application
from udb.sandbox.idp.beside import doors_at
from udb.sandbox.idp.users import Behaviour, User

ADDRESS: Final = "https://127.0.0.1:8080"
SECRET: Final = "kun-til-tests"
SCHOOL: Final = "101001"
"""An institution that a test puts into the register."""


def url_rules(house: Context) -> list[Rule]:
    """Return the rules of the portal's own map of addresses."""
    found: list[Map] = []

    class Kept(app.Flask):
        def __init__(self, *given: Any, **more: Any) -> None:
            super().__init__(*given, **more)
            found.append(self.url_map)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "Flask", Kept)
        app.application(house, ADDRESS)
    return list(found[0].iter_rules())


@dataclass
class Provider:
    """The test provider. ``users``: those it knows, changed by a test as it likes."""

    address: str
    users: list[User] = field(default_factory=list)


@contextmanager
def provider(portal: str = ADDRESS) -> Iterator[Provider]:
    """Serve the test provider on a free port of this machine, for the portal at an address."""
    known: list[User] = []
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    server.app = provider_application(address, f"{portal}/web/log-ind/svar", SECRET, lambda: known)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Provider(address, known)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def settings_of_doors(found: Provider, secret_file: Any) -> dict[str, str]:
    """Return the environment of a service whose doors lead to a provider."""
    secret_file.write_text(SECRET, encoding="utf-8")
    return doors_at(found.address, secret_file)


class Browser:
    """A browser at the portal: it keeps cookies, and goes through the provider's page as a person does."""

    def __init__(self, app: WSGIApplication) -> None:
        self._client = Client(app)

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page; redirects are not followed."""
        return self._client.get(path, base_url=ADDRESS, buffered=True, **more)

    def post(self, path: str, data: dict[str, Any], **more: Any) -> TestResponse:
        """Send a form as it stands in ``data``."""
        return self._client.post(path, base_url=ADDRESS, data=data, buffered=True, **more)

    def submit(self, page: TestResponse, path: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form of a page: with the token that the page carries."""
        return self.post(path, {"csrf": token(page), **(data or {})}, **more)

    def follow(self, answer: TestResponse) -> TestResponse:
        """Follow redirects within the portal until there is a page."""
        while answer.status_code in {301, 302, 303}:
            answer = self.get(urlsplit(answer.headers["Location"]).path)
        return answer

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie, None without it."""
        found = self._client.get_cookie(name, domain="127.0.0.1")
        return found.value if found else None

    def to_provider(self, door: str) -> str:
        """Begin a log-in; return the provider's address that the portal sends to."""
        answer = self.get(f"/web/log-ind/{door}")
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def log_in(self, door: str, user: str) -> TestResponse:
        """Log in through a door as a user; return the page that the portal then shows, or its refusal."""
        return self.follow(self.answered(choose(self.to_provider(door), user)))

    def answered(self, address: str) -> TestResponse:
        """Bring a provider's answer to the portal, as its redirect does."""
        parts = urlsplit(address)
        return self.get(f"{parts.path}?{parts.query}")


def choose(address: str, user: str) -> str:
    """Choose a user on the provider's page; return the address to which it sends the browser back."""
    answer = requests.post(address, data={"bruger": user}, timeout=10, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def token(page: TestResponse) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrf" value="([^"]*)"', page.text)
    assert found, page.text
    return found[1]


def headings(page: TestResponse) -> Sequence[str]:
    """Return the first-level headings of a page."""
    return re.findall(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)


def administrator(key: str = "skole", *numbers: str, behaviour: Behaviour = Behaviour.NONE, **claims: Any) -> User:
    """Return a user administrator; of SCHOOL when no numbers are given."""
    numbers = numbers or (SCHOOL,)
    given = {
        "aktoer_gruppe": "Medarbejder",
        "institutionsnumre": list(numbers),
        "brugeradministrator_for": list(numbers),
        "nsis_loa": "Substantial",
        **claims,
    }
    return User(key, "unilogin", key, given, behaviour)


def employee(key: str, *roles: str, kommune: str = "101", level: str = "Substantial", **claims: Any) -> User:
    """Return an employee of a kommune."""
    return User(key, "kommune", key, {"kommunekode": kommune, "udb_roller": list(roles), "nsis_loa": level, **claims})
