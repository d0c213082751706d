"""What the tests of fetching share."""

from dataclasses import replace

import pytest

from tests.door import Door
from udb.front import application
from udb.house import House
from udb.settings import Settings


@pytest.fixture
def small_pages(house: House, door: Door) -> Door:
    """A caller at a service whose pages hold two events; what ``door`` finds, it finds."""
    assert door.app is not None
    return Door(application(replace(house, settings=Settings(sandbox=True, sidestoerrelse=2)), {}))
