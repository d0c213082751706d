"""Calculate again which forløb exempt from eIndkomst: EUD10 and 20/20 too, however they are reported (V 4.1, V 7), and
what goes on beside a class does not end it.

No table changes; ``RECALCULATE_EVENTS`` does the work.
"""

revision = "0002_fritagelse"
down_revision = "0001_baseline"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = True


def upgrade() -> None:
    """Change no table."""


def downgrade() -> None:
    """Change no table."""
