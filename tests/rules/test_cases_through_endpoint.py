"""Every rule's right and wrong cases, played through the public endpoint."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import pytest

from tests.rules.cases import CASES, Case, Play, played
from tests.rules.through_endpoint import EndpointDriver
from tests.support.database import Source
from tests.support.endpoint import Endpoint
from tests.support.world import World
from udb.context import Context
from udb.domain.persons import Institution
from udb.settings import Settings
from udb.store.engine import make_engine
from udb.wsdl.use_cases import application


@dataclass(frozen=True)
class Register:
    """A register behind the endpoint that all cases share; each brings persons of its own."""

    world: World
    endpoint: Endpoint
    known: dict[str, Institution]
    serials: Iterator[int]


@pytest.fixture(scope="module")
def register(databases: Source) -> Iterator[Register]:
    with databases.migrated() as url:
        engine = make_engine(url)
        world = World(engine)
        world.build()
        endpoint = Endpoint(application(Context(engine, Settings(sandbox=True)), {}))
        yield Register(world, endpoint, {}, count(1))
        engine.dispose()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_at_the_endpoint(case: Case, register: Register) -> None:
    played(Play(EndpointDriver(register.world, register.endpoint, register.known), register.serials), case)
