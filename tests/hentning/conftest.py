"""What the tests of fetching share."""

from dataclasses import replace

import pytest

from tests.support.endpoint import Door
from udb.context import Context
from udb.settings import Settings
from udb.wsdl.use_cases import application


@pytest.fixture
def small_pages(context: Context, door: Door) -> Door:
    """A caller at a service whose pages hold two events; what ``door`` finds, it finds."""
    assert door.app is not None
    return Door(application(replace(context, settings=Settings(sandbox=True, sidestoerrelse=2)), {}))
