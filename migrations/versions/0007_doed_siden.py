"""When a death was first told, since the time that a youth's data is kept is counted from it."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("doed_siden", sa.Date(), comment="the day the register first said status 90"))
    # Nobody knows since when; kept too long is better than deleted too soon.
    dead = sa.text("UPDATE person SET doed_siden = :today WHERE status = '90'")
    op.get_bind().execute(dead.bindparams(sa.bindparam("today", datetime.now(UTC).date(), sa.Date())))


def downgrade() -> None:
    op.drop_column("person", "doed_siden")
