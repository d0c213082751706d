"""The table of judged reports: what became of each, also of those that were refused (docs/spec/ground.md).

No column holds a CPR number. Without foreign keys: a row outlives the youth, the event and the system it names.
"""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text, false, text

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

modtagelse = Table(
    "modtagelse",
    metadata,
    Column("id", Key, primary_key=True),
    Column(
        "tid", Instant, nullable=False, comment="domain clock: the receipt's, of a repeated report the repetition's"
    ),
    Column("system_id", String(100), comment="empty: restored, and no call key knows it"),
    Column("institution_nummer", String(6), nullable=False),
    Column("service", String(60), nullable=False),
    Column("resultat", String(1), nullable=False, comment="A accepted, R refused, G repeated"),
    Column("slags", String(12), nullable=False, comment="ny, annullering, slet or proeve"),
    Column(
        "genskabt",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="made by a migration from what was left: the past is at least this",
    ),
    Column("koder", Text, nullable=False, comment="codes of the receipt, separated by blanks"),
    Column("transaction_id", String(100), comment="the caller's; empty: unknown, or it held the CPR number"),
    Column("nummer", String(27), comment="the event of the receipt"),
    Column("person_id", Key, comment="empty: unknown, or retention has deleted the youth"),
    Column("dato", Date, comment="HaendelseDato"),
    Column("forsinkelse_dage", Integer, comment="days from dato to the registration"),
    Index(None, "institution_nummer", "service", "system_id", "resultat", "tid"),
    Index(
        "ix_modtagelse_person_id",
        "person_id",
        sqlite_where=text("person_id IS NOT NULL"),
        postgresql_where=text("person_id IS NOT NULL"),
    ),
    comment="one row for each judged report, in the receipt's transaction",
)
