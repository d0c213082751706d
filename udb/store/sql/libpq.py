"""Execute prepared statements of PostgreSQL through libpq, without psycopg's cursor.

psycopg's own adapters convert values to text and back. What is saved is a cursor for each statement, parsing its text
again, and waiting for the answer in Python: two thirds of the caller's time for a short statement.

psycopg sometimes deallocates every prepared statement of a connection to make room for its own. So this is only for
connections on which psycopg prepares nothing (``prepare_threshold`` None: ``udb.store.engine``).
"""

import select
from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from psycopg import Connection, Error, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus

_KEPT: Final = "udb_prepared"
"""The key, in a connection's ``info``, of the statements prepared on it."""
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_IDLE: Final = TransactionStatus.IDLE
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
    if begins and not connection.autocommit:
        begin(connection)
    known = statements(info)
    return (known.get(text) or prepare(connection, known, text)).execute(parameters)


def begin(connection: Connection[Any]) -> None:
    """Begin a transaction if there is none. Raises psycopg.Error."""
    server = connection.pgconn
    if server.transaction_status == _IDLE:
        _check(connection, server.exec_(b"BEGIN"))


def commit(connection: Connection[Any]) -> None:
    """Commit the transaction, if there is one. Raises psycopg.Error, also when one of its statements had failed."""
    server = connection.pgconn
    if server.transaction_status != _IDLE:
        result = server.exec_(b"COMMIT")
        _check(connection, result)
        # COMMIT of a failed transaction succeeds as a ROLLBACK, and only the command status shows it.
        if result.command_status != b"COMMIT":
            raise errors.InFailedSqlTransaction("what was to be committed had failed")


def statements(info: dict[Any, Any]) -> "dict[bytes, Statement]":
    """Return the statements that are prepared on a connection, by their text; ``info``: as in ``execute``."""
    found: dict[bytes, Statement] = info.setdefault(_KEPT, {})
    return found


def prepare(connection: Connection[Any], known: "dict[bytes, Statement]", text: bytes) -> "Statement":
    """Prepare a statement and add it to those of the connection. Raises psycopg.Error."""
    known[text] = made = Statement(connection, b"udb_%d" % len(known), text)
    return made


def commit_with(connection: Connection[Any], parts: "Sequence[tuple[Statement, Sequence[Any]]]") -> list[Rows]:
    """Execute statements and commit, by one message; return the rows of each. Raises psycopg.Error.

    After a statement that fails none is executed, and nothing is committed. ``parts``: each statement with its
    parameters; the last one is COMMIT.
    """
    sent = [(statement, statement.dumped(parameters)) for statement, parameters in parts]
    try:
        results = _answered(connection.pgconn, sent)
    except Error as error:
        connection.close()
        raise OperationalError("the connection is lost") from error
    found = [statement.loaded(result) for (statement, _), result in zip(sent, results, strict=True)]
    if results[-1].command_status != b"COMMIT":
        raise errors.InFailedSqlTransaction("what was to be committed had failed")
    return found


def _answered(server: Any, sent: "Sequence[tuple[Statement, Any]]") -> list[Any]:
    """Return the result of each statement."""
    server.enter_pipeline_mode()
    for statement, values in sent:
        server.send_query_prepared(statement.name, values)
    server.pipeline_sync()
    # psycopg's own functions hold up all threads while they wait.
    waiting = select.poll()
    waiting.register(server.socket, select.POLLIN | select.POLLOUT)
    while server.flush():
        waiting.poll()
        server.consume_input()
    waiting.modify(server.socket, select.POLLIN)

    def following() -> Any:
        while server.is_busy():
            waiting.poll()
            server.consume_input()
        return server.get_result()

    results = []
    for _ in sent:
        results.append(following())
        # Each statement's results end with none.
        following()
    if None in results or following().status != ExecStatus.PIPELINE_SYNC:
        raise OperationalError("the connection is lost")
    server.exit_pipeline_mode()
    return results


class Statement:
    """One prepared statement on one connection."""

    __slots__ = ("_adapts", "_connection", "_formats", "_loads", "name")

    def __init__(self, connection: Connection[Any], name: bytes, text: bytes) -> None:
        """Prepare it. Raises psycopg.Error."""
        self._connection = connection
        self.name = name
        _check(connection, connection.pgconn.prepare(name, text))
        # One transformer for all executions: it keeps the loaders, and the columns of a statement stay the same.
        self._adapts = Transformer(connection)
        self._formats: tuple[PyFormat, ...] = ()
        self._loads = True

    def execute(self, parameters: Sequence[Any]) -> Rows:
        """Return the rows of the statement with these parameters."""
        return self.loaded(self._connection.pgconn.exec_prepared(self.name, self.dumped(parameters)))

    def dumped(self, parameters: Sequence[Any]) -> Any:
        """Return the parameters as they are sent."""
        if len(self._formats) != len(parameters):
            self._formats = (PyFormat.TEXT,) * len(parameters)
        return self._adapts.dump_sequence(parameters, self._formats)

    def loaded(self, result: Any) -> Rows:
        """Return the rows of a result of the statement. Raises psycopg.Error when it failed."""
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
            _check(self._connection, result)
        except _STALE:
            # Other statements prepared on this connection may be stale too: a new connection has none.
            self._connection.close()
            raise


def _check(connection: Connection[Any], result: Any) -> None:
    if result.status in _DONE:
        return
    error = errors.error_from_result(result, connection.info.encoding)
    if error.diag.sqlstate is None:
        # Without an SQLSTATE the error is libpq's own, and the connection is lost. libpq may still regard it as usable:
        # a server that ends at once leaves a last message to be read, but accepts none.
        connection.close()
        raise OperationalError("the connection is lost") from error
    raise error
