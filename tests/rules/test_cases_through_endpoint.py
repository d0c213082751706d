"""Every rule's right and wrong cases, played through the public endpoint."""

from collections.abc import Iterator

import pytest

from tests.rules.cases import CASES, Case, Play, played
from tests.rules.through_endpoint import EndpointDriver, Register, shared_register
from tests.support.database import Source


@pytest.fixture(scope="module")
def register(databases: Source) -> Iterator[Register]:
    with shared_register(databases) as found:
        yield found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_at_the_endpoint(case: Case, register: Register) -> None:
    played(Play(EndpointDriver(register.world, register.endpoint, register.known), register.serials), case)
