"""A list of values as one parameter of a statement, however long it is."""

from typing import Any, Final

from sqlalchemy import JSON, Dialect, String, TableValuedAlias, Text, func
from sqlalchemy.types import TypeDecorator

from udb.store.prepared import parameter

_COMMA: Final = ","


class _Joined(TypeDecorator[list[str]]):
    """Texts without commas, as one text."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str | None:
        """With commas between."""
        return None if value is None else _COMMA.join(value)


def texts(dialect: str, name: str) -> TableValuedAlias:
    """The texts of the parameter ``name``, which have no commas, as rows in their order with one column, ``value``."""
    if dialect == "postgresql":
        # The driver would make an array element by element, in Python.
        rows: Any = func.unnest(func.string_to_array(parameter(name, _Joined()), _COMMA), type_=String())
        return rows.table_valued("value", joins_implicitly=True).render_derived()  # type: ignore[no-any-return]  # as its name says
    return func.json_each(parameter(name, JSON())).table_valued("value", joins_implicitly=True)
