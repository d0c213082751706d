"""Date fetches by the domain clock (V 7), beside system time.

Until now they were dated by system time alone, which stays where it was true. By the domain clock, an old fetch gets a
lower bound: system time, or in a sandbox the registration of the event, where that is later. Outside a sandbox the two
clocks are one, so there it is the time itself.

``RECALCULATE_EVENTS`` calculates again which admissions exempt from eIndkomst (V 4.1): each optag to a class does.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_hentet"
down_revision = "0005_loentype"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = True


def upgrade() -> None:
    with op.batch_alter_table("hentet") as table:
        table.add_column(sa.Column("hentet_system", sa.DateTime(), comment="system time of hentet_tid"))
    op.execute("UPDATE hentet SET hentet_system = hentet_tid")
    if op.get_bind().scalar(sa.text("SELECT count(*) FROM state WHERE name = 'sandbox'")):
        _not_before_registration("hentet_tid")
        _not_before_registration("givet_tid")
    with op.batch_alter_table("hentet") as table:
        table.alter_column("hentet_system", existing_type=sa.DateTime(), nullable=False)
        table.alter_column(
            "hentet_tid",
            existing_type=sa.DateTime(),
            existing_nullable=False,
            comment="domain clock: first sent, without criterion or by number (V 7)",
        )
        table.alter_column(
            "givet_tid",
            existing_type=sa.DateTime(),
            existing_nullable=True,
            comment="domain clock: first sent without criterion; only this controls that feed",
        )
    with op.batch_alter_table("feed_position") as table:
        table.add_column(sa.Column("answered_domain", sa.DateTime(), comment="domain clock"))
    op.execute("UPDATE feed_position SET answered_domain = answered")


def _not_before_registration(column: str) -> None:
    registered = "(SELECT registreringstid FROM haendelse WHERE haendelse.nummer = hentet.nummer)"
    op.execute(f"UPDATE hentet SET {column} = {registered} WHERE {column} < {registered}")  # noqa: S608 - names above


def downgrade() -> None:
    op.execute("UPDATE hentet SET hentet_tid = hentet_system")
    with op.batch_alter_table("hentet") as table:
        table.drop_column("hentet_system")
    with op.batch_alter_table("feed_position") as table:
        table.drop_column("answered_domain")
