"""Shared by the tests of fetching."""

from dataclasses import replace

import pytest

from tests.support.endpoint import Endpoint
from udb.context import Context
from udb.settings import Settings
from udb.wsdl.use_cases import application


@pytest.fixture
def small_pages(context: Context, endpoint: Endpoint) -> Endpoint:
    """A caller at a service whose pages hold two events; on the same database as ``endpoint``."""
    assert endpoint.app is not None
    return Endpoint(application(replace(context, settings=Settings(sandbox=True, sidestoerrelse=2)), {}))
