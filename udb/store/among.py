"""Some ids as a condition, in a way that the database plans and reads quickly however many they are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, any_, bindparam, literal


def among(connection: Connection, column: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[Any]:
    """Whether a column is one of some ids.

    PostgreSQL takes them as one array: of what lies in another table it does not know that it is little, and then reads
    all there is; a parameter for each is slow to send. For SQLite they stand in the statement, which has a limit of
    parameters.
    """
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    return column.in_(bindparam("ids", ids, unique=True, expanding=True, literal_execute=True))
