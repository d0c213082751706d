"""Tables of calls: the keys of accepted reports, and the state that all workers share."""

from sqlalchemy import JSON, Column, ForeignKey, String, Table

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

call_key = Table(
    "call_key",
    metadata,
    Column("system_id", ForeignKey("system.id"), primary_key=True),
    Column("operation", String(60), primary_key=True),
    Column("institution_nummer", String(6), primary_key=True),
    Column("transaction_id", String(100), primary_key=True),
    Column("content_hash", String(64), nullable=False),
    Column("receipt", JSON, nullable=False),
    Column("created", Instant, nullable=False, comment="system time"),
    comment="accepted reports by the caller's key (contract 2)",
)

state = Table(
    "state",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("value", JSON, nullable=False),
    comment="values that all workers must see at once: code set edition, sandbox clock, last seed",
)
