"""Fixtures for every test.

``engine``, ``database_url`` (a clean migrated database) and ``empty_database_url`` run their test once on SQLite and
once on PostgreSQL; ``--database`` chooses one of them.
"""

import signal
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine

from tests.support import database, service
from tests.support.endpoint import Endpoint
from tests.support.world import World, built
from udb.context import Context
from udb.sandbox import mark
from udb.settings import Settings
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.wsdl.use_cases import application

# A busy machine is no fault of a test's: none is judged by the clock.
settings.register_profile("udb", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("udb")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=[*database.KINDS, "both"],
        default="both",
        help="the database to run the tests on",
    )
    parser.addoption("--postgresql", type=Path, metavar="FOLDER", help="the programs of a PostgreSQL to use instead")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "databases" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("database")
        kinds = database.KINDS if chosen == "both" else (chosen,)
        metafunc.parametrize("databases", kinds, indirect=True, scope="session")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS and find_spec("playwright") is None:
        terminalreporter.write_line("The pages were not looked at in a browser: make browser does that.")


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Iterator[database.Source]:
    """The source of databases of the kind this test runs on."""
    if request.param == "sqlite":
        with database.quick_folder("udb-sqlite-") as folder, database.sqlite(folder) as source:
            yield source
    else:
        with database.postgresql(request.config.getoption("--postgresql")) as source:
            yield source


@pytest.fixture
def empty_database_url(databases: database.Source) -> Iterator[str]:
    """The address of a database without tables."""
    with databases.empty() as url:
        yield url


@pytest.fixture
def database_url(databases: database.Source, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a clean migrated database.

    For a test with the mark ``built_by`` as that function leaves one; else with the invented world if it asks for it.
    """
    mark = request.node.get_closest_marker("built_by")
    build = mark.kwargs["build"] if mark else built if "world" in request.fixturenames else None
    with databases.migrated(build) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An engine on a clean migrated database."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def world(engine: Engine) -> World:
    """The invented world, built."""
    world = World(engine)
    world.build()
    return world


@pytest.fixture
def context(engine: Engine) -> Context:
    """A sandbox context on the engine, as a worker has it."""
    return Context(engine, Settings(sandbox=True))


@pytest.fixture
def endpoint(world: World, context: Context) -> Endpoint:
    """A caller at the whole service's endpoint, in this process; ``world`` is the data behind it."""
    assert world.engine is context.engine
    return Endpoint(application(context, {}))


@pytest.fixture
def sandbox_url(world: World, database_url: str) -> str:
    """The address of a sandbox's database that holds ``world``."""
    with writing(world.engine) as connection:
        state.write(connection, mark.SANDBOX, {})
    return database_url


@pytest.fixture
def served(sandbox_url: str, tmp_path: Path) -> Iterator[service.Service]:
    """The whole service as its own processes; ``world`` is the data behind it."""
    with service.running(sandbox_url, tmp_path) as running:
        yield running


@pytest.fixture
def hears_signals() -> Iterator[None]:
    """Let programs that a test starts hear SIGINT and SIGHUP, which a shell or nohup may make the whole run ignore."""
    before = [
        (signal.SIGINT, signal.signal(signal.SIGINT, signal.default_int_handler)),
        (signal.SIGHUP, signal.signal(signal.SIGHUP, signal.SIG_DFL)),
    ]
    yield
    for number, handler in before:
        signal.signal(number, handler)
