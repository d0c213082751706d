"""A sandbox as ``udb sandbox seed`` makes it, with few youths: the suite's target."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Engine

from tests.conformance.target import InProcess, service
from tests.support import database
from udb.imports.kodesaet import load_shipped
from udb.sandbox.seed import Parameters, seed
from udb.store.engine import make_engine, writing

FEW = Parameters(unge=15, seed=1)


@pytest.fixture(scope="module")
def sandbox(databases: database.Source) -> Iterator[Engine]:
    """A sandbox shared by a module's tests: scenarios have youths of their own."""
    with seeded(databases) as engine:
        yield engine


@pytest.fixture(scope="module")
def one_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same on SQLite alone, for tests of the suite itself and not of the service."""
    with database.sqlite(tmp_path_factory.mktemp("sandkasse")) as source, seeded(source) as engine:
        yield engine


@contextmanager
def seeded(source: database.Source) -> Iterator[Engine]:
    """Yield a database with an invented world."""
    with source.migrated(few) as url:
        engine = make_engine(url)
        yield engine
        engine.dispose()


def few(url: str) -> None:
    """Fill the empty migrated database at ``url`` with an invented world."""
    engine = make_engine(url)
    with writing(engine) as connection:
        load_shipped(connection)
    seed(engine, FEW, lambda *_: None)
    engine.dispose()


@pytest.fixture
def target(sandbox: Engine) -> InProcess:
    """The right service."""
    return InProcess(service(sandbox))
