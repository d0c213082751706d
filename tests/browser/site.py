"""The service with its pages on an address of this machine, with an invented world and the test provider behind it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest import mock

from sqlalchemy import Engine
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from tests.browser import changes, figures, frozen_figures, youths
from tests.support.database import Source
from tests.support.endpoint import Endpoint
from tests.support.portal import SECRET, administrator, employee
from tests.support.reporting import agree
from tests.support.reports import CPRNR
from tests.support.world import DEPARTMENT, FGU_SCHOOL, GYMNASIUM, KOMMUNE, SCHOOL, UNIVERSITY, World
from udb.context import Context
from udb.portal import app, design
from udb.sandbox.idp.app import application as provider_application
from udb.sandbox.idp.beside import doors_at
from udb.sandbox.idp.users import STIL_CVR, Behaviour, User
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.web.pages import pages
from udb.wsdl.use_cases import application

NOW: Final = "2026-08-17T10:00:00"
CLOSED: Final = "461999"
"""A main institution that has closed."""
EFTERSKOLE: Final = "449009"
EMPTY_KOMMUNE: Final = "185"
"""A kommune without youths."""
USERS: Final = (
    administrator("skole", GYMNASIUM),
    administrator("to-skoler", GYMNASIUM, SCHOOL),
    administrator("uden-aftale", SCHOOL),
    administrator("lukket", CLOSED),
    administrator("fgu", FGU_SCHOOL),
    administrator("efterskole", EFTERSKOLE),
    administrator("universitet", UNIVERSITY),
    administrator("ukendt", "999999"),
    administrator("skifte", changes.CHANGING),
    administrator("skifte-lukket", changes.CLOSED_LIST),
    administrator("fejler", GYMNASIUM, behaviour=Behaviour.FAILS),
    administrator("forkert", GYMNASIUM, behaviour=Behaviour.WRONG_KEY),
    employee("vejleder", "vejleder"),
    employee("leder", "leder"),
    employee("vejleder-uden-aftale", "vejleder", kommune="751"),
    employee("vejleder-tom", "vejleder", kommune=EMPTY_KOMMUNE),
    employee("vejleder-formaal", "vejleder"),
    employee("leder-tom", "leder", kommune=EMPTY_KOMMUNE),
    User("stil", "stil", "stil", {"cvr": STIL_CVR, "udb_roller": ["datamedarbejder"], "nsis_loa": "Substantial"}),
    *(
        User(key, "mitid", key, {"cpr": cprnr, "nsis_loa": level})
        for key, cprnr, level in (
            ("ung", CPRNR, "Substantial"),
            ("ung-tom", youths.EMPTY, "Substantial"),
            ("ung-beskyttet", youths.PROTECTED, "Substantial"),
            ("ung-slettet", youths.DELETED, "Substantial"),
            ("ung-ukendt", youths.UNKNOWN, "Substantial"),
            ("ung-lavt-niveau", CPRNR, "Low"),
        )
    ),
)
"""Those who can log in. The key is what a screen names."""
LOOKS: Final = ("design", "plain")
"""With the Danish design system, and without it."""


@dataclass(frozen=True)
class Site:
    """A service that answers. ``addresses``: of its pages, by look."""

    addresses: dict[str, str]
    world: World
    endpoint: Endpoint


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


@contextmanager
def served(databases: Source, folder: Path) -> Iterator[Site]:
    """Serve the site in both looks until the block ends."""
    secret = folder / "hemmelighed"
    secret.write_text(SECRET, encoding="utf-8")
    with databases.migrated() as url:
        engine = make_engine(url)
        world = _built(engine)
        with _pages(engine, secret, styled=True) as design_system, _pages(engine, secret, styled=False) as plain:
            endpoint = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
            changes.settle(world)
            youths.settle(world, endpoint)
            figures.settle(world)
            frozen_figures.settle(engine)
            yield Site(dict(zip(LOOKS, (design_system, plain), strict=True)), world, endpoint)
        engine.dispose()


def _built(engine: Engine) -> World:
    world = World(engine)
    world.build(now=NOW)
    world.person(CPRNR)
    world.institution(CLOSED, lukket=world.today())
    empty = "281185"
    world.institution(empty, type3="KOM", kommune=EMPTY_KOMMUNE)
    for nummer in (GYMNASIUM, DEPARTMENT, CLOSED, FGU_SCHOOL, EFTERSKOLE, UNIVERSITY, KOMMUNE, empty):
        agree(engine, nummer)
    return world


@contextmanager
def _pages(engine: Engine, secret: Path, *, styled: bool) -> Iterator[str]:
    with _server() as (idp, provider), _server() as (service, server):
        provider.app = provider_application(idp, f"{service}/web/log-ind/svar", SECRET, lambda: USERS)
        settings = Settings(sandbox=True, portal_adresse=service, opslag_i_timen=0, afstemning_maks=0)
        context = Context(engine, settings)
        with (
            mock.patch.dict("os.environ", doors_at(idp, secret)),
            mock.patch.object(design, "is_installed", return_value=styled),
        ):
            portal = app.application(context, service)
        server.app = application(context, {**pages(context, portal=f"{app.ROOT}/"), app.ROOT: portal})
        yield service


@contextmanager
def _server() -> Iterator[tuple[str, BaseWSGIServer]]:
    server: Any = make_server("127.0.0.1", 0, lambda *_: [], threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
