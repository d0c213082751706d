"""Run the migrations on one connection, in one transaction; alembic calls this file.

To write a migration, change the tables of ``udb.store`` and run, on PostgreSQL,
``alembic revision --autogenerate --rev-id 0002_short_name -m "..."``; read and correct what it wrote. A migration names
no type of this project, so that its meaning never changes. If it adds no field that is computed from events, set
``RECALCULATE_EVENTS = False``: otherwise all events are calculated again after it (``udb.store.migrate``).

A version's name is that of its file, never a number alone: 0001 to 0016 are databases from before the first release.
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
    """Migrate the connected database to the wanted version; a second run at the same time waits for the first."""
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
    """Write a type of this project as the plain type that a migration may name."""
    return "sa.DateTime()" if kind == "type" and isinstance(item, Instant) else False


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.connect(settings.load().url) as opened:
        run(opened)
