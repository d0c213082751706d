"""What alembic runs: the migrations on one connection, in one transaction."""

from alembic import context
from sqlalchemy import Connection, text

from udb import settings
from udb.store import migrate
from udb.store.tables import metadata

ONE_AT_A_TIME = 7_029_026


def run(connection: Connection) -> None:
    """Bring the connected database to the version asked for; two who try at once come one after the other."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        transactional_ddl=True,
        user_module_prefix="udb.store.types.",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    with migrate.connect(settings.load().url) as opened:
        run(opened)
