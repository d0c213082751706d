"""The service in this process as a target of the suite, whole or broken."""

from wsgiref.types import WSGIApplication

from sqlalchemy import Engine

from tests.door import HOST, request
from udb.front import application
from udb.house import House
from udb.konformitet.transport import Reply, Request
from udb.sandbox.http import sandbox_app
from udb.settings import Settings

ADDRESS = f"http://{HOST}"


class InProcess:
    """A transport to a WSGI application (``udb.konformitet.transport.Transport``)."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def send(self, request_: Request) -> Reply:
        answer = request(self.app, request_.method, f"{ADDRESS}{request_.path}", request_.body, request_.headers)
        return Reply(answer.status, answer.headers, answer.body)


def service(engine: Engine, **settings: object) -> WSGIApplication:
    """The whole service with its sandbox's doors."""
    house = House(engine, Settings(sandbox=True, **settings))
    return application(house, {"/sandbox": sandbox_app(engine, house.settings.vaerter)})
