"""The table of look-ups that institutions made under a report (access.md A11)."""

from sqlalchemy import Column, ForeignKeyConstraint, String, Table

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

opslag = Table(
    "opslag",
    metadata,
    Column("nummer", String(27), primary_key=True, comment="the report whose course opened the look-up"),
    Column("institution_nummer", String(6), primary_key=True),
    Column("system_id", String(100), primary_key=True),
    Column("operation", String(60), primary_key=True),
    Column("tid", Instant, nullable=False, comment="domain clock: the latest look-up"),
    Column("system_tid", Instant, nullable=False, comment="system time of tid"),
    ForeignKeyConstraint(["nummer"], ["haendelse.nummer"]),
    comment="a cancelled report that is named here still reaches the home kommune, with its cancellation",
)
