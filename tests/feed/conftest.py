"""Shared by the tests of the feed."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the interleavings on SQLite: with one writer at a time it has no orders (``test_on_sqlite...``)."""
    apart = [
        item
        for item in items
        if "theatre" in getattr(item, "fixturenames", ()) and item.callspec.params["databases"] == "sqlite"
    ]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]
