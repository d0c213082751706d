"""The youth's own overview in tests: a logged-in youth's browser."""

from wsgiref.types import WSGIApplication

from sqlalchemy import Engine

from tests.support.portal import Browser
from udb.portal import sessions
from udb.portal.roles import Role
from udb.portal.sessions import Choice
from udb.store.engine import writing

PAGE = "/web/mit/"
JSON = "/web/mit/oversigt.json"
PRINT = "/web/mit/udskriv"
ALL = (PAGE, JSON, PRINT)
SUBJECT = "ansigt-paa-mitid"
"""The provider's name of the youth, which no page may show."""


class Youth(Browser):
    """The browser of a youth who has logged in. ``person_id``: None for one whom the register does not know."""

    def __init__(self, app: WSGIApplication, engine: Engine, person_id: int | None) -> None:
        super().__init__(app)
        choice = Choice(Role.UNG, None, person_id=person_id)
        with writing(engine) as connection:
            self.token = sessions.begin(
                connection, udbyder="mitid", subjekt=f"{SUBJECT}-{person_id}", sid=None, choices=[choice]
            )
        self._client.set_cookie(sessions.COOKIE, self.token, domain="127.0.0.1", secure=True)
