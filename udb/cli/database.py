"""The database of a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine


@contextmanager
def opened(silence: timedelta | None = None) -> Iterator[Engine]:
    """Yield the database of the settings. Raises DatabaseUnavailable, OtherVersion.

    ``silence``: for a command that does what cannot be taken back, the longest that this host's clock may be ahead of
    what is on record (``udb.domain.clocks``). Raises ClockDisagrees then, before anything is done.
    """
    from udb import settings
    from udb.store import clocks
    from udb.store.engine import make_engine, reading
    from udb.store.migrate import require_expected_version

    found = settings.load()
    engine = make_engine(found.url, bulk=True)
    try:
        require_expected_version(engine)
        if silence is not None:
            with reading(engine) as connection:
                clocks.require(connection, limit=found.ur_afvigelse, silence=silence)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def opened_to_read_late() -> Iterator[Engine]:
    """Yield the standby of the settings, or the database itself where there is none, for what may be a little late.

    Its sessions only read. A command that shows persons' data writes the read log on the primary first. Raises
    DatabaseUnavailable, StandbyLate, OtherVersion.
    """
    with opened_beside_standby() as (_, reader):
        yield reader


@contextmanager
def opened_beside_standby() -> Iterator[tuple[Engine, Engine]]:
    """Yield the database, and what may be a little late: the standby, or the database again where there is none.

    Raises as ``opened_to_read_late``.
    """
    from udb import settings
    from udb.store import standby
    from udb.store.engine import make_engine
    from udb.store.migrate import require_expected_version

    found = settings.load()
    with opened() as primary:
        if found.read_database_url is None:
            yield primary, primary
            return
        engine = make_engine(found.read_database_url, bulk=True, session="any")
        try:
            require_expected_version(engine)
            standby.require_current(engine, primary, found.read_lag)
            yield primary, engine
        finally:
            engine.dispose()
