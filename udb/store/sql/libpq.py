"""Execute prepared statements of PostgreSQL through libpq, without psycopg's cursor.

psycopg's own adapters convert values to text and back. What is saved is a cursor for each statement, parsing its text
again, and waiting for the answer in Python: two thirds of the caller's time for a short statement.

psycopg sometimes deallocates every prepared statement of a connection to make room for its own. So this is only for
connections on which psycopg prepares nothing (``prepare_threshold`` None: ``udb.store.engine``).
"""

from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus

_KEPT: Final = "udb_prepared"
"""The key, in a connection's ``info``, of the statements prepared on it."""
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_STALE: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
"""The errors of a stale prepared statement: a table has changed, or the server has deallocated the statement."""

Rows = list[tuple[Any, ...]]


def is_direct(connection: Any) -> TypeGuard[Connection[Any]]:
    """Return whether this module can be used for a driver's connection."""
    # Only psycopg itself can begin a transaction with an isolation level or read-only.
    return (
        isinstance(connection, Connection)
        and connection.prepare_threshold is None
        and connection.isolation_level is None
        and connection.read_only is None
    )


def execute(
    connection: Connection[Any], info: dict[Any, Any], text: bytes, parameters: Sequence[Any], *, begins: bool
) -> Rows:
    """Execute a statement with parameters ``$1``, ``$2`` ... and return its rows. Raises psycopg.Error.

    ``info``: a dictionary that lives as long as the connection. ``begins``: begin a transaction if there is none;
    otherwise the statement is committed by itself.
    """
    server = connection.pgconn
    if begins and not connection.autocommit and server.transaction_status == TransactionStatus.IDLE:
        _checked(connection, server.exec_(b"BEGIN"))
    prepared: dict[bytes, _Prepared] = info.setdefault(_KEPT, {})
    known = prepared.get(text)
    if known is None:
        known = _Prepared(connection, b"udb_%d" % len(prepared), text)
        prepared[text] = known
    return known.execute(parameters)


def commit(connection: Connection[Any]) -> None:
    """Commit the transaction, if there is one. Raises psycopg.Error, also when one of its statements had failed."""
    server = connection.pgconn
    if server.transaction_status != TransactionStatus.IDLE:
        result = server.exec_(b"COMMIT")
        _checked(connection, result)
        # COMMIT of a failed transaction succeeds as a ROLLBACK, and only the command status shows it.
        if result.command_status != b"COMMIT":
            raise errors.InFailedSqlTransaction("what was to be committed had failed")


class _Prepared:
    """One statement on one connection."""

    def __init__(self, connection: Connection[Any], name: bytes, text: bytes) -> None:
        self._connection = connection
        self._name = name
        _checked(connection, connection.pgconn.prepare(name, text))
        # One transformer for all executions: it keeps the loaders, and the columns of a statement stay the same.
        self._adapts = Transformer(connection)
        self._formats: tuple[PyFormat, ...] = ()
        self._loads = True

    def execute(self, parameters: Sequence[Any]) -> Rows:
        """Return the rows of the statement with these parameters."""
        if len(self._formats) != len(parameters):
            self._formats = (PyFormat.TEXT,) * len(parameters)
        values: Any = self._adapts.dump_sequence(parameters, self._formats)
        result = self._connection.pgconn.exec_prepared(self._name, values)
        if result.status not in _DONE:
            self._failed(result)
        if not result.ntuples:
            return []
        self._adapts.set_pgresult(result, set_loaders=self._loads)
        self._loads = False
        rows: Rows = self._adapts.load_rows(0, result.ntuples, tuple)
        return rows

    def _failed(self, result: Any) -> None:
        try:
            _checked(self._connection, result)
        except _STALE:
            # Other statements prepared on this connection may be stale too: a new connection has none.
            self._connection.close()
            raise


def _checked(connection: Connection[Any], result: Any) -> None:
    if result.status in _DONE:
        return
    error = errors.error_from_result(result, connection.info.encoding)
    if error.diag.sqlstate is None:
        # Without an SQLSTATE the error is libpq's own, and the connection is lost. libpq may still regard it as usable:
        # a server that ends at once leaves a last message to be read, but accepts none.
        connection.close()
        raise OperationalError("the connection is lost") from error
    raise error
