"""Make the table of frozen figures. It is empty until the first run."""

import sqlalchemy as sa
from alembic import op

revision = "0014_opgoerelse"
down_revision = "0013_unge"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False


def upgrade() -> None:
    op.create_table(
        "opgoerelse",
        sa.Column("definition", sa.String(20), nullable=False, comment="the short name: restgruppe, kui, frafald, ..."),
        sa.Column(
            "kommunekode", sa.String(3), nullable=False, comment="empty: the whole country; 000: no known kommune"
        ),
        sa.Column("dag", sa.Date(), nullable=False, comment="the status day; of a year's counts its last day"),
        sa.Column("version", sa.String(10), nullable=False),
        sa.Column("koersel", sa.SmallInteger(), nullable=False, comment="1 for the first run of the day"),
        sa.Column(
            "gruppe", sa.String(40), nullable=False, comment="the definition's own dimension; empty: it has none"
        ),
        sa.Column("maal", sa.String(40), nullable=False, comment="what is counted: a sub-group, a term, an outcome"),
        sa.Column("alder", sa.String(5), nullable=False, comment="age group on the day; empty: all"),
        sa.Column("koen", sa.String(1), nullable=False, comment="K or M; empty: both"),
        sa.Column("antal", sa.Integer(), nullable=False),
        sa.Column("skjult", sa.String(9), nullable=False, comment="ingen, primaer or sekundaer: hidden from others"),
        sa.Column(
            "indkomst_maaned", sa.Date(), comment="last day of the month of eIndkomst that was used; empty: none"
        ),
        sa.Column("status", sa.String(10), nullable=False, comment="foreloebig or endelig"),
        sa.Column("beregnet", sa.DateTime(), nullable=False, comment="domain clock"),
        sa.Column(
            "beregnet_af_nummer", sa.String(27), nullable=False, comment="the highest event number that the run saw"
        ),
        sa.Column(
            "frosset", sa.Boolean(), nullable=False, comment="the day's published run: the first that was endelig"
        ),
        sa.Column(
            "dagens_bopael",
            sa.Boolean(),
            nullable=False,
            comment="addresses of the day were not kept: today's counted",
        ),
        sa.PrimaryKeyConstraint(
            "definition",
            "kommunekode",
            "dag",
            "version",
            "koersel",
            "gruppe",
            "maal",
            "alder",
            "koen",
            name="pk_opgoerelse",
        ),
        comment="frozen counts, without a person; rows are added, never changed",
    )
    op.create_index("ix_opgoerelse_dag_definition", "opgoerelse", ["dag", "definition"])


def downgrade() -> None:
    op.drop_table("opgoerelse")
