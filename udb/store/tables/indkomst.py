"""The tables of eIndkomst (V 4.1). A month is stored as its last day, the date of its changes.

None of them has a foreign key to ``person``: checking it for a month's million lines takes too long. Instead
``udb.imports.merge`` and ``udb.retention`` keep the person ids right.
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
    # A month is loaded in file order and read as a whole: a key, or an index by youth, would take longer than loading.
    # PostgreSQL only has to find the month's part of the table; on SQLite this also finds a youth's lines.
    Index(None, "maaned", "cprnr", postgresql_using="brin"),
    comment="the lines of youths who were 15 to 24 in the month; none is there twice",
)

indkomstmaaned = Table(
    "indkomstmaaned",
    metadata,
    Column("maaned", Date, primary_key=True),
    Column("leveret", Date, comment="the day it was first delivered and calculated; empty until every youth is"),
    comment="the months delivered in full",
)

indkomstsats = Table(
    "indkomstsats",
    metadata,
    Column("maaned", Date, primary_key=True),
    Column("gruppe", String(5), primary_key=True, comment="the age group, as in the code set timeloen"),
    Column("oere", Integer, nullable=False, comment="the wage of an hour"),
    comment="the rates by which a month was calculated when it was last delivered",
)

indkomstloen = Table(
    "indkomstloen",
    metadata,
    Column("maaned", Date, primary_key=True),
    Column("indtaegtsart", String(4), primary_key=True),
    comment="the kinds of income that were wage when a month was last delivered",
)

indkomstserie = Table(
    "indkomstserie",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("fra", Date, primary_key=True),
    Column("til", Date, nullable=False, comment="9999-12-31: until a later month changes it"),
    Column("status", SmallInteger, nullable=False, comment="its place in udb.beskaeftigelse.grad.STATUS"),
    Column("grad", Integer, nullable=False, comment="rounded, in the month fra"),
    Column("social_ydelse", Boolean, nullable=False),
    Column("tyve_timer", Boolean, nullable=False, server_default=false(), comment="the unrounded degree is 54 or more"),
    comment="each youth's delivered months in the population, equal months together, as last calculated",
)

indkomstserie_ny = Table(
    "indkomstserie_ny",
    metadata,
    # Without a key: thousands of rows are written, read and deleted at once.
    Column("person_id", Key, nullable=False),
    Column("fra", Date, nullable=False, comment="the latest delivered month, which the row is for"),
    Column(
        "status",
        SmallInteger,
        comment="its place in udb.beskaeftigelse.grad.STATUS; empty, as all after it: not in the population",
    ),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    Column("tyve_timer", Boolean),
    comment="how the latest month continues the series, not written into them yet",
)

indkomst_venter = Table(
    "indkomst_venter",
    metadata,
    Column("fra", Date, primary_key=True),
    Column("person_id", Key, primary_key=True, autoincrement=False),
    comment="youths whose series must be calculated again from a month on",
)

indkomst_nyt = Table(
    "indkomst_nyt",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("maaned", Date, primary_key=True),
    Column(
        "art",
        String(20),
        primary_key=True,
        comment="of the event; empty: check which of the youth's events are still valid",
    ),
    Column("status", SmallInteger, comment="its place in udb.beskaeftigelse.grad.STATUS"),
    Column("grad", Integer),
    Column("social_ydelse", Boolean),
    comment="calculated changes not stored as events yet: a run continues with what is left here",
)

WAITING = (indkomstserie_ny, indkomst_venter, indkomst_nyt)
"""Tables of work that an import leaves for later; all are empty when it is done."""
