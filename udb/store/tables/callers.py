"""The tables of callers: systems, their certificates, their dataaftaler, and the signatures they have used."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, String, Table, Text, UniqueConstraint

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

system = Table(
    "system",
    metadata,
    Column("id", String(100), primary_key=True),
    Column("navn", Text, nullable=False),
    Column("noegle_salt", String(32), nullable=False),
    Column("noegle_hash", String(64), nullable=False),
    Column("spaerret", Boolean, nullable=False),
    Column("oprettet", Instant, nullable=False),
)

certifikat = Table(
    "certifikat",
    metadata,
    Column("fingeraftryk", String(64), primary_key=True, comment="SHA-256 of the certificate (DER), hexadecimal"),
    Column("system_id", ForeignKey("system.id"), nullable=False, index=True),
    Column("subjekt", Text, nullable=False),
    Column("gyldig_fra", Instant, nullable=False),
    Column("gyldig_til", Instant, nullable=False),
    Column("spaerret", Instant, comment="system time; empty: it may be used"),
    Column("oprettet", Instant, nullable=False, comment="system time"),
)

dataaftale = Table(
    "dataaftale",
    metadata,
    Column("id", Key, primary_key=True),
    Column("system_id", ForeignKey("system.id"), nullable=False),
    Column("service", String(60), nullable=False, comment="a service's name, or alle"),
    Column("institution_nummer", String(6), nullable=False),
    Column("fra", Date),
    Column("til", Date),
    UniqueConstraint("system_id", "institution_nummer", "service"),
)

dataaftale_anmodning = Table(
    "dataaftale_anmodning",
    metadata,
    Column("id", Key, primary_key=True),
    Column("system_id", ForeignKey("system.id"), nullable=False, index=True),
    Column("service", String(60), nullable=False, comment="a service's name, or alle"),
    Column("institution_nummer", String(6), nullable=False),
    Column("fra", Date),
    Column("til", Date),
    Column("kommentar", Text, comment="by the one who made the request"),
    Column("anmodet", Instant, nullable=False, comment="system time"),
    Column("godkendt", Boolean, comment="empty: not decided"),
    Column("afgjort", Instant, comment="system time"),
    Column("begrundelse", Text, comment="by the one who decided"),
    # The number of a refused request is never reused.
    sqlite_autoincrement=True,
    comment="requests for a dataaftale and their decisions",
)

seen_signature = Table(
    "seen_signature",
    metadata,
    Column("hash", String(64), primary_key=True, comment="of the certificate's fingerprint and the signature value"),
    Column("expires", Instant, nullable=False, comment="system time; after it the timestamp refuses the message"),
    Index(None, "expires"),
    comment="used signatures: none is accepted twice",
)
