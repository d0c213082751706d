"""What alembic runs: the migrations on one connection, in one transaction.

To write a migration, change ``udb/store/tables.py`` and run ``alembic revision --autogenerate -m "..."`` on PostgreSQL;
read what it wrote. A migration names no type of this project, so that it means the same for ever. One that brings
nothing that follows from a youth's history says ``HISTORIES_STAND = True``: else all are worked out anew (``upgrade``).
"""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text

from udb import settings
from udb.store import migrate
from udb.store.tables import metadata
from udb.store.tables.types import Instant

ONE_AT_A_TIME = 7_029_026


def run(connection: Connection) -> None:
    """Bring the connected database to the version asked for; two who try at once come one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        render_item=render_item,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """How a type of this project stands in a migration."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Instant) else False


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.connect(settings.load().url) as opened:
        run(opened)
