"""The rights of the database role that the service runs as: all that it needs, and only to read and add to the read
log.
"""

from typing import Final

from sqlalchemy import Connection, Engine, func, select, text

from udb.domain.errors import UnknownName, WrongUse
from udb.store import tables
from udb.store.engine import writing
from udb.store.tables.log import (
    read_log,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)

LOG_RIGHTS: Final = {
    read_log: "SELECT, INSERT",
    read_log_block: "SELECT, INSERT",
    read_log_sealed: "SELECT, INSERT",
    read_log_unsealed: "SELECT, DELETE",
    read_log_person: "SELECT",
    read_log_removed: "SELECT",
}
"""The rights on the read log. In addition, the database lets no role delete rows that wait for a block."""
OTHER_RIGHTS: Final = "SELECT, INSERT, UPDATE, DELETE"


def grant(engine: Engine, role: str) -> None:
    """Grant a PostgreSQL role, which must exist, these rights on the tables and revoke all others.

    Raises WrongUse on SQLite, which has no roles, UnknownName when there is no such role, DatabaseUnavailable.
    """
    if engine.dialect.name != "postgresql":
        raise WrongUse("SQLite has no roles: --role is for PostgreSQL. The triggers guard the read log there.")
    with writing(engine) as connection:
        if not _exists(connection, role):
            raise UnknownName(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN")
        quoted = engine.dialect.identifier_preparer.quote_identifier(role)
        schema = engine.dialect.identifier_preparer.quote_identifier(
            connection.execute(select(func.current_schema())).scalar_one()
        )
        for statement in (
            f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
            f"GRANT SELECT ON alembic_version TO {quoted}",
            *(
                f"GRANT {LOG_RIGHTS.get(table, OTHER_RIGHTS)} ON {table.name} TO {quoted}"
                for table in tables.metadata.sorted_tables
            ),
        ):
            connection.execute(text(statement))


def _exists(connection: Connection, role: str) -> bool:
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    return connection.execute(query, {"role": role}).first() is not None
