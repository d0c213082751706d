"""Until when a course up to the 10th grade exempts from eIndkomst stands with the event that began it.

The values are worked out when the upgrade has ended, as after every upgrade (``udb.store.migrate``).
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "as those before: of the event that began a forloeb up to the 10th grade"
    op.add_column("haendelse", sa.Column("fritager_foer", sa.Date(), comment=comment))
    op.create_index(
        "ix_haendelse_fritager",
        "haendelse",
        ["fritager_foer", "haendelse_dato", "person_id"],
        sqlite_where=sa.text("fritager_foer IS NOT NULL"),
        postgresql_where=sa.text("fritager_foer IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_haendelse_fritager", "haendelse")
    op.drop_column("haendelse", "fritager_foer")
