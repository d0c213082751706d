"""Income lines lie as they were loaded, without a key; the series says who worked 20 hours a week; what is calculated
and not told waits in a table of its own.

Who worked 20 hours can be seen of a status alone but of those of 18-24 in between: their lines are asked. Nothing else
is calculated anew, so who was in the population, and what was told, stays as it was.
"""

from datetime import date, timedelta
from decimal import Decimal

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
HISTORIES_STAND = True

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LINE = "maaned, cprnr, indberetter, indtaegtsart, oere"
IN_BETWEEN, FULL_TIME = 1, 2
HOURS, TWENTY_HOURS = 160, 54
ADULTS = "18-24"

indkomst = sa.table(
    "indkomst_foer",
    sa.column("maaned", sa.Date()),
    *map(sa.column, ("person_id", "indtaegtsart")),
    sa.column("oere", KEY),
)
person = sa.table("person", sa.column("id"), sa.column("turns_18", sa.Date()))
maaned = sa.table("indkomstmaaned", sa.column("maaned", sa.Date()))
SERIE = ("person_id", "fra", "til", "status", "grad", "social_ydelse", "tyve_timer")
serie = sa.table(
    "indkomstserie",
    *map(sa.column, ("person_id", "status", "grad", "social_ydelse")),
    *(sa.column(name, sa.Date()) for name in ("fra", "til")),
    sa.column("tyve_timer", sa.Boolean()),
)
kodesaet = sa.table(
    "kodesaet",
    *map(sa.column, ("saet", "kode")),
    *(sa.column(name, sa.Date()) for name in ("gyldig_fra", "gyldig_til")),
    sa.column("egenskaber", sa.JSON()),
)


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
    _ask_the_lines(op.get_bind())
    op.drop_table("indkomst_foer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("COMMENT ON TABLE indkomst_venter IS 'youths whose series is to be calculated anew from a month on'")
        # A month ends thousands of rows, most of which can be written where they are.
        op.execute("ALTER TABLE indkomstserie SET (fillfactor = 75)")


def _ask_the_lines(connection: sa.Connection) -> None:
    """Month by month, let a row of somebody in between say whether it was 20 hours, and part it where that changes."""
    rates = connection.execute(
        sa.select(kodesaet).where(kodesaet.c.saet == "timeloen", kodesaet.c.kode == ADULTS)
    ).all()
    for day in connection.execute(sa.select(maaned.c.maaned).order_by(maaned.c.maaned)).scalars().all():
        for rate in rates:
            if rate.gyldig_fra <= day and (rate.gyldig_til is None or day <= rate.gyldig_til):
                _ask(connection, day, int(Decimal(rate.egenskaber["kroner"]) * 100) * HOURS)


def _ask(connection: sa.Connection, day: date, whole_month: int) -> None:
    """``whole_month``: the wage of degree 100, in øre."""
    wages = (
        sa.select(indkomst.c.person_id, sa.cast(sa.func.sum(indkomst.c.oere) * 100, KEY).label("hundredfold"))
        .where(indkomst.c.maaned == day, indkomst.c.indtaegtsart == "LOEN")
        .group_by(indkomst.c.person_id)
        .subquery("wages")
    )
    adults = sa.select(person.c.id).where(person.c.turns_18 <= day)
    enough = sa.select(wages.c.person_id).where(wages.c.hundredfold >= TWENTY_HOURS * whole_month)
    says = sa.and_(serie.c.person_id.in_(adults), serie.c.person_id.in_(enough))
    differs = sa.and_(serie.c.status == IN_BETWEEN, serie.c.til >= day, serie.c.tyve_timer != says)
    connection.execute(serie.update().where(differs, serie.c.fra == day).values(tyve_timer=~serie.c.tyve_timer))
    degree = sa.func.coalesce(wages.c.hundredfold // whole_month, 0)
    said = {"fra": sa.literal(day, sa.Date()), "grad": sa.case((degree < 1, 1), else_=degree)}
    said["tyve_timer"] = sa.not_(serie.c.tyve_timer)
    parted = (
        sa.select(*(said.get(name, serie.c[name]) for name in SERIE))
        .select_from(serie.outerjoin(wages, wages.c.person_id == serie.c.person_id))
        .where(differs, serie.c.fra < day)
    )
    connection.execute(serie.insert().from_select(SERIE, parted))
    connection.execute(serie.update().where(differs, serie.c.fra < day).values(til=day - timedelta(days=1)))


def downgrade() -> None:
    # What was not told yet is calculated again.
    op.execute(
        "INSERT INTO indkomst_venter (fra, person_id) SELECT min(maaned), person_id FROM indkomst_nyt"
        " WHERE person_id NOT IN (SELECT person_id FROM indkomst_venter) GROUP BY person_id"
    )
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
