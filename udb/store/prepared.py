"""Statements of SQLAlchemy Core that are compiled once, and then go straight to the driver.

Core makes each statement anew, looks up what it compiled, and wraps rows and errors: five times the processor time of
the statement itself. The calls that come by the thousand use these; everything else uses Core as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Executable, bindparam
from sqlalchemy.exc import DBAPIError

Convert = Callable[[Any], Any]
Make = Callable[[str], Executable]
"""Makes a statement for a dialect, by its name. Its values are ``parameter``s."""


@dataclass(frozen=True, slots=True)
class _Plan:
    text: str
    names: tuple[str, ...]
    fixed: Mapping[str, Any]
    binds: tuple[tuple[str, Convert], ...]
    results: tuple[tuple[int, Convert], ...]
    positional: bool

    def parameters(self, values: dict[str, Any]) -> Any:
        given = {**self.fixed, **values}
        for name, convert in self.binds:
            given[name] = convert(given[name])
        return tuple([given[name] for name in self.names]) if self.positional else given


def parameter(name: str, kind: Any = None) -> Any:
    """A value that is given when the statement is carried out; ``kind``: its type, if the statement does not tell."""
    # Without a value of its own Core would want one when it compiles.
    return bindparam(name, None, type_=kind, required=False)


class Prepared:
    """One statement for both databases."""

    def __init__(self, make: Make) -> None:
        """``make`` is called once for each kind of database, when the statement is first used."""
        self._make: Final = make
        self._plans: dict[str, _Plan] = {}

    def rows(self, connection: Connection, **values: Any) -> Sequence[tuple[Any, ...]]:
        """What a query gives. Values and results are of the types that Core would take and give."""
        plan = self._plan(connection.dialect)
        rows: Sequence[tuple[Any, ...]] = _execute(connection, plan, values).fetchall()
        if not plan.results:
            return rows
        return [_converted(row, plan.results) for row in rows]

    def run(self, connection: Connection, **values: Any) -> None:
        """Carry out a statement that gives nothing."""
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
    compiled: Any = statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]  # every statement has it
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
        fixed=fixed,
        binds=tuple(binds.items()),
        results=tuple((index, convert) for index, convert in enumerate(results) if convert is not None),
        positional=positional,
    )


def _execute(connection: Connection, plan: _Plan, values: dict[str, Any]) -> Any:
    parameters = plan.parameters(values)
    told: Any = connection.engine.dispatch
    if told.before_cursor_execute or told.after_cursor_execute:
        # Who listens to statements hears these too.
        return connection.exec_driver_sql(plan.text, parameters)
    if not connection.in_transaction():
        # As Core begins one by itself; else a commit would pass the driver by.
        connection.begin()
    dialect = connection.dialect
    cursor = connection.connection.cursor()
    error_type: Any = dialect.loaded_dbapi.Error
    try:
        cursor.execute(plan.text, parameters)
    except error_type as error:
        gone = dialect.is_disconnect(error, connection.connection, cursor)
        if gone:
            connection.invalidate(error)
        raise DBAPIError.instance(
            plan.text, None, error, error_type, hide_parameters=True, connection_invalidated=gone, dialect=dialect
        ) from error
    return cursor
