"""Prepared statements of PostgreSQL by way of libpq, without psycopg's cursor around them.

psycopg's own adapters turn values into text and back; what is left out is the cursor of each statement, its second look
at the text, and a wait in Python for the answer: two thirds of what a short statement costs the caller.

psycopg now and then forgets all that is prepared on a connection, for what it prepares itself. So this is only for
connections on which it prepares nothing (``prepare_threshold`` None: ``udb.store.engine``).
"""

from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus

_KEPT: Final = "udb_prepared"
"""Where a connection's record keeps what is prepared on it."""
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_STALE: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
"""Of a prepared statement: a table has changed under it, or the server knows it no longer."""

Rows = list[tuple[Any, ...]]


def is_direct(connection: Any) -> TypeGuard[Connection[Any]]:
    """Return whether a driver's connection is one for this module. Characteristics of the transaction are psycopg's to
    set.
    """
    return (
        isinstance(connection, Connection)
        and connection.prepare_threshold is None
        and connection.isolation_level is None
        and connection.read_only is None
    )


def execute(
    connection: Connection[Any], info: dict[Any, Any], text: bytes, parameters: Sequence[Any], *, begins: bool
) -> Rows:
    """Carry out a statement with parameters ``$1``, ``$2`` ...; gives its rows. Raises psycopg.Error.

    ``info``: what lives as long as the connection. ``begins``: in a transaction, which begins here if none has yet;
    else the statement is its own.
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
    """End the transaction, if there is one. Raises psycopg.Error, also when a statement of it had failed."""
    server = connection.pgconn
    if server.transaction_status != TransactionStatus.IDLE:
        result = server.exec_(b"COMMIT")
        _checked(connection, result)
        # A transaction that had failed is rolled back, and the server says that this was carried out.
        if result.command_status != b"COMMIT":
            raise errors.InFailedSqlTransaction("what was to be committed had failed")


class _Prepared:
    """One statement on one connection."""

    def __init__(self, connection: Connection[Any], name: bytes, text: bytes) -> None:
        self._connection = connection
        self._name = name
        _checked(connection, connection.pgconn.prepare(name, text))
        # A transformer remembers how each kind of value is read; the columns of one statement stay the same.
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
            # Other statements prepared here may be stale too: a new connection has none.
            self._connection.close()
            raise


def _checked(connection: Connection[Any], result: Any) -> None:
    if result.status in _DONE:
        return
    error = errors.error_from_result(result, connection.info.encoding)
    if error.diag.sqlstate is None:
        # Not the server's word: libpq's own, of a connection that is of no use any more. It may hold it for sound until
        # it is used again: a server that ends at once leaves a last word to be read, and takes none.
        connection.close()
        raise OperationalError("the connection is lost") from error
    raise error
