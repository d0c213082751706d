"""Rows in the database."""

from typing import Any

from sqlalchemy import Engine, func, select


def count(engine: Engine, table: Any) -> int:
    """Count the rows of a table."""
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())
