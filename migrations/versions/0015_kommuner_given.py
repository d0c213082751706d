"""On PostgreSQL a run of eIndkomst, which holds its youths, gives with its events where they live: to look each up once
more cost as much as all the rest of storing an event.
"""

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None
HISTORIES_STAND = True

FOLLOWED = "person_id, service, institution_nummer, til_10, hjemkommune, skolekommune"
WORK_OUT = "ON haendelse FOR EACH ROW EXECUTE FUNCTION haendelse_kommuner()"
GIVEN = (
    "current_setting('udb.hjemkommune_given', true) = 'yes'"
    " AND NEW.service = 'eIndkomst' AND NOT NEW.til_10 AND NEW.skolekommune IS NULL"
)
"""Whoever did not say so in this transaction, as ``udb.beskaeftigelse.write_events`` alone does, gives nothing."""


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER haendelse_kommuner ON haendelse")
        op.execute(
            "CREATE TRIGGER haendelse_kommuner_new BEFORE INSERT ON haendelse FOR EACH ROW"
            f" WHEN (({GIVEN}) IS NOT TRUE) EXECUTE FUNCTION haendelse_kommuner()"
        )
        op.execute(f"CREATE TRIGGER haendelse_kommuner_changed BEFORE UPDATE OF {FOLLOWED} {WORK_OUT}")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER haendelse_kommuner_new ON haendelse")
        op.execute("DROP TRIGGER haendelse_kommuner_changed ON haendelse")
        op.execute(f"CREATE TRIGGER haendelse_kommuner BEFORE INSERT OR UPDATE OF {FOLLOWED} {WORK_OUT}")
