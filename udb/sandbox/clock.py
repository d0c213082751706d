"""The sandbox's clock: a row in the database, so that every worker and every command follows it at once."""

from datetime import datetime

from sqlalchemy import Connection

from udb.domain.clock import danish, system_time
from udb.sandbox import mark
from udb.store import state


def set_clock(connection: Connection, now: datetime | None) -> None:
    """Set the domain clock to ``now``, from where it runs on; None is real time. Without offset it is Danish time."""
    value = None if now is None else {"nu": danish(now).isoformat(), "sat": system_time().isoformat()}
    state.write(connection, state.SANDBOX_CLOCK, value)


def now(connection: Connection) -> datetime:
    """Return the domain's time on this database, for commands: that of the sandbox's clock if there is one."""
    return state.domain_now(state.read(connection, state.SANDBOX_CLOCK) if mark.is_sandbox(connection) else None)
