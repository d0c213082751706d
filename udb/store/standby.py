"""Read from a standby what may be a little late: counts over the whole register, which need not burden the primary.

A standby that has written all that the primary had when it was asked is not late at all. Otherwise its lag is the time
since the last transaction that it has written was committed. Only the primary knows whether there was more to write:
while that is out of reach, no lag is known, and nothing is read.
"""

import time
from typing import Final

from sqlalchemy import Engine, text

from udb.domain.errors import StandbyLate
from udb.store.engine import reading

CATCHES_UP: Final = 2.0
"""For how many seconds a standby is waited for that is further behind than it may be."""
_PAUSE: Final = 0.05


def require_current(standby: Engine, primary: Engine, limit: float) -> None:
    """Raise StandbyLate when what is read from a standby may be older than ``limit`` seconds; DatabaseUnavailable.

    A database that is no standby is the primary itself.
    """
    with reading(primary) as connection:
        written, now = connection.execute(_WRITTEN).one()
    end = time.monotonic() + CATCHES_UP
    while True:
        with reading(standby) as connection:
            has_all, since = connection.execute(_APPLIED, {"written": written, "now": now}).one()
        if has_all or (since is not None and since <= limit):
            return
        if time.monotonic() >= end:
            raise StandbyLate(_TOO_LATE.format("for an unknown time" if since is None else f"{since:.0f} s", limit))
        time.sleep(_PAUSE)


_WRITTEN: Final = text("SELECT CAST(pg_current_wal_lsn() AS text), CAST(clock_timestamp() AS text)")
_APPLIED: Final = text(
    "SELECT NOT pg_is_in_recovery() OR pg_last_wal_replay_lsn() >= CAST(:written AS pg_lsn), "
    "EXTRACT(EPOCH FROM CAST(:now AS timestamptz) - pg_last_xact_replay_timestamp())"
)
_TOO_LATE: Final = "The standby of UDB_READ_DATABASE_URL is {} behind; UDB_READ_LAG allows {:g} s."
