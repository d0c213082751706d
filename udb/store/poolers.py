"""Refuse a pooler that hands a server's connection to another client after each transaction.

This program prepares statements once for each connection and sets it up once (``udb.store.engine``). Behind PgBouncer's
``pool_mode = transaction`` both would be another client's after the first commit, and nearly every call would fail.
"""

from contextlib import ExitStack
from typing import Final

from psycopg import Error, errors
from sqlalchemy import Engine, PoolProxiedConnection
from sqlalchemy.exc import DBAPIError

from udb.domain.errors import UdbRefused
from udb.store.engine import pooled, refused_by

_TRIES: Final = 3
"""How many connections are tried beside the first; a pooler gives the one that was last given back."""


def require_sessions(engine: Engine) -> None:
    """Raise UdbRefused, with what to do, unless each connection to PostgreSQL is one session of its own.

    A second connection must not reach the first's server process while the first is open. Raises DatabaseUnavailable.
    """
    if engine.dialect.name != "postgresql":
        return
    try:
        with ExitStack() as stack:
            first = stack.enter_context(pooled(engine))
            own = _process(first)
            first.commit()
            for _ in range(_TRIES):
                # Its transaction stays open: a pooler that gave it the first's process must give the first another.
                if _process(stack.enter_context(pooled(engine))) == own or _process(first) != own:
                    raise UdbRefused(_WHAT_TO_DO)
                first.commit()
    except (Error, DBAPIError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, errors.ProtocolViolation):
            # A pooler that shares them between statements allows no transaction.
            raise UdbRefused(_WHAT_TO_DO) from None
        raise refused_by(cause) from error


def _process(connection: PoolProxiedConnection) -> int:
    """Return the id of the server process that a connection reaches, in its transaction."""
    cursor = connection.cursor()
    cursor.execute("SELECT pg_backend_pid()")
    (found,) = cursor.fetchone() or (0,)
    return int(found)


_WHAT_TO_DO: Final = (
    "A pooler between this host and PostgreSQL shares connections between transactions, which this program cannot work "
    "with. Set pool_mode = session for its database (PgBouncer), or name PostgreSQL itself in UDB_DATABASE_URL."
)
