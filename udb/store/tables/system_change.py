"""The table of changes of source system. Rows are only added (docs/spec/system_change.md)."""

from sqlalchemy import JSON, Column, Date, Index, String, Table, Text

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

systemskifte = Table(
    "systemskifte",
    metadata,
    Column("id", Key, primary_key=True),
    Column("skifte", Key, comment="the row that announced the change; empty: this one did"),
    Column("institution_nummer", String(6), nullable=False, comment="a main institution, or a kommune"),
    Column("gammelt", String(100), nullable=False, comment="a system's id, or as it was typed for an unknown one"),
    Column("nyt", String(100), nullable=False, comment="a system's id"),
    Column("dag", Date, nullable=False),
    Column("kontakt", Text, nullable=False, comment="where to ask: a mailbox or a telephone"),
    Column("meldt_af", Text, nullable=False, comment="the user of this row"),
    Column("tid", Instant, nullable=False, comment="domain clock"),
    Column("punkter", JSON, nullable=False, comment="the ticks of the checklist that this row adds"),
    Index(None, "institution_nummer"),
    Index(None, "skifte"),
    sqlite_autoincrement=True,
    comment="changes of source system: a row announces one, each further row adds ticks to its checklist",
)
