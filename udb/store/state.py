"""The few values that all workers must know at once."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, ScalarSelect, delete, insert, select

from udb.domain.clock import danish, system_time
from udb.store.tables import state

CODE_EDITION: Final = "kodesaet_edition"
"""An int that grows with every change of a code set or an institution: of what reports are judged by and who may see
their events.
"""
SANDBOX_CLOCK: Final = "sandbox_ur"
"""The sandbox's clock, if it was set: ``{"nu": instant it was set to, "sat": system time when it was set}``."""


def value_of(name: str) -> ScalarSelect[Any]:
    """Return a value as part of a query; NULL when there is none."""
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
    """Let everybody who works by the code sets or institutions of before notice."""
    write(connection, CODE_EDITION, (read(connection, CODE_EDITION) or 0) + 1)


def domain_now(clock: dict[str, str] | None) -> datetime:
    """Return the domain's now, with Danish offset: the sandbox clock where it is set, running on from there, else
    system time.
    """
    now = system_time()
    if clock is not None:
        now = datetime.fromisoformat(clock["nu"]) + (now - datetime.fromisoformat(clock["sat"]))
    return danish(now)


def now(connection: Connection) -> datetime:
    """Return the domain's now on a database: by the sandbox clock where one was set, which only a sandbox's database
    has.
    """
    return domain_now(read(connection, SANDBOX_CLOCK))
