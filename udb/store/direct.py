"""Prepared statements of PostgreSQL by way of libpq, without psycopg's cursor around them.

psycopg's own adapters turn values into text and back; what is left out is the cursor of each statement, its second look
at the text, and a wait in Python for the answer: two thirds of what a short statement costs the caller. Statements that
need nothing of each other's results go in one message (libpq's pipeline), a transaction's beginning and end among them:
the server carries them out one after the other, each with a snapshot of its own, and this sleeps once for all.

psycopg now and then forgets all that is prepared on a connection, for what it prepares itself. So this is only for
connections on which it prepares nothing (``prepare_threshold`` None: ``udb.store.engine``).
"""

import select
from collections.abc import Sequence
from typing import Any, Final, TypeGuard

from psycopg import Connection, OperationalError, errors
from psycopg.adapt import PyFormat, Transformer
from psycopg.pq import ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

_KEPT: Final = "udb_prepared"
"""Where a connection's record keeps what is prepared on it."""
_DONE: Final = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_STALE: Final = (errors.FeatureNotSupported, errors.InvalidSqlStatementName)
"""Of a prepared statement: a table has changed under it, or the server knows it no longer."""

Rows = list[tuple[Any, ...]]


def is_direct(connection: Any) -> TypeGuard[Connection[Any]]:
    """Whether a driver's connection is one for this module. Characteristics of the transaction are psycopg's to set."""
    return (
        isinstance(connection, Connection)
        and connection.prepare_threshold is None
        and connection.isolation_level is None
        and connection.read_only is None
    )


Statement = tuple[bytes, Sequence[Any]]
"""A statement's text with parameters ``$1``, ``$2`` ..., and their values."""


def execute(
    connection: Connection[Any], info: dict[Any, Any], statements: Sequence[Statement], *, begins: bool, commits: bool
) -> list[Rows]:
    """Carry out statements one after the other, up to one that fails; gives the rows of each. Raises psycopg.Error.

    ``info``: what lives as long as the connection. ``begins``: in a transaction, which begins here if none has yet;
    else each statement is its own. ``commits``: and the transaction ends here.
    """
    server = connection.pgconn
    begins = begins and not connection.autocommit and server.transaction_status == TransactionStatus.IDLE
    prepared: dict[bytes, _Prepared] = info.setdefault(_KEPT, {})
    known = [prepared.get(text) or _prepare(connection, prepared, text) for text, _ in statements]
    asked = [one.asked(parameters) for one, (_, parameters) in zip(known, statements, strict=True)]
    if begins or commits or len(asked) > 1:
        results = _at_once(connection, asked, begins=begins, commits=commits)
    else:
        results = [server.exec_prepared(*asked[0])]
    for result in results:
        _checked(connection, result)
    return [one.rows(result) for one, result in zip(known, results[begins:], strict=False)]


def _at_once(
    connection: Connection[Any], asked: Sequence[tuple[bytes, Any]], *, begins: bool, commits: bool
) -> list[PGresult]:
    """What each gives, BEGIN and COMMIT among them; of those after one that fails, that they were not carried out."""
    server = connection.pgconn
    count = begins + len(asked) + commits
    try:
        server.enter_pipeline_mode()
        if begins:
            server.send_query_params(b"BEGIN", None)
        for name, values in asked:
            server.send_query_prepared(name, values)
        if commits:
            server.send_query_params(b"COMMIT", None)
        server.pipeline_sync()
        results = []
        # After each result comes that there is no more of it, and after all of them one for the end.
        for _ in range(count):
            results.append(_next(server))
            _next(server)
        _next(server)
        server.exit_pipeline_mode()
    except BaseException:
        # Nobody knows what is still under way.
        connection.close()
        raise
    return results


def _next(server: PGconn) -> Any:
    # Waiting by way of libpq itself would let no other thread of this process work.
    while server.is_busy():
        waiting = select.poll()
        waiting.register(server.socket, select.POLLIN | (select.POLLOUT if server.flush() else 0))
        waiting.poll()
        server.consume_input()
    return server.get_result()


def _prepare(connection: Connection[Any], prepared: "dict[bytes, _Prepared]", text: bytes) -> "_Prepared":
    known = prepared[text] = _Prepared(connection, b"udb_%d" % len(prepared), text)
    return known


class _Prepared:
    """One statement on one connection."""

    def __init__(self, connection: Connection[Any], name: bytes, text: bytes) -> None:
        self._name = name
        _checked(connection, connection.pgconn.prepare(name, text))
        # A transformer remembers how each kind of value is read; the columns of one statement stay the same.
        self._adapts = Transformer(connection)
        self._formats: tuple[PyFormat, ...] = ()
        self._loads = True

    def asked(self, parameters: Sequence[Any]) -> tuple[bytes, Any]:
        """Its name on the server, and the parameters as that takes them."""
        if len(self._formats) != len(parameters):
            self._formats = (PyFormat.TEXT,) * len(parameters)
        return self._name, self._adapts.dump_sequence(parameters, self._formats)

    def rows(self, result: Any) -> Rows:
        """The rows of a result of this statement."""
        if not result.ntuples:
            return []
        self._adapts.set_pgresult(result, set_loaders=self._loads)
        self._loads = False
        rows: Rows = self._adapts.load_rows(0, result.ntuples, tuple)
        return rows


def _checked(connection: Connection[Any], result: Any) -> None:
    if result.status in _DONE:
        return
    error = errors.error_from_result(result, connection.info.encoding)
    if isinstance(error, _STALE):
        # Whatever else is prepared here may be stale too: a connection anew has none of it.
        connection.close()
    if error.sqlstate is None and connection.closed:
        # Of a connection that breaks libpq tells no code; psycopg's cursor raises this of it.
        raise OperationalError("the connection is lost") from error
    raise error
