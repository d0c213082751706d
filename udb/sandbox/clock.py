"""The sandbox's clock: a row in the database, so that every worker and every command follows it at once."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from udb.domain.clock import danish, system_time
from udb.sandbox import mark
from udb.store import state


def set_clock(connection: Connection, now: datetime | None, loan: timedelta | None = None) -> None:
    """Set the domain clock to ``now``, from where it runs on; None is real time. Without offset it is Danish time.

    ``loan``: for how long; then the clock is as before, even if the borrower is gone by then.
    """
    value = None if now is None else {"nu": danish(now).isoformat(), "sat": system_time().isoformat()}
    if loan is not None:
        value = _lent(value or _real_time(), _before(connection), loan)
    state.write(connection, state.SANDBOX_CLOCK, value)


def extend(connection: Connection, loan: timedelta) -> None:
    """Let a loan end ``loan`` from now; nothing happens to a clock that is not on loan."""
    found = _held(connection)
    if found is not None and "til" in found:
        state.write(connection, state.SANDBOX_CLOCK, _lent(found, found["foer"], loan))


def give_back(connection: Connection) -> None:
    """Set the clock as it was before the loan; nothing happens to a clock that is not on loan."""
    state.write(connection, state.SANDBOX_CLOCK, _before(connection))


def is_set(connection: Connection) -> bool:
    """Return whether the clock is set, and not real time."""
    return _held(connection) is not None


def is_lent(connection: Connection) -> bool:
    """Return whether the clock is on loan."""
    return "til" in (_held(connection) or {})


def now(connection: Connection) -> datetime:
    """Return the domain's time on this database, for commands: that of the sandbox's clock if there is one."""
    return state.domain_now(state.read(connection, state.SANDBOX_CLOCK) if mark.is_sandbox(connection) else None)


def _held(connection: Connection) -> dict[str, Any] | None:
    return state.holding(state.read(connection, state.SANDBOX_CLOCK))


def _before(connection: Connection) -> dict[str, Any] | None:
    """Return the clock without any loan: of two loans, one after the other, that before the first."""
    found = _held(connection)
    return found["foer"] if found is not None and "til" in found else found


def _real_time() -> dict[str, Any]:
    now = system_time().isoformat()
    return {"nu": now, "sat": now}


def _lent(clock: dict[str, Any], before: dict[str, Any] | None, loan: timedelta) -> dict[str, Any]:
    return {**clock, "til": (system_time() + loan).isoformat(), "foer": before}
