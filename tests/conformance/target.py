"""The service in this process as a target of the suite, whole or broken."""

from wsgiref.types import WSGIApplication

from sqlalchemy import Engine

from tests.support.endpoint import HOST, request
from udb.conformance.shared.transport import Reply, Request
from udb.context import Context
from udb.settings import Settings
from udb.web.sandbox_api import sandbox_app
from udb.wsdl.use_cases import application

ADDRESS = f"http://{HOST}"


class InProcess:
    """A transport to a WSGI application (``udb.conformance.shared.transport.Transport``)."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app

    def send(self, request_: Request) -> Reply:
        answer = request(self.app, request_.method, f"{ADDRESS}{request_.path}", request_.body, request_.headers)
        return Reply(answer.status, answer.headers, answer.body)


def service(engine: Engine, **settings: object) -> WSGIApplication:
    """Return the whole service with the sandbox's API."""
    context = Context(engine, Settings(sandbox=True, **settings))
    return application(context, {"/sandbox": sandbox_app(engine, context.settings.vaerter, context.settings)})
