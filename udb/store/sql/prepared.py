"""Compile statements of SQLAlchemy Core once and send them straight to the driver, or to libpq.

Core builds each statement again, looks up the compiled form, and wraps rows and errors: five times the processor time
of the statement itself. Frequent calls use prepared statements; everything else uses Core directly.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Boolean, Connection, Dialect, Engine, Executable, PoolProxiedConnection, bindparam
from sqlalchemy.exc import DBAPIError

from udb.store.engine import pooled, take_line
from udb.store.sql import libpq
from udb.store.sql.line import Line, give_back, has_lines

Convert = Callable[[Any], Any]
Make = Callable[[str], Executable]
"""A function from the name of a dialect to its statement, whose values are ``parameter``s."""


@dataclass(frozen=True, slots=True)
class _Plan:
    """A compiled statement. ``numbered``: its text with numbered parameters, for libpq; ``listed`` lists their values
    in order (``order``), converted for the driver.
    """

    text: str
    names: tuple[str, ...]
    numbered: bytes
    order: tuple[str, ...]
    listed: Callable[[dict[str, Any]], Sequence[Any]]
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

    def sent(self, dialect: Dialect, values: dict[str, Any]) -> tuple[bytes, Sequence[Any]]:
        """Return the statement's text and its parameters, for ``Line.commit_with``."""
        plan = self._plan(dialect)
        return plan.numbered, plan.listed(values)

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
        # A database with truth values takes Python's as they are.
        if not (isinstance(bind.type, Boolean) and dialect.supports_native_boolean)
        and (convert := bind.type.dialect_impl(dialect).bind_processor(dialect)) is not None
    }
    positional = compiled.positiontup is not None
    order = tuple(numbered.positiontup or ())
    fixed = {name: value for name, value in compiled.params.items() if value is not None}
    columns = getattr(statement, "exported_columns", ())
    results = (column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns)
    return _Plan(
        text=str(compiled),
        names=tuple(compiled.positiontup or ()),
        numbered=str(numbered).encode(),
        order=order,
        listed=_listing(order, fixed, binds),
        fixed=fixed,
        binds=tuple(binds.items()),
        results=tuple((index, convert) for index, convert in enumerate(results) if convert is not None),
        positional=positional,
    )


def _listing(
    order: Sequence[str], fixed: Mapping[str, Any], binds: Mapping[str, Convert]
) -> Callable[[dict[str, Any]], Sequence[Any]]:
    """Return a function that lists the values of parameters in their order, converted for the driver."""
    if not order:
        return lambda _: ()
    # The getter of a single name gives its value alone.
    pick: Callable[[Any], Any] = itemgetter(*order) if len(order) > 1 else lambda values: (values[order[0]],)
    converts = tuple((place, binds[name]) for place, name in enumerate(order) if name in binds)

    def listed(values: dict[str, Any]) -> Sequence[Any]:
        found = list(pick({**fixed, **values} if fixed else values))
        for place, convert in converts:
            found[place] = convert(found[place])
        return found

    return listed


_AT_ONCE: Final = {"render_postcompile": True}


def _numbered(statement: Executable, dialect: Dialect) -> Any:
    if dialect.name != "postgresql":
        return statement.compile(dialect=dialect, compile_kwargs=_AT_ONCE)  # type: ignore[attr-defined]  # as above
    kind: Any = type(dialect)
    numbering = kind(paramstyle="numeric_dollar")
    return statement.compile(dialect=numbering, compile_kwargs=_AT_ONCE)  # type: ignore[attr-defined]  # as above


def _execute(database: Connection | Engine, plan: _Plan, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    if type(database) is Line:
        return database.send(plan.numbered, plan.listed(values), begins=True)
    if isinstance(database, Engine) and has_lines(database):
        return _alone(database, plan, values)
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


def _alone(engine: Engine, plan: _Plan, values: dict[str, Any]) -> Sequence[tuple[Any, ...]]:
    line = take_line(engine)
    try:
        return line.send(plan.numbered, plan.listed(values), begins=False)
    finally:
        give_back(line)


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
