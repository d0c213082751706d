"""Whose birthday counts is found by an index, at every poll."""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("turns_15", "turns_25"):
        op.create_index(op.f(f"ix_person_{name}"), "person", [name])


def downgrade() -> None:
    for name in ("turns_25", "turns_15"):
        op.drop_index(op.f(f"ix_person_{name}"), "person")
