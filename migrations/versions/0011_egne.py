"""Find the reports of one institution (A12): a list read all events for an institution that has few."""

from alembic import op

revision = "0011_egne"
down_revision = "0010_grund"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

INDEX = "ix_haendelse_institution_nummer_nummer"


def upgrade() -> None:
    op.create_index(INDEX, "haendelse", ["institution_nummer", "nummer"])


def downgrade() -> None:
    op.drop_index(INDEX, "haendelse")
