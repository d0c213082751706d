"""An insert that may meet a row that is there."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_into(dialect: str, table: Table) -> Any:
    """An insert with ``on_conflict_do_nothing`` and ``on_conflict_do_update``, for a dialect by its name.

    Both databases have the same ON CONFLICT; SQLAlchemy has an insert of its own for each.
    """
    return (postgresql if dialect == "postgresql" else sqlite).insert(table)
