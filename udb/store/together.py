"""Rows of several tables that are written together: on PostgreSQL one statement, on SQLite one for each, which costs
little there.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Executable, Table, insert, literal, select

from udb.store.prepared import Prepared, in_turn, parameter


class Kind:
    """The rows of a table, with values for some of its columns."""

    def __init__(self, table: Table, columns: Iterable[str]) -> None:
        """``columns``: those that are given, in the order of the values; the database fills in the others."""
        self.table: Final = table
        self.columns: Final = tuple(columns)
        self._alone: Final = Prepared(lambda _: self.insert(self.columns))

    def insert(self, parameters: Iterable[str]) -> Any:
        """The statement that adds a row, with such parameters for its columns."""
        pairs = zip(self.columns, parameters, strict=True)
        return insert(self.table).values({column: parameter(name) for column, name in pairs})

    def add(self, connection: Connection, values: Sequence[Any]) -> None:
        """Add one row."""
        self._alone.run(connection, **dict(zip(self.columns, values, strict=True)))


Row = tuple[Kind, Sequence[Any]]
"""A row that is to be added: its values are in the order of the kind's columns."""
_AT_ONCE: Final = 6
"""How many rows a statement adds: each sequence of kinds is a statement of its own, and there must not be many."""


def add_rows(connection: Connection, rows: Sequence[Row], *, commits: bool = False) -> None:
    """Add rows, which may refer to each other. ``commits``: as ``prepared.in_turn`` has it."""
    for first in range(0, len(rows), _AT_ONCE):
        _add(connection, rows[first : first + _AT_ONCE], commits=commits and first + _AT_ONCE >= len(rows))


def _add(connection: Connection, rows: Sequence[Row], *, commits: bool) -> None:
    if connection.dialect.name != "postgresql":
        for kind, values in rows:
            kind.add(connection, values)
        return
    statement, names = _together(tuple([kind for kind, _ in rows]))
    given = dict(zip(names, (value for _, values in rows for value in values), strict=True))
    in_turn(connection, (statement, given), commits=commits)


@lru_cache(maxsize=100)
def _together(kinds: tuple[Kind, ...]) -> tuple[Prepared, Sequence[str]]:
    names = [[f"{column}_{number}" for column in kind.columns] for number, kind in enumerate(kinds)]

    def statement(_: str) -> Executable:
        inserts = (kind.insert(of) for kind, of in zip(kinds, names, strict=True))
        parts = (part.cte(f"row_{number}") for number, part in enumerate(inserts))
        return select(literal(1)).add_cte(*parts)

    return Prepared(statement), [name for of in names for name in of]
