"""Make the tables of the portal: sessions, log-ins under way, counted attempts and the operator's roles."""

import sqlalchemy as sa
from alembic import op

revision = "0009_portal"
down_revision = "0008_opslag"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False


def upgrade() -> None:
    op.create_table(
        "web_session",
        sa.Column("id_hash", sa.String(64), nullable=False, comment="SHA-256 of the cookie's value"),
        sa.Column("udbyder", sa.String(20), nullable=False, comment="the door"),
        sa.Column("subjekt", sa.String(255), nullable=False, comment="the provider's name of the person"),
        sa.Column("tildelinger", sa.JSON(), nullable=False, comment="the roles to choose from"),
        sa.Column("rolle", sa.String(30), comment="empty: not chosen yet"),
        sa.Column("institution_nummer", sa.String(6)),
        sa.Column("person_id", _KEY, comment="of a youth: the own person"),
        sa.Column("rettigheder", sa.JSON(), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("sid", sa.String(255), comment="the provider's session, for its log-out"),
        sa.Column("oprettet", sa.DateTime(), nullable=False, comment="system time"),
        sa.Column("sidst", sa.DateTime(), nullable=False, comment="system time of the latest request, to the minute"),
        sa.PrimaryKeyConstraint("id_hash", name="pk_web_session"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_web_session_person_id"),
    )
    op.create_index("ix_web_session_person_id", "web_session", ["person_id"])
    op.create_index("ix_web_session_udbyder_sid", "web_session", ["udbyder", "sid"])
    op.create_index("ix_web_session_oprettet", "web_session", ["oprettet"])
    op.create_table(
        "web_login",
        sa.Column("state_hash", sa.String(64), nullable=False),
        sa.Column("browser_hash", sa.String(64), nullable=False, comment="of the cookie that the browser got"),
        sa.Column("udbyder", sa.String(20), nullable=False),
        sa.Column("nonce", sa.String(64), nullable=False),
        sa.Column("verifier", sa.String(128), nullable=False, comment="PKCE"),
        sa.Column("naeste", sa.String(200), nullable=False, comment="the page to go to"),
        sa.Column("oprettet", sa.DateTime(), nullable=False, comment="system time"),
        sa.PrimaryKeyConstraint("state_hash", name="pk_web_login"),
        comment="log-ins under way; each answer of a provider is used once",
    )
    op.create_index("ix_web_login_oprettet", "web_login", ["oprettet"])
    op.create_table(
        "web_forsoeg",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("slags", sa.String(20), nullable=False),
        sa.Column("hvem_hash", sa.String(64), nullable=False, comment="of an address or a user"),
        sa.Column("tid", sa.DateTime(), nullable=False, comment="system time"),
        sa.PrimaryKeyConstraint("id", name="pk_web_forsoeg"),
        comment="attempts that are counted against a limit, for all workers and hosts",
    )
    op.create_index("ix_web_forsoeg_slags_hvem_hash_tid", "web_forsoeg", ["slags", "hvem_hash", "tid"])
    op.create_table(
        "rolle_tildeling",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("udbyder", sa.String(20), nullable=False),
        sa.Column("subjekt", sa.String(255), nullable=False),
        sa.Column("rolle", sa.String(30), nullable=False),
        sa.Column("institution_nummer", sa.String(6), comment="empty: STIL"),
        sa.Column("fra", sa.Date(), nullable=False),
        sa.Column("til", sa.Date(), nullable=False, comment="the last day"),
        sa.Column("tildelt_af", sa.Text(), nullable=False, comment="the operator, by the kernel's name"),
        sa.Column("oprettet", sa.DateTime(), nullable=False, comment="system time"),
        sa.PrimaryKeyConstraint("id", name="pk_rolle_tildeling"),
        comment="roles that the operator gives where the provider gives none; never deleted",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rolle_tildeling_udbyder_subjekt", "rolle_tildeling", ["udbyder", "subjekt"])


def downgrade() -> None:
    for table in ("rolle_tildeling", "web_forsoeg", "web_login", "web_session"):
        op.drop_table(table)


_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
