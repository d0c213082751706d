"""Make the table of changes of source system, and find the contact persons of one institution."""

import sqlalchemy as sa
from alembic import op

revision = "0015_systemskifte"
down_revision = "0014_opgoerelse"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

CONTACTS = "ix_kontakt_institution_nummer"


def upgrade() -> None:
    op.create_table(
        "systemskifte",
        sa.Column("id", _KEY, nullable=False),
        sa.Column("skifte", _KEY, comment="the row that announced the change; empty: this one did"),
        sa.Column("institution_nummer", sa.String(6), nullable=False, comment="a main institution, or a kommune"),
        sa.Column(
            "gammelt", sa.String(100), nullable=False, comment="a system's id, or as it was typed for an unknown one"
        ),
        sa.Column("nyt", sa.String(100), nullable=False, comment="a system's id"),
        sa.Column("dag", sa.Date(), nullable=False),
        sa.Column("kontakt", sa.Text(), nullable=False, comment="where to ask: a mailbox or a telephone"),
        sa.Column("meldt_af", sa.Text(), nullable=False, comment="the user of this row"),
        sa.Column("tid", sa.DateTime(), nullable=False, comment="domain clock"),
        sa.Column("punkter", sa.JSON(), nullable=False, comment="the ticks of the checklist that this row adds"),
        sa.PrimaryKeyConstraint("id", name="pk_systemskifte"),
        comment="changes of source system: a row announces one, each further row adds ticks to its checklist",
        sqlite_autoincrement=True,
    )
    op.create_index("ix_systemskifte_institution_nummer", "systemskifte", ["institution_nummer"])
    op.create_index("ix_systemskifte_skifte", "systemskifte", ["skifte"])
    op.create_index(CONTACTS, "kontakt", ["institution_nummer"])


def downgrade() -> None:
    op.drop_index(CONTACTS, "kontakt")
    op.drop_table("systemskifte")


_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
