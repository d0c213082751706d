"""Income lines, delivered months, the youths' series of employment and benefit, and who waits to be calculated."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "indkomst",
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("cprnr", sa.String(length=10), nullable=False, comment="as delivered"),
        sa.Column("indberetter", sa.String(length=20), nullable=False),
        sa.Column("indtaegtsart", sa.String(length=4), nullable=False),
        sa.Column("oere", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            *("maaned", "person_id", "cprnr", "indberetter", "indtaegtsart"), name=op.f("pk_indkomst")
        ),
        comment="the lines of youths who were 15 to 24 in the month",
    )
    op.create_table(
        "indkomstmaaned",
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column(
            "leveret", sa.Date(), comment="the day it was first delivered and calculated; empty until every youth is"
        ),
        sa.PrimaryKeyConstraint("maaned", name=op.f("pk_indkomstmaaned")),
        comment="the months that were delivered whole",
    )
    op.create_table(
        "indkomstserie",
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("fra", sa.Date(), nullable=False),
        sa.Column("til", sa.Date(), nullable=False, comment="9999-12-31: until a month says otherwise"),
        sa.Column("status", sa.SmallInteger(), nullable=False, comment="its place in udb.beskaeftigelse.grad.STATUS"),
        sa.Column("grad", sa.Integer(), nullable=False, comment="rounded, in the month fra"),
        sa.Column("social_ydelse", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "fra", name=op.f("pk_indkomstserie")),
        comment="of every youth the delivered months in the population, equal ones together, as last calculated",
    )
    op.create_table(
        "indkomst_venter",
        sa.Column("fra", sa.Date(), nullable=False),
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("fra", "person_id", name=op.f("pk_indkomst_venter")),
        comment="youths whose series is to be calculated anew from a month on: a run goes on with what is left here",
    )


def downgrade() -> None:
    for table in ("indkomst_venter", "indkomstserie", "indkomstmaaned", "indkomst"):
        op.drop_table(table)
