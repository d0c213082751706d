"""The tables of the feed: events sent to each system, its position, and youths whose access changed (access.md, The
feed).
"""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, String, Table

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

feed_gained = Table(
    "feed_gained",
    metadata,
    Column("plads", String(27), primary_key=True, comment="a number drawn in the transaction that changed the access"),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Index(None, "person_id"),
    comment="youths with more visible than before: readers look at all their events again",
)

feed_position = Table(
    "feed_position",
    metadata,
    Column("system_id", ForeignKey("system.id"), primary_key=True),
    Column("modtager", String(6), primary_key=True, comment="the kommune's institution number"),
    Column("transaction_id", String(100), comment="of the latest answered call; the next columns hold its page"),
    Column("numre", JSON),
    Column("flere", Boolean),
    Column("hoejeste", String(27)),
    Column("answered", Instant, comment="system time"),
    Column("answered_domain", Instant, comment="domain clock"),
    Column("seen", String(27), nullable=False, comment="every event up to this number was looked at"),
    Column("gained", String(27), nullable=False, comment="every row of feed_gained up to this place was looked at"),
    Column("day", Date, nullable=False, comment="the domain's day of the last look"),
    comment="locked by a fetch without criterion, so that one system's calls come one after the other",
)

fetch_key = Table(
    "fetch_key",
    metadata,
    Column("system_id", ForeignKey("system.id"), primary_key=True),
    Column("modtager", String(6), primary_key=True),
    Column("transaction_id", String(100), primary_key=True),
    Column("created", Instant, nullable=False, comment="system time"),
    comment="the used keys of fetches without criterion (contract 2)",
)

hentet = Table(
    "hentet",
    metadata,
    # By the event first: this one index finds who has fetched an event, and whether a system has.
    Column("nummer", String(27), primary_key=True, comment="no foreign key: each would be checked and locked again"),
    Column("modtager", String(6), primary_key=True),
    Column("system_id", String(100), primary_key=True),
    Column(
        "hentet_tid",
        Instant,
        nullable=False,
        comment="domain clock: first sent, without criterion or by number (V 7)",
    ),
    Column("hentet_system", Instant, nullable=False, comment="system time of hentet_tid"),
    Column("givet_tid", Instant, comment="domain clock: first sent without criterion; only this controls that feed"),
)
