"""What the tests of the feed share."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """SQLite has one writer at a time, so it has no orders to try (``test_on_sqlite...``)."""
    apart = [
        item
        for item in items
        if "theatre" in getattr(item, "fixturenames", ()) and item.callspec.params["databases"] == "sqlite"
    ]
    if apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]
