"""Compile statements of SQLAlchemy Core once and send them straight to the driver, or to libpq.

Core builds each statement again, looks up the compiled form, and wraps rows and errors: five times the processor time
of the statement itself. Frequent calls use prepared statements; everything else uses Core directly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Engine, Executable, PoolProxiedConnection, bindparam
from sqlalchemy.exc import DBAPIError

from udb.store.engine import pooled
from udb.store.sql import libpq

Convert = Callable[[Any], Any]
Make = Callable[[str], Executable]
"""A function from the name of a dialect to its statement, whose values are ``parameter``s."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A compiled statement. ``numbered``: its text with numbered parameters, for libpq; ``order``: their names."""

    text: str
    names: tuple[str, ...]
    numbered: bytes
    order: tuple[str, ...]
    fixed: Mapping[str, Any]
    binds: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]
    positional: bool

    def given(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of all parameters, converted for the driver."""
        given = {**self.fixed, **values}
        for name, convert in self.binds:
            given[name] = convert(given[name])
        return given

    def for_cursor(self, given: dict[str, Any]) -> Any:
        """Return the values in the form that the driver's cursor takes: by position or by name."""
        return tuple([given[name] for name in self.names]) if self.positional else given


def parameter(name: str, kind: Any = None) -> Any:
    """Return a parameter of a statement. ``kind``: its type, if Core cannot infer it from the statement."""
    # Without the default None, Core would demand a value when it compiles.
    return bindparam(name, None, type_=kind, required=False)


class Prepared:
    """One statement for both databases."""

    def __init__(self, make: Make) -> None:
        """``make`` is called once for each kind of database, when the statement is first used."""
        self._make: Final = make
        self._plans: dict[str, _Plan] = {}

    def rows(self, database: Connection | Engine, **values: Any) -> Sequence[tuple[Any, ...]]:
        """Execute a query and return its rows. Values and results have the same types as with Core.

        On an engine the query runs without a transaction.
        """
        plan = self._plan(database.dialect)
        rows = _execute(database, plan, values)
        if not plan.results:
            return rows
        return [_converted(row, plan.results) for row in rows]

    def run(self, connection: Connection, **values: Any) -> None:
        """Execute a statement that returns no rows."""
        _execute(connection, self._plan(connection.dialect), values)

    def _plan(self, dialect: Dialect) -> _Plan:
        plan = self._plans.get(dialect.name)
        if plan is None:
            plan = self._plans[dialect.name] = _compiled(self._make(dialect.name), dialect)
        return plan


def _converted(row: tuple[Any, ...], results: tuple[tuple[int, Convert], ...]) -> tuple[Any, ...]:
    values = list(row)
    for index, convert in results:
        if values[index] is not None:
            values[index] = convert(values[index])
    return tuple(values)


def _compiled(statement: Executable, dialect: Dialect) -> _Plan:
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs=_AT_ONCE)  # type: ignore[attr-defined]  # every statement has it
    numbered = _numbered(statement, dialect)
    binds = {
        name: convert
        for bind, name in compiled.bind_names.items()
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    positional = compiled.positiontup is not None
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    columns = getattr(statement, "exported_columns", ())
    results = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    return _Plan(
        text=str(compiled),
        names=tuple(compiled.positiontup or ()),
        numbered=str(numbered).encode(),
        order=tuple(numbered.positiontup or ()),
        fixed=fixed,
        binds=tuple(binds.items()),
        results=tuple((index, convert) for index, convert in enumerate(results) if convert is not None),
        positional=positional,
    )


_AT_ONCE: Final = {"render_postcompile": True}


def _numbered(statement: Executable, dialect: Dialect) -> Any:
    if dialect.name != "postgresql":
        return statement.compile(dialect=dialect, compile_kwargs=_AT_ONCE)  # type: ignore[attr-defined]  # as above
    kind: Any = type(dialect)
    numbering = kind(paramstyle="numeric_dollar")
    return statement.compile(dialect=numbering, compile_kwargs=_AT_ONCE)  # type: ignore[attr-defined]  # as above


def _execute(database: Connection | Engine, plan: _Plan, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    given = plan.given(values)
    events: Any = database.engine.dispatch
    if events.before_cursor_execute or events.after_cursor_execute:
        # Listeners to statements must receive these too.
        return _through_core(database, plan, given)
    if isinstance(database, Engine):
        with pooled(database) as alone:
            return _sent(database.dialect, alone, alone.invalidate, plan, given, begins=False)
    if not database.in_transaction():
        # Core begins one by itself too; without it, a commit would not reach the driver.
        database.begin()
    return _sent(database.dialect, database.connection, database.invalidate, plan, given, begins=True)


def _through_core(database: Connection | Engine, plan: _Plan, given: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    if isinstance(database, Engine):
        with database.connect() as connection:
            return _through_core(connection, plan, given)
    result = database.exec_driver_sql(plan.text, plan.for_cursor(given))
    return [tuple(row) for row in result] if result.returns_rows else ()


def _sent(
    dialect: Dialect,
    fairy: PoolProxiedConnection,
    invalidate: Callable[[BaseException], None],
    plan: _Plan,
    given: dict[str, Any],
    *,
    begins: bool,
) -> Sequence[tuple[Any, ...]]:
    """``invalidate``: called with the error when the connection is lost. ``begins``: as in ``libpq.execute``."""
    error_type: Any = dialect.loaded_dbapi.Error
    cursor: Any = None
    try:
        driver = fairy.dbapi_connection
        if libpq.is_direct(driver):
            values = [given[name] for name in plan.order]
            return libpq.execute(driver, fairy.info, plan.numbered, values, begins=begins)
        cursor = fairy.cursor()
        cursor.execute(plan.text, plan.for_cursor(given))
        return cursor.fetchall() if cursor.description else ()
    except error_type as error:
        gone = dialect.is_disconnect(error, fairy, cursor)
        if gone:
            invalidate(error)
        raise DBAPIError.instance(
            plan.text, None, error, error_type, hide_parameters=True, connection_invalidated=gone, dialect=dialect
        ) from error
