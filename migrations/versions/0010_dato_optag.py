"""DatoOptag stands with the event that tells of it: a page needs no histories."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "as those before: of an afbrud or gennemfoert, when its forloeb began"
    op.add_column("haendelse", sa.Column("dato_optag", sa.Date(), comment=comment))


def downgrade() -> None:
    op.drop_column("haendelse", "dato_optag")
