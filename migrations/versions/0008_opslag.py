"""Remember under which reports institutions looked a youth up, and believe no gennemført of a strange school (A6).

``RECALCULATE_EVENTS`` calculates ``i_fuldfoert`` again: a gennemført without an optag of a youth under 18 completes
nothing for A6. The youths with a gennemført whose forloeb has no start are noted, so that every feed looks at all their
events again.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0008_opslag"
down_revision = "0007_laeselog"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = True

GENNEMFOERT: Final = 3
WITHOUT_START: Final = "i_fuldfoert AND fuldfoerer IS NOT NULL AND dato_optag IS NULL"


def upgrade() -> None:
    op.create_table(
        "opslag",
        sa.Column("nummer", sa.String(27), nullable=False, comment="the report whose course opened the look-up"),
        sa.Column("institution_nummer", sa.String(6), nullable=False),
        sa.Column("system_id", sa.String(100), nullable=False),
        sa.Column("operation", sa.String(60), nullable=False),
        sa.Column("tid", sa.DateTime(), nullable=False, comment="domain clock: the latest look-up"),
        sa.Column("system_tid", sa.DateTime(), nullable=False, comment="system time of tid"),
        sa.PrimaryKeyConstraint("nummer", "institution_nummer", "system_id", "operation", name="pk_opslag"),
        sa.ForeignKeyConstraint(["nummer"], ["haendelse.nummer"], name="fk_opslag_nummer"),
        comment="a cancelled report that is named here still reaches the home kommune, with its cancellation",
    )
    _look_again()


def downgrade() -> None:
    op.drop_table("opslag")
    op.execute(
        f"UPDATE haendelse SET i_fuldfoert = true WHERE status = {GENNEMFOERT} AND fuldfoerer IS NOT NULL"  # noqa: S608 - constants above
    )
    _look_again()


def _look_again() -> None:
    """Note the youths whose gennemført has no start, under a number of its own: readers look at all their events."""
    bind = op.get_bind()
    youths = bind.scalars(sa.text(f"SELECT DISTINCT person_id FROM haendelse WHERE {WITHOUT_START}")).all()  # noqa: S608 - constant above
    if not youths:
        return
    drawn = int(bind.scalar(sa.text("SELECT last FROM counter"))) + 1
    bind.execute(sa.text("UPDATE counter SET last = :drawn"), {"drawn": str(drawn)})
    gained = sa.text("INSERT INTO feed_gained (plads, person_id) VALUES (:plads, :person_id)")
    bind.execute(gained, [{"plads": f"UDB-{drawn:023}", "person_id": youth} for youth in sorted(youths)])
