"""The tables of the read log (access.md). The database refuses updates, and refuses to delete rows that have not been
noted as removed (docs/laeselog.md).

Where a removed row must still be named, rows refer to each other without foreign keys.
"""

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, String, Table

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

read_log = Table(
    "read_log",
    metadata,
    Column("id", Key, primary_key=True),
    Column("tid", Instant, nullable=False, comment="system time"),
    Column("system_id", String(100), nullable=False),
    Column("institution_nummer", String(6), nullable=False),
    Column("operation", String(60), nullable=False),
    Column("correlation_id", String(36), nullable=False),
    Column("klausul", String(20), comment="the clause of access.md that gave access; empty for a refusal"),
    Column("personer", JSON, nullable=False, comment="ids of the youths in the answer"),
    Column("fra_nummer", String(27)),
    Column("til_nummer", String(27)),
    Column("certifikat", String(64), comment="the certificate the system called with; empty: HTTP Basic, a command"),
    Column("bruger", String(200), comment="the person who looked, as provider:subject; empty: a system or a command"),
    Column("formaal", String(20), comment="what for, udb.domain.formaal; empty: a system or a command"),
)

read_log_person = Table(
    "read_log_person",
    metadata,
    Column("person_id", Key, primary_key=True, autoincrement=False),
    Column("row_id", Key, primary_key=True, autoincrement=False),
    comment="read_log.personer as an index; filled by the database with each row",
)

read_log_unsealed = Table(
    "read_log_unsealed",
    metadata,
    Column("row_id", Key, primary_key=True, autoincrement=False),
    comment="the rows that wait for a block; filled by the database with each row",
)

read_log_block = Table(
    "read_log_block",
    metadata,
    Column("nummer", Integer, primary_key=True, autoincrement=False),
    Column("forrige", String(64), nullable=False, comment="the hash of the block before, empty for the first"),
    Column("raekker", String(64), nullable=False, comment="the hash over the hashes of its rows, in id order"),
    Column("antal", Integer, nullable=False),
    Column("foerste", Instant, nullable=False, comment="the earliest time among its rows"),
    Column("sidste", Instant, nullable=False, comment="the latest"),
    Column("forseglet", Instant, nullable=False, comment="system time"),
    Column("hash", String(64), nullable=False, comment="over all the other columns"),
    Column("fjernelser", String(64), comment="the hash over its notes of removal; empty: it has none"),
)

read_log_sealed = Table(
    "read_log_sealed",
    metadata,
    Column("row_id", Key, primary_key=True, autoincrement=False),
    Column("blok", ForeignKey("read_log_block.nummer"), nullable=False, index=True),
    Column("hash", String(64), nullable=False),
)

read_log_removed = Table(
    "read_log_removed",
    metadata,
    Column("blok", ForeignKey("read_log_block.nummer"), primary_key=True),
    Column("tid", Instant, nullable=False, comment="system time"),
    Column("aar", Integer, nullable=False, comment="the retention period in years at that time"),
    Column(
        "noteret_i",
        Integer,
        nullable=False,
        index=True,
        comment="the block whose hash holds this note: the next one at that time",
    ),
    CheckConstraint("aar >= 1", name="ck_read_log_removed_aar"),
    comment="blocks whose rows retention has removed; without such a note no row can be deleted",
)

read_log_anchor = Table(
    "read_log_anchor",
    metadata,
    Column("blok", ForeignKey("read_log_block.nummer"), primary_key=True),
    Column("svar", LargeBinary, nullable=False, comment="the time-stamp authority's answer (RFC 3161, DER)"),
    comment="blocks whose hash a time-stamp authority has signed",
)
