"""The mark of a database that the sandbox made.

Only there are invented numbers valid, and only there may all data be deleted.
"""

from typing import Any, Final

from sqlalchemy import Connection, select

from udb.domain.errors import UdbRefused
from udb.store import state
from udb.store.tables import haendelse, institution, person
from udb.store.tables.log import read_log, read_log_block

SANDBOX: Final = state.SANDBOX
_DATA: Final = (person, institution, haendelse, read_log, read_log_block)
"""Tables that have rows in a register that is used; the database refuses the mark where the log has."""


def seed_parameters(connection: Connection) -> dict[str, Any] | None:
    """Return the parameters of a sandbox's seed, empty when it was not seeded; None when the database is no sandbox."""
    found: dict[str, Any] | None = state.read(connection, SANDBOX)
    return found


def is_sandbox(connection: Connection) -> bool:
    """Return whether the sandbox made this database."""
    return seed_parameters(connection) is not None


def claim(connection: Connection) -> None:
    """Mark an empty database as the sandbox's. Raises UdbRefused when it holds data and is not the sandbox's."""
    if is_sandbox(connection):
        return
    if any(connection.execute(select(table).limit(1)).first() for table in _DATA):
        raise UdbRefused(
            "This database holds data and was not made by the sandbox. Leave out --sandbox, or name an empty database."
        )
    state.write(connection, SANDBOX, {})
