"""The tables of eIndkomst (V 4.1). A month is its last day, the day its changes are dated.

None of them refers to ``person`` by a foreign key, which would be looked up for each of a month's million lines:
``udb.imports.merge`` and ``udb.retention`` see to them.
"""

from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, SmallInteger, String, Table, false

from udb.store.tables.schema import metadata
from udb.store.tables.types import Key

indkomst = Table(
    "indkomst",
    metadata,
    Column("maaned", Date, nullable=False),
    Column("cprnr", String(10), nullable=False, comment="as delivered"),
    Column("indberetter", String(20), nullable=False),
    Column("indtaegtsart", String(4), nullable=False),
    Column("oere", BigInteger, nullable=False),
    # A month is loaded as it comes and read as a whole: a key, or an index by youth, would cost more than the loading.
    # What PostgreSQL needs is where a month lies; SQLite finds a youth's lines too.
    Index(None, "maaned", "cprnr", postgresql_using="brin"),
    comment="the lines of youths who were 15 to 24 in the month; none is there twice",
)

indkomstmaaned = Table(
    "indkomstmaaned",
    metadata,
    Column("maaned", Date, primary_key=True),
    Column("leveret", Date, comment="the day it was first delivered and calculated; empty until every youth is"),
    comment="the months that were delivered whole",
)

indkomstserie = Table(
    "indkomstserie",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("fra", Date, primary_key=True),
    Column("til", Date, nullable=False, comment="9999-12-31: until a month says otherwise"),
    Column("status", SmallInteger, nullable=False, comment="its place in udb.beskaeftigelse.grad.STATUS"),
    Column("grad", Integer, nullable=False, comment="rounded, in the month fra"),
    Column("social_ydelse", Boolean, nullable=False),
    Column("tyve_timer", Boolean, nullable=False, server_default=false(), comment="the unrounded degree is 54 or more"),
    comment="of every youth the delivered months in the population, equal ones together, as last calculated",
)

indkomstserie_ny = Table(
    "indkomstserie_ny",
    metadata,
    # Without a key: thousands of rows are written at once, read at once and gone.
    Column("person_id", Key, nullable=False),
    Column("fra", Date, nullable=False, comment="the month that says so, the latest delivered"),
    Column(
        "status",
        SmallInteger,
        comment="its place in udb.beskaeftigelse.grad.STATUS; empty, as all after it: not in the population",
    ),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    Column("tyve_timer", Boolean),
    comment="what the latest month goes on with in the series, not written into them yet",
)

indkomst_venter = Table(
    "indkomst_venter",
    metadata,
    Column("fra", Date, primary_key=True),
    Column("person_id", Key, primary_key=True, autoincrement=False),
    comment="youths whose series is to be calculated anew from a month on",
)

indkomst_nyt = Table(
    "indkomst_nyt",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("maaned", Date, primary_key=True),
    Column("art", String(20), primary_key=True, comment="of the event; empty: see which of the youth's events stand"),
    Column("status", SmallInteger, comment="its place in udb.beskaeftigelse.grad.STATUS"),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    comment="what is calculated and not told yet: a run goes on with what is left here",
)

WAITING = (indkomstserie_ny, indkomst_venter, indkomst_nyt)
"""What an import leaves to be done; empty when all is."""
