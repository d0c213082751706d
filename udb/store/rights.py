"""The rights of the database role that the service runs as: all that it needs, and only to read and add to the read
log.
"""

from contextlib import suppress
from typing import Final

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from udb.domain.errors import UnknownName, WrongUse
from udb.store import tables
from udb.store.engine import writing
from udb.store.tables import modtagelse, opgoerelse, systemskifte
from udb.store.tables.log import (
    read_log,
    read_log_anchor,
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
    read_log_anchor: "SELECT, INSERT",
}
"""The rights on the read log. In addition, the database lets no role delete rows that wait for a block."""
NARROW_RIGHTS: Final = {
    modtagelse: "SELECT, INSERT, UPDATE (person_id)",
    opgoerelse: "SELECT, INSERT",
    systemskifte: "SELECT, INSERT",
}
"""The rights on tables to which rows are only added: a merger of persons and retention change whom a row of modtagelse
names, and nothing else.
"""
OTHER_RIGHTS: Final = "SELECT, INSERT, UPDATE, DELETE"


def grant(engine: Engine, role: str) -> list[str]:
    """Grant a PostgreSQL role, which must exist, these rights on the tables and revoke all others.

    Return a line for each way round them that it still has, with what a superuser does about it: every role of a new
    database may make temporary tables, and in one from before PostgreSQL 15 tables beside ours. Raises WrongUse on
    SQLite, which has no roles, and for the owner of the tables, UnknownName when there is no such role,
    DatabaseUnavailable.
    """
    if engine.dialect.name != "postgresql":
        raise WrongUse("SQLite has no roles: --role is for PostgreSQL. The triggers guard the read log there.")
    with writing(engine) as connection:
        if not _exists(connection, role):
            raise UnknownName(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN")
        owner, schema, database = connection.execute(_PLACE).one()
        if role == owner:
            raise WrongUse(f"{role} owns the tables and may do anything: the service needs another role.")
        quoted, owner, schema, database = map(
            engine.dialect.identifier_preparer.quote_identifier, (role, owner, schema, database)
        )
        for statement in (
            f"GRANT USAGE ON SCHEMA {schema} TO {quoted}",
            f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {quoted}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quoted}",
            f"GRANT SELECT ON alembic_version TO {quoted}",
            *(
                f"GRANT {(LOG_RIGHTS | NARROW_RIGHTS).get(table, OTHER_RIGHTS)} ON {table.name} TO {quoted}"
                for table in tables.metadata.sorted_tables
            ),
        ):
            connection.execute(text(statement))
        ways = {
            "makes temporary tables": (
                f"GRANT TEMPORARY ON DATABASE {database} TO {owner}",
                f"REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {quoted}",
            ),
            "makes tables beside those of the register": (
                f"GRANT CREATE ON SCHEMA {schema} TO {owner}",
                f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {quoted}",
            ),
            "acts as the owner of the tables": (f"REVOKE {owner} FROM {quoted}",),
            "is a superuser": (f"ALTER ROLE {quoted} NOSUPERUSER",),
        }
        for statement in (*ways["makes temporary tables"], *ways["makes tables beside those of the register"]):
            _try(connection, statement)
        left = zip(connection.execute(_MAY, {"role": role}).one(), ways.items(), strict=True)
        return [f"{role} still {what}. As a superuser: {'; '.join(how)};" for has, (what, how) in left if has]


_PLACE: Final = text("SELECT current_user, current_schema(), current_database()")
_MAY: Final = text(
    "SELECT has_database_privilege(:role, current_database(), 'TEMPORARY'),"
    " has_schema_privilege(:role, current_schema(), 'CREATE'),"
    " pg_has_role(:role, current_user, 'MEMBER') AND NOT rolsuper, rolsuper FROM pg_roles WHERE rolname = :role"
)
"""For each way round the rights whether the role has it, in the order of ``ways``."""


def _try(connection: Connection, statement: str) -> None:
    """Run a statement that the role may lack the right for."""
    with suppress(ProgrammingError), connection.begin_nested():
        connection.execute(text(statement))


def _exists(connection: Connection, role: str) -> bool:
    query = text("SELECT 1 FROM pg_roles WHERE rolname = :role")
    return connection.execute(query, {"role": role}).first() is not None
