"""Certificates, requests for dataaftaler, used signatures, and the certificate in the read log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "certifikat",
        sa.Column(
            "fingeraftryk",
            sa.String(length=64),
            nullable=False,
            comment="SHA-256 of the certificate (DER), hexadecimal",
        ),
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("subjekt", sa.Text(), nullable=False),
        sa.Column("gyldig_fra", sa.DateTime(), nullable=False),
        sa.Column("gyldig_til", sa.DateTime(), nullable=False),
        sa.Column("spaerret", sa.DateTime(), nullable=True, comment="system time; empty: it may be used"),
        sa.Column("oprettet", sa.DateTime(), nullable=False, comment="system time"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_certifikat_system_id")),
        sa.PrimaryKeyConstraint("fingeraftryk", name=op.f("pk_certifikat")),
    )
    op.create_index(op.f("ix_certifikat_system_id"), "certifikat", ["system_id"])
    op.create_table(
        "dataaftale_anmodning",
        sa.Column("id", KEY, nullable=False),
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False, comment="a service's name, or alle"),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("fra", sa.Date(), nullable=True),
        sa.Column("til", sa.Date(), nullable=True),
        sa.Column("kommentar", sa.Text(), nullable=True, comment="of whoever asked"),
        sa.Column("anmodet", sa.DateTime(), nullable=False, comment="system time"),
        sa.Column("godkendt", sa.Boolean(), nullable=True, comment="empty: not decided"),
        sa.Column("afgjort", sa.DateTime(), nullable=True, comment="system time"),
        sa.Column("begrundelse", sa.Text(), nullable=True, comment="of whoever decided"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_dataaftale_anmodning_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataaftale_anmodning")),
        comment="requests for a dataaftale, and what became of them",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_dataaftale_anmodning_system_id"), "dataaftale_anmodning", ["system_id"])
    op.create_table(
        "seen_signature",
        sa.Column(
            "hash",
            sa.String(length=64),
            nullable=False,
            comment="of the certificate's fingerprint and the signature value",
        ),
        sa.Column(
            "expires",
            sa.DateTime(),
            nullable=False,
            comment="system time; after it the timestamp refuses the message",
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_seen_signature")),
        comment="signatures that were used: none is taken twice",
    )
    op.create_index(op.f("ix_seen_signature_expires"), "seen_signature", ["expires"])
    # Empty columns do not count in a row's hash, so what was sealed before stays as it was.
    op.add_column(
        "read_log",
        sa.Column(
            "certifikat",
            sa.String(length=64),
            nullable=True,
            comment="the certificate the system called with; empty: HTTP Basic, a command",
        ),
    )


def downgrade() -> None:
    op.drop_column("read_log", "certifikat")
    op.drop_table("seen_signature")
    op.drop_table("dataaftale_anmodning")
    op.drop_table("certifikat")
