"""What a month goes on with in the series waits in a table of its own: it is written while the events are told."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None
HISTORIES_STAND = True

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "indkomstserie_ny",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("fra", sa.Date(), nullable=False, comment="the month that says so, the latest delivered"),
        sa.Column(
            "status",
            sa.SmallInteger(),
            comment="its place in udb.beskaeftigelse.grad.STATUS; empty, as all after it: not in the population",
        ),
        sa.Column("grad", sa.Integer()),
        sa.Column("social_ydelse", sa.Boolean()),
        sa.Column("tyve_timer", sa.Boolean()),
        comment="what the latest month goes on with in the series, not written into them yet",
    )


def downgrade() -> None:
    # What was not written yet is calculated again.
    op.execute(
        "INSERT INTO indkomst_venter (fra, person_id) SELECT fra, person_id FROM indkomstserie_ny"
        " WHERE person_id NOT IN (SELECT person_id FROM indkomst_venter)"
    )
    op.drop_table("indkomstserie_ny")
