from collections.abc import Iterator

import pytest

from tests.support import portal
from udb.context import Context
from udb.portal import app
from udb.settings import Settings


@pytest.fixture(scope="session")
def _served_provider() -> Iterator[portal.Provider]:
    with portal.provider() as found:
        yield found


@pytest.fixture
def provider(_served_provider: portal.Provider, monkeypatch, tmp_path) -> Iterator[portal.Provider]:
    """The test provider, without users; the doors of the settings lead to it."""
    for name, value in portal.settings_of_doors(_served_provider, tmp_path / "hemmelighed").items():
        monkeypatch.setenv(name, value)
    yield _served_provider
    _served_provider.users.clear()


@pytest.fixture
def house(world, provider) -> Context:  # noqa: ARG001 - the doors of the settings lead to the provider
    """The context of a portal: a sandbox's, with the invented world."""
    return Context(world.engine, Settings(sandbox=True, portal_adresse=portal.ADDRESS))


@pytest.fixture
def site(house):
    """The portal as a WSGI application."""
    return app.application(house, house.settings.portalens_adresse)


@pytest.fixture
def browser(site) -> portal.Browser:
    """A browser that has not logged in."""
    return portal.Browser(site)
