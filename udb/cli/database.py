"""The database of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def opened() -> Iterator[Engine]:
    """Yield the database of the settings. Raises DatabaseUnavailable, OtherVersion."""
    from udb import settings
    from udb.store.engine import make_engine
    from udb.store.migrate import require_expected_version

    engine = make_engine(settings.load().url, bulk=True)
    try:
        require_expected_version(engine)
        yield engine
    finally:
        engine.dispose()
