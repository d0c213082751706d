"""Fixtures for every test.

``engine``, ``database_url`` (a clean migrated database) and ``empty_database_url`` run their test once on SQLite and
once on PostgreSQL; ``--database`` chooses one of them.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.support import database, service
from tests.support.endpoint import Endpoint
from tests.support.world import World
from udb.context import Context
from udb.sandbox import mark
from udb.settings import Settings
from udb.store import state
from udb.store.engine import make_engine, writing
from udb.wsdl.use_cases import application


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


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[database.Source]:
    """The source of databases of the kind this test runs on."""
    if request.param == "sqlite":
        with database.sqlite(tmp_path_factory.mktemp("sqlite")) as source:
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
def database_url(databases: database.Source) -> Iterator[str]:
    """The address of a clean migrated database."""
    with databases.migrated() as url:
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
