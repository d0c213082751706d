"""Serve the test provider: on this machine alone, of a sandbox alone."""

import ipaddress
from pathlib import Path
from typing import Final

from sqlalchemy import Engine
from werkzeug.serving import WSGIRequestHandler, make_server

from udb.domain.errors import FileUnusable, UdbRefused, WrongUse
from udb.sandbox import mark
from udb.sandbox.idp.app import application
from udb.sandbox.idp.users import User, users
from udb.store.engine import reading

ANSWER: Final = "/web/log-ind/svar"
"""The portal's address to which browsers are sent back."""


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write nothing: an address here holds codes."""


def serve(engine: Engine, *, bind: str, service: str, secret: Path) -> None:
    """Answer until stopped. Raises WrongUse, UdbRefused outside a sandbox, FileUnusable, DatabaseUnavailable."""
    host, _, port = bind.rpartition(":")
    if not _is_loopback(host) or not port.isdecimal():
        raise WrongUse(f"{bind}: the test log-in answers on this machine alone, for example at 127.0.0.1:8081.")
    with reading(engine) as connection:
        if not mark.is_sandbox(connection):
            raise UdbRefused("The test log-in is for a sandbox alone.")
    try:
        known = secret.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeError) as error:
        raise FileUnusable(f"{secret} cannot be read.") from error

    def current() -> list[User]:
        with reading(engine) as connection:
            return users(connection)

    app = application(f"http://{bind}", f"{service}{ANSWER}", known, current)
    try:
        server = make_server(host.strip("[]"), int(port), app, threaded=True, request_handler=_Quiet)
    except (OSError, SystemExit) as error:
        raise WrongUse(f"The address {bind} cannot be used. Choose another with --bind.") from error
    with server:
        server.serve_forever()


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
