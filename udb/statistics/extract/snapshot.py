"""One snapshot for a whole extract: every statement of it sees the database of one moment."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from udb.store.engine import reading


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Yield a transaction that only reads, and sees one moment: that of its first statement.

    PostgreSQL: REPEATABLE READ, READ ONLY, which a standby can too. SQLite: any read transaction is one. Neither blocks
    a writer. Raises DatabaseUnavailable.
    """
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    with reading(engine) as connection:
        yield connection
