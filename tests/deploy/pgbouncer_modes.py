"""A real PgBouncer (``make poolers``): refused in transaction and statement mode, used in session mode."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from tests.support.endpoint import Endpoint, request
from tests.support.pgbouncer import before
from tests.support.reports import UNGDOM
from tests.support.served_reports import YOUTHS
from tests.support.udb_serve import environment
from udb.context import Context
from udb.domain.services import UNGDOMSUDDANNELSE
from udb.sandbox.running import free_address
from udb.settings import Settings
from udb.store.engine import make_engine, reading
from udb.store.tables import haendelse
from udb.web.pages import pages
from udb.wsdl.use_cases import application

IGNORED = {"ignore_startup_parameters": "options"}
"""What advice on the web adds."""


@pytest.mark.parametrize("more", [{}, IGNORED], ids=["as it comes", "with options ignored"])
@pytest.mark.parametrize("mode", ["transaction", "statement"])
def test_a_mode_that_shares_connections_is_refused_at_the_start(sandbox_url, tmp_path, mode, more):
    with before(sandbox_url, mode, tmp_path, **more) as url:
        done = subprocess.run(
            [sys.executable, "-m", "udb", "serve", "--sandbox", "--bind", free_address()],
            env=environment(url),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 4
    assert "pool_mode = session" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("more", [{}, IGNORED], ids=["as it comes", "with options ignored"])
def test_in_session_mode_every_call_is_answered(sandbox_url, world, tmp_path, more):
    youths = YOUTHS[:24]
    for youth in youths:
        world.person(youth)
    with before(sandbox_url, "session", tmp_path, **more) as url:
        engine = make_engine(url)
        context = Context(engine, Settings(sandbox=True))
        app = application(context, pages(context))
        assert request(app, "GET", "/health/ready").status == 200
        with ThreadPoolExecutor(8) as pool:
            receipts = list(
                pool.map(
                    lambda youth: Endpoint(app).report(UNGDOMSUDDANNELSE, {**UNGDOM, "CPRNr": youth}, youth), youths
                )
            )
        engine.dispose()
    assert [receipt["Resultat"] for receipt in receipts] == ["Accepteret"] * 24
    with reading(world.engine) as connection:
        assert connection.execute(select(func.count()).select_from(haendelse)).scalar_one() == 24
