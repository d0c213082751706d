"""Define every table. Numbers, codes and dates are stored in the contract's form; instants in UTC."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Table,
    Text,
)

from udb.store.tables.beviser import eksamensbevis as eksamensbevis
from udb.store.tables.callers import certifikat as certifikat
from udb.store.tables.callers import dataaftale as dataaftale
from udb.store.tables.callers import dataaftale_anmodning as dataaftale_anmodning
from udb.store.tables.callers import seen_signature as seen_signature
from udb.store.tables.callers import system as system
from udb.store.tables.events import abonnement as abonnement
from udb.store.tables.events import counter as counter
from udb.store.tables.events import haendelse as haendelse
from udb.store.tables.events import haendelse_raad as haendelse_raad
from udb.store.tables.feed import feed_gained as feed_gained
from udb.store.tables.feed import feed_position as feed_position
from udb.store.tables.feed import fetch_key as fetch_key
from udb.store.tables.feed import hentet as hentet
from udb.store.tables.indkomst import indkomst as indkomst
from udb.store.tables.log import read_log as read_log
from udb.store.tables.schema import metadata as metadata
from udb.store.tables.types import Instant, Key

# Registers around UDB -------------------------------------------------------------------------------------------------

person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("cprnr", String(10), nullable=False, unique=True, comment="the current number"),
    Column("navn", Text),
    Column("status", String(2), nullable=False, comment="CPR status, sources.md 1"),
    Column("kommunekode", String(3)),
    Column("mail", Text),
    Column("telefon", Text),
    Column("kontakt_registreret", Instant, comment="when the youth's own mail or telefon last changed"),
    Column("turns_15", Date, nullable=False),
    Column("turns_18", Date, nullable=False),
    Column("turns_25", Date, nullable=False),
    Column("turns_30", Date, nullable=False),
    Column("doed_siden", Date, comment="the day the register first had status 90"),
    Index(None, "kommunekode"),
    # The feed finds youths whose birthday was since the last look (hentning/feed.py).
    Index(None, "turns_15"),
    Index(None, "turns_25"),
    # Without it SQLite would reuse the id of a merged person for the next new one.
    sqlite_autoincrement=True,
)

cprnummer = Table(
    "cprnummer",
    metadata,
    Column("cprnr", String(10), primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    comment="every number a person has or had",
)

person_merged = Table(
    "person_merged",
    metadata,
    Column("id", Key, primary_key=True, autoincrement=False, comment="the former id of a merged person"),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    comment="persons merged with another: the read log keeps the id they had",
)

institution = Table(
    "institution",
    metadata,
    Column("nummer", String(6), primary_key=True),
    Column("navn", Text, nullable=False),
    Column("hovedinstitution", String(6), nullable=False, comment="itself when it has none"),
    Column("type3", String(4), nullable=False),
    Column("beliggenhedskommune", String(3)),
    Column("administrerende_kommune", String(3)),
    Column("lukket", Date, comment="the first day it is closed"),
    Column("in_register", Boolean, nullable=False, comment="false: has left the register, kept for old events"),
)

kodesaet = Table(
    "kodesaet",
    metadata,
    Column("saet", String(40), primary_key=True),
    Column("kode", String(40), primary_key=True),
    Column("variant", String(10), primary_key=True, comment="version or speciale where the set has one, else empty"),
    Column("gyldig_fra", Date, primary_key=True),
    Column("gyldig_til", Date),
    Column("tekst", Text, nullable=False),
    Column("eksempel", Boolean, nullable=False),
    Column("egenskaber", JSON, nullable=False),
)

# What is registered about a youth without being an event; the latest report is kept (V 2.1, 2.2) ----------------------

kontakt = Table(
    "kontakt",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column(
        "art",
        String(12),
        primary_key=True,
        comment="kommune, institution or jobcenter: whose contact person it is",
    ),
    Column("institution_nummer", String(6), primary_key=True, comment="who registered it"),
    Column("navn", Text, nullable=False),
    Column("mail", Text),
    Column("telefon", Text),
    Column("registreringstid", Instant, nullable=False),
)

onske = Table(
    "onske",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("art", String(12), primary_key=True, comment="job or uddannelse"),
    Column("institution_nummer", String(6), primary_key=True, comment="the kommune that registered it"),
    Column("nr", SmallInteger, primary_key=True, comment="its place in the report"),
    Column("tekst", Text, nullable=False),
    Column("registreringstid", Instant, nullable=False),
)

# Calls ----------------------------------------------------------------------------------------------------------------

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
