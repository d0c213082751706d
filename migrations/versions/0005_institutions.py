"""What institutions may ask: the main institution at which a forloeb is open, and the marks found by it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MARKS = sa.text("ifoelge_kommunen IS NOT NULL")


def upgrade() -> None:
    op.add_column("haendelse", sa.Column("aabent_hos", sa.String(length=6), comment="udb/domain/visibility.py too"))
    op.create_index(
        op.f("ix_haendelse_markering"),
        "haendelse",
        ["aabent_hos", "nummer"],
        sqlite_where=MARKS,
        postgresql_where=MARKS,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_haendelse_markering"), "haendelse")
    op.drop_column("haendelse", "aabent_hos")
