"""Events of the registers: employment, social benefit, uddannelsespaalaeg; who subscribed to a youth."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("status_beskaeftigelse", sa.String(length=20)),
        sa.Column("beskaeftigelsesgrad", sa.Integer(), comment="rounded as it is delivered (V 4.1)"),
        sa.Column("modtager_social_ydelse", sa.Boolean()),
        sa.Column("har_uddannelsespaalaeg", sa.Boolean()),
        sa.Column(
            "udgaaet",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="a correction's series no longer has this change: the look-up leaves it out",
        ),
    ):
        op.add_column("haendelse", column)
    with op.batch_alter_table("abonnement") as table:
        table.add_column(sa.Column("institution_nummer", sa.String(length=6), comment="who subscribed"))
        table.add_column(sa.Column("kilde_leverandoer", sa.String(length=100)))
        table.add_column(sa.Column("nummer", sa.String(length=27), comment="the event that told of it"))
        table.create_foreign_key(op.f("fk_abonnement_nummer"), "haendelse", ["nummer"], ["nummer"])


def downgrade() -> None:
    with op.batch_alter_table("abonnement") as table:
        table.drop_constraint(op.f("fk_abonnement_nummer"), type_="foreignkey")
        for name in ("nummer", "kilde_leverandoer", "institution_nummer"):
            table.drop_column(name)
    for name in (
        "udgaaet",
        "har_uddannelsespaalaeg",
        "modtager_social_ydelse",
        "beskaeftigelsesgrad",
        "status_beskaeftigelse",
    ):
        op.drop_column("haendelse", name)
