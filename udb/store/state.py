"""The few values that all workers must see at once."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, delete, insert, select

from udb.domain.clock import danish, system_time
from udb.store.tables import state

CODE_EDITION: Final = "kodesaet_edition"
"""An int that grows with every change of a code set, an institution or the diplomas: reports are judged and access is
decided by these.
"""
TYPES_EDITION: Final = "institutionstyper_udgave"
"""The edition of ``institutionstyper`` that the operator, an import or the sandbox named (``udb.domain.kodesaet``)."""
SANDBOX_CLOCK: Final = "sandbox_ur"
"""The sandbox's clock, if it is set: ``{"nu": the instant it was set to, "sat": the system time when it was set}``.

A clock on loan also has ``til``, the system time at which the loan ends, and ``foer``, the clock that then holds again.
"""

SANDBOX: Final = "sandbox"
"""The mark of a database that the sandbox made: the seed's parameters, ``{}`` when it was not seeded."""
SETS_THE_CLOCK: Final = (SANDBOX, SANDBOX_CLOCK)
"""The values of which each says that the domain clock of this database can be set."""


def value_of(name: str) -> ScalarSelect[Any]:
    """Return a subquery for a value; NULL when there is none."""
    return select(state.c.value).where(state.c.name == name).scalar_subquery()


def read(connection: Connection, name: str) -> Any:
    """Return a value, None when there is none."""
    return connection.execute(select(state.c.value).where(state.c.name == name)).scalar_one_or_none()


def write(connection: Connection, name: str, value: Any) -> None:
    """Set a value; None removes it."""
    connection.execute(delete(state).where(state.c.name == name))
    if value is not None:
        connection.execute(insert(state).values(name=name, value=value))


def next_edition(connection: Connection) -> None:
    """Increase the edition, so that every worker reads code sets and institutions again."""
    write(connection, CODE_EDITION, (read(connection, CODE_EDITION) or 0) + 1)


def holding(clock: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the clock that holds now: the one before the loan, when the loan has ended."""
    if clock is not None and "til" in clock and datetime.fromisoformat(clock["til"]) <= system_time():
        before: dict[str, Any] | None = clock["foer"]
        return before
    return clock


def domain_now(clock: dict[str, Any] | None) -> datetime:
    """Return the current time of the domain clock, with Danish offset.

    ``clock``: the value of SANDBOX_CLOCK; the time runs on from it. None: system time.
    """
    now, clock = system_time(), holding(clock)
    if clock is not None:
        now = datetime.fromisoformat(clock["nu"]) + (now - datetime.fromisoformat(clock["sat"]))
    return danish(now)


def ahead(connection: Connection) -> timedelta:
    """Return how far the domain clock is ahead of system time; negative when it is behind."""
    clock = holding(read(connection, SANDBOX_CLOCK))
    if clock is None:
        return timedelta()
    return datetime.fromisoformat(clock["nu"]) - datetime.fromisoformat(clock["sat"])


def now(connection: Connection) -> datetime:
    """Return the current time of a database's domain clock, with Danish offset: the sandbox clock if it is set, which
    only a sandbox's database can have, else system time.
    """
    return domain_now(read(connection, SANDBOX_CLOCK))
