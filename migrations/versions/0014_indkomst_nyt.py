"""Income lines lie as they were loaded, without a key; the series says who worked 20 hours a week; what is calculated
and not told waits in a table of its own.

Who worked 20 hours can be seen of a status alone but of those in between: they are calculated anew at the next import.
"""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LINE = "maaned, cprnr, indberetter, indtaegtsart, oere"
IN_BETWEEN, FULL_TIME = 1, 2
BEGINNING = date(1900, 1, 1)


def upgrade() -> None:
    op.rename_table("indkomst", "indkomst_foer")
    op.create_table(
        "indkomst",
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column("cprnr", sa.String(length=10), nullable=False, comment="as delivered"),
        sa.Column("indberetter", sa.String(length=20), nullable=False),
        sa.Column("indtaegtsart", sa.String(length=4), nullable=False),
        sa.Column("oere", sa.BigInteger(), nullable=False),
        comment="the lines of youths who were 15 to 24 in the month; none is there twice",
    )
    op.execute(f"INSERT INTO indkomst ({LINE}) SELECT {LINE} FROM indkomst_foer ORDER BY maaned")  # noqa: S608 - no value
    op.create_index(op.f("ix_indkomst_maaned_cprnr"), "indkomst", ["maaned", "cprnr"], postgresql_using="brin")
    op.drop_table("indkomst_foer")
    op.create_table(
        "indkomst_nyt",
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column(
            "art",
            sa.String(length=20),
            nullable=False,
            comment="of the event; empty: see which of the youth's events stand",
        ),
        sa.Column("status", sa.SmallInteger(), comment="its place in udb.beskaeftigelse.grad.STATUS"),
        sa.Column("grad", sa.Integer()),
        sa.Column("social_ydelse", sa.Boolean()),
        sa.PrimaryKeyConstraint("person_id", "maaned", "art", name=op.f("pk_indkomst_nyt")),
        comment="what is calculated and not told yet: a run goes on with what is left here",
    )
    op.add_column(
        "indkomstserie",
        sa.Column(
            "tyve_timer",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="the unrounded degree is 54 or more",
        ),
    )
    op.execute(f"UPDATE indkomstserie SET tyve_timer = true WHERE status = {FULL_TIME}")  # noqa: S608 - no value
    venter, serie = (
        sa.table(name, sa.column("person_id"), sa.column("fra")) for name in ("indkomst_venter", "indkomstserie")
    )
    theirs = sa.select(serie.c.person_id).where(sa.column("status") == IN_BETWEEN).distinct()
    op.execute(venter.delete().where(venter.c.person_id.in_(theirs)))
    waits = theirs.add_columns(sa.literal(BEGINNING, sa.Date()))
    op.execute(venter.insert().from_select(["person_id", "fra"], waits))
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON TABLE indkomst_venter IS 'youths whose series is to be calculated anew from a month on'")
        # A month ends thousands of rows, most of which can be written where they are.
        op.execute("ALTER TABLE indkomstserie SET (fillfactor = 75)")


def downgrade() -> None:
    op.drop_column("indkomstserie", "tyve_timer")
    op.drop_table("indkomst_nyt")
    op.rename_table("indkomst", "indkomst_siden")
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
    op.execute(
        "INSERT INTO indkomst (maaned, person_id, cprnr, indberetter, indtaegtsart, oere)"
        " SELECT maaned, person_id, l.cprnr, indberetter, indtaegtsart, oere"
        " FROM indkomst_siden l JOIN cprnummer n ON n.cprnr = l.cprnr"
    )
    op.drop_table("indkomst_siden")
