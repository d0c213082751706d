"""Say of each code row which columns are invented and where the others are from, instead of one flag for the row.

Of a row that was marked ``eksempel``, no column is known to be public. A row that was not has its source in a database
of before in no column. ``udb import kodesaet`` of the shipped sets writes both as they are.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003_herkomst"
down_revision = "0002_fritagelse"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

CONTENT: Final = {
    "kommuner": "kode tekst institutionsnummer",
    "cosa_formaal": "kode version tekst",
    "kommune_aktiviteter": "kode tekst skal",
    "uddannelsesniveauer": "kode tekst",
    "fgu_skoleperioder": "kode tekst speciale",
    "indtaegtsarter": "kode tekst social_ydelse",
    "timeloen": "kode tekst kroner",
}
"""The columns of each set that are public or invented; of every other set they are ``kode tekst``."""
UNKNOWN_KILDE: Final = "Kilden er ikke noteret"


def upgrade() -> None:
    with op.batch_alter_table("kodesaet") as table:
        table.add_column(
            sa.Column(
                "opfundet",
                sa.Text(),
                nullable=False,
                server_default="",
                comment="the columns whose content is invented, separated by blanks",
            )
        )
        table.add_column(
            sa.Column(
                "kilde",
                sa.Text(),
                nullable=False,
                server_default="",
                comment="the source of the others: a key of codesets/kilder.csv, or words",
            )
        )
    rows = sa.table(
        "kodesaet",
        *(sa.column(name, sa.Text()) for name in ("saet", "opfundet", "kilde")),
        sa.column("eksempel", sa.Boolean()),
    )
    content = sa.case(CONTENT, value=rows.c.saet, else_="kode tekst")
    op.execute(rows.update().where(rows.c.eksempel).values(opfundet=content))
    op.execute(rows.update().where(sa.not_(rows.c.eksempel)).values(kilde=UNKNOWN_KILDE))
    with op.batch_alter_table("kodesaet") as table:
        table.alter_column("opfundet", server_default=None)
        table.alter_column("kilde", server_default=None)
        table.drop_column("eksempel")


def downgrade() -> None:
    with op.batch_alter_table("kodesaet") as table:
        table.add_column(sa.Column("eksempel", sa.Boolean(), nullable=False, server_default=sa.false()))
    rows = sa.table("kodesaet", sa.column("opfundet", sa.Text()), sa.column("eksempel", sa.Boolean()))
    op.execute(rows.update().values(eksempel=rows.c.opfundet != ""))
    with op.batch_alter_table("kodesaet") as table:
        table.alter_column("eksempel", server_default=None)
        table.drop_column("opfundet")
        table.drop_column("kilde")
