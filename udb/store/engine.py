"""The database engine, and the two kinds of transaction.

SQLite: WAL with synchronous=FULL; a writing transaction begins with BEGIN IMMEDIATE, so that it never has to give up
half-way. PostgreSQL: READ COMMITTED, where each statement sees all that was committed before it. So a lock is one
statement, and the read that needs it the next.
"""

import json
import select
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from psycopg import Error, errors
from psycopg.pq import TransactionStatus
from sqlalchemy import Connection, Engine, PoolProxiedConnection, Table, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, InvalidRequestError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from udb.domain.errors import DatabaseUnavailable, LoginRefused
from udb.settings import VENTETID
from udb.store.sql import hosts, libpq, line, login


def make_engine(url: str, *, ventetid: int = VENTETID, bulk: bool = False, session: str = "read-write") -> Engine:
    """Return an engine for ``url``, set up as the module says.

    ``ventetid``: how many seconds to wait for a busy database. ``bulk``: psycopg prepares repeated statements, for work
    that sends the same statement for thousands of rows; otherwise only ``udb.store.sql.prepared`` prepares any.
    ``session``: the ``target_session_attrs`` of an address that names several hosts and none of its own.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(url, hide_parameters=True, connect_args={"timeout": ventetid, "isolation_level": None})
        event.listen(engine, "connect", _sqlite_connect)
        event.listen(engine, "begin", _sqlite_begin)
        return engine
    asked = {**hosts.connect_args(address, ventetid, session), **_silent_host(ventetid)}
    engine = create_engine(
        url,
        # No bound value is in the text of an exception.
        hide_parameters=True,
        pool_timeout=ventetid,
        pool_reset_on_return=None,
        # The driver's own first guesses the encoding, which is always this one.
        json_deserializer=lambda text: _JSON.decode(text if isinstance(text, str) else str(text, "utf-8")),
        connect_args={"prepare_threshold": _PSYCOPGS_OWN if bulk else None, **asked},
    )
    hosts.choose(engine, asked)
    dialect: Any = engine.dialect
    dialect.do_commit = _commit
    is_lost = dialect.is_disconnect
    dialect.is_disconnect = lambda error, *of: _is_standby(error) or is_lost(error, *of)
    event.listen(engine, "connect", _set_up(ventetid))
    event.listen(engine, "checkout", _refuse_closed)
    event.listen(engine, "reset", _roll_back)
    if not bulk:
        line.keep_for(engine)
    return engine


_JSON: Final = json.JSONDecoder()


def _set_up(ventetid: int) -> Callable[[Any, Any], None]:
    # Not as options of the connection: a pooler refuses those, or ignores them.
    settings = f"SET lock_timeout = '{ventetid}s'; SET timezone = 'UTC'; SET synchronous_commit = 'on'"

    def connected(dbapi_connection: Any, _record: Any) -> None:
        try:
            # One message: no transaction around it.
            dbapi_connection.autocommit = True
            dbapi_connection.execute(settings)
            dbapi_connection.autocommit = False
        except Error:
            dbapi_connection.close()
            raise

    return connected


_PSYCOPGS_OWN: Final = 5
"""The number of executions after which psycopg prepares a statement by default."""


def _silent_host(ventetid: int) -> dict[str, int]:
    # TCP keepalives: by default the kernel waits for hours for a host that does not answer. The values are capped:
    # one that the kernel does not accept would end every connection.
    seconds = min(ventetid, _LONGEST_SILENCE)
    return {
        "keepalives_idle": seconds,
        "keepalives_interval": 1 + seconds // _ASKED,
        "keepalives_count": _ASKED,
        "tcp_user_timeout": 2 * seconds * 1000,
    }


_LONGEST_SILENCE: Final = 3600
_ASKED: Final = 10
"""How many keepalive probes are sent to a silent host before the connection is given up."""


def _is_standby(error: BaseException) -> bool:
    # A server that takes no writes is a standby: a new connection may reach the primary.
    return isinstance(error, errors.ReadOnlySqlTransaction)


def _refuse_closed(dbapi_connection: Any, record: Any, _proxy: Any) -> None:
    # An idle connection has nothing to read; one that the server has closed is readable. A ping at every call would
    # reveal no more, and costs as much as a statement.
    waiting = record.info.get(_POLL)
    if waiting is None:
        waiting = record.info[_POLL] = select.poll()
        waiting.register(dbapi_connection.pgconn.socket, select.POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError


_POLL: Final = "udb_poll"
"""The key, in a connection's ``info``, of what says whether there is something to read."""


def _roll_back(dbapi_connection: Any, _record: Any, _state: Any) -> None:
    # psycopg checks this too, but takes longer.
    if dbapi_connection.pgconn.transaction_status != TransactionStatus.IDLE:
        dbapi_connection.rollback()


def _commit(proxy: PoolProxiedConnection) -> None:
    # SQLAlchemy has no event that replaces a commit. psycopg's own commit waits for the answer in Python.
    driver: Any = proxy.dbapi_connection
    if libpq.is_direct(driver):
        libpq.commit(driver)
    else:
        driver.commit()


def _sqlite_connect(dbapi_connection: Any, _record: Any) -> None:
    cursor = dbapi_connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    # Python's driver would begin late and upgrade a read to a write, which fails when another writer was faster.
    immediate = connection.get_execution_options().get("udb_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """Yield a transaction that may write. Commits at the end, rolls back on any exception.

    Raises DatabaseUnavailable when the database is out of reach or busy.
    """
    return _OnLine(engine) if line.has_lines(engine) else _by_core(engine, writes=True)


def reading(engine: Engine) -> AbstractContextManager[Connection]:
    """Yield a transaction that only reads. Raises DatabaseUnavailable as ``writing`` does."""
    return _OnLine(engine) if line.has_lines(engine) else _by_core(engine, writes=False)


@contextmanager
def _by_core(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    with unavailable(), _connected(engine) as connection:
        if writes and engine.dialect.name == "sqlite":
            connection.execution_options(udb_write=True)
        with connection.begin():
            yield connection


class _OnLine:
    """A transaction on a line. A class: a generator's context manager costs three times as much."""

    __slots__ = ("_engine", "_line")

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Connection:
        self._line = take_line(self._engine)
        return self._line

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        used = self._line
        try:
            if error is None:
                used.commit()
            else:
                used.rollback()
        except DBAPIError as failed:
            error = failed
            raise
        finally:
            line.give_back(used)
            if (refused := _refused(error)) is not None:
                raise refused from error


def allow_memory(connection: Connection) -> None:
    """Let PostgreSQL sort and join this transaction's many rows in memory and in parallel."""
    if connection.dialect.name == "postgresql":
        # The defaults suit many small calls. Compiling an expression (jit) takes longer than evaluating it, and a table
        # made for one statement is not worth a thorough ``analyze``.
        settings = ("work_mem = '128MB'", "jit = off", "parallel_setup_cost = 100", "default_statistics_target = 10")
        for setting in settings:
            connection.execute(text(f"SET LOCAL {setting}"))


def analyze(connection: Connection, table: Table, *columns: str) -> None:
    """Let PostgreSQL collect statistics about a table that this transaction has filled, or about some of its columns,
    before it plans a query.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {table.name}" + (f" ({', '.join(columns)})" if columns else "")))


def take_line(engine: Engine) -> line.Line:
    """Return a line of an engine that has lines; ``line.give_back`` ends its use.

    Raises DatabaseUnavailable when there is none to be had.
    """
    try:
        return line.line_of(engine)
    except (InvalidRequestError, PoolTimeoutError) as error:
        # The pool gives up when new connections are closed too.
        raise refused_by(error) from error
    except DBAPIError as error:
        if (refused := _refused(error)) is None:
            raise
        raise refused from error


@contextmanager
def pooled(engine: Engine) -> Iterator[PoolProxiedConnection]:
    """Yield a driver's connection for a statement that needs no transaction.

    Raises DatabaseUnavailable when there is no connection to be had.
    """
    try:
        fairy = engine.raw_connection()
    except (InvalidRequestError, engine.dialect.loaded_dbapi.Error) as error:
        raise refused_by(error) from error
    try:
        yield fairy
    finally:
        fairy.close()


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except InvalidRequestError as error:
        # The pool gives up when new connections are closed too.
        raise refused_by(error) from error


class _Unavailable:
    """A class: a generator's context manager costs three times as much."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and (refused := _refused(error)) is not None:
            raise refused from error


_UNAVAILABLE: Final = _Unavailable()


def unavailable() -> AbstractContextManager[None]:
    """Raise DatabaseUnavailable instead of a driver's error that means that the database does not answer or is busy."""
    return _UNAVAILABLE


def _refused(error: BaseException | None) -> DatabaseUnavailable | None:
    """Return the exception to raise instead of an error that means that the database is out of reach or busy."""
    if isinstance(error, PoolTimeoutError):
        return refused_by(error)
    return refused_by(error.orig) if isinstance(error, DBAPIError) and _is_out_of_reach(error) else None


def _is_out_of_reach(error: DBAPIError) -> bool:
    # SQLite raises OperationalError for a wrong statement too.
    if getattr(error.orig, "sqlite_errorname", None) == "SQLITE_ERROR":
        # A full disk rolls back the whole transaction; the error is then that the savepoint is missing.
        earlier = error.orig.__context__ if error.orig else None
        return isinstance(earlier, DBAPIError) and _is_out_of_reach(earlier)
    return isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated


def refused_by(cause: BaseException | None) -> DatabaseUnavailable:
    """Return the exception to raise for a driver's error: its type and code, without its text."""
    # The driver's message may contain hosts and values; type and code are enough to find the reason.
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None)
    if code is None and (refused := login.refusal(str(cause))):
        return LoginRefused(refused)
    kind = " ".join(filter(None, (type(cause).__name__, code)))
    return DatabaseUnavailable(f"{DatabaseUnavailable.__doc__} [{kind}]")
