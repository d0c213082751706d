"""Diplomas of Eksamensdatabasen, and up to which day they are delivered."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "eksamensbevis",
        sa.Column("cprnr", sa.String(length=10), nullable=False, comment="as delivered"),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("cosa_formaal", sa.String(length=10), nullable=False),
        sa.Column("dato", sa.Date(), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_eksamensbevis_person_id")),
        sa.PrimaryKeyConstraint("cprnr", "institution_nummer", "cosa_formaal", "dato", name=op.f("pk_eksamensbevis")),
    )
    op.create_index(op.f("ix_eksamensbevis_person_id"), "eksamensbevis", ["person_id"])
    op.create_table(
        "eksamenslevering",
        sa.Column("til", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("til", name=op.f("pk_eksamenslevering")),
        comment="the days up to which all diplomas were said to be delivered; the last counts",
    )


def downgrade() -> None:
    op.drop_table("eksamenslevering")
    op.drop_table("eksamensbevis")
