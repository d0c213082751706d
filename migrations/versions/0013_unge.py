"""Make the table of the kommuner's lists, and let a session have a purpose and a key of its own.

The sessions of before end: they have no key. Their people log in again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_unge"
down_revision = "0012_side"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False


def upgrade() -> None:
    op.execute("DELETE FROM web_session")
    op.add_column(
        "web_session",
        sa.Column("formaal", sa.String(20), comment="what the user looks at youths for; empty: not chosen"),
    )
    with op.batch_alter_table("web_session") as table:
        table.add_column(
            sa.Column("noegle", sa.String(64), nullable=False, comment="makes the references of addresses to youths")
        )
    op.create_table(
        "ung_liste",
        sa.Column("person_id", _KEY, nullable=False),
        sa.Column("beregnet", sa.DateTime(), nullable=False, comment="domain clock"),
        sa.Column("situation", sa.String(20), nullable=False, comment="udb.statistics.definitions.situation"),
        sa.Column("risiko", sa.Boolean(), nullable=False),
        sa.Column("paalaeg", sa.Boolean(), nullable=False),
        sa.Column(
            "kontakt",
            sa.String(10),
            nullable=False,
            comment="gyldig, foraeldet or mangler: the home kommune's contact",
        ),
        sa.Column("afbrud", sa.Date(), comment="the latest"),
        sa.Column("frist", sa.Date(), comment="of the open or overdue contact"),
        sa.Column("udfald", sa.String(20), comment="of that deadline"),
        sa.Column("seneste", sa.Date(), comment="the day of the latest event"),
        sa.Column(
            "skoler", sa.Text(), nullable=False, comment="main institutions of open courses, each between blanks"
        ),
        sa.PrimaryKeyConstraint("person_id", name="pk_ung_liste"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ung_liste_person_id"),
        comment="filters and order of the home kommune's list: what its look-up of each resident shows, kept by a job",
    )


def downgrade() -> None:
    op.drop_table("ung_liste")
    with op.batch_alter_table("web_session") as table:
        table.drop_column("noegle")
        table.drop_column("formaal")


_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
