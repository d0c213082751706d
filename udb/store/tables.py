"""Every table. Numbers, codes and dates are stored as the contract gives them; instants in UTC."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    Text,
    false,
    text,
)

from udb.store.bevis_tables import eksamensbevis as eksamensbevis  # noqa: PLC0414 - given on, with the one beside it
from udb.store.caller_tables import certifikat as certifikat  # noqa: PLC0414 - given on: here every table is found
from udb.store.caller_tables import dataaftale as dataaftale  # noqa: PLC0414 - given on
from udb.store.caller_tables import dataaftale_anmodning as dataaftale_anmodning  # noqa: PLC0414 - given on
from udb.store.caller_tables import seen_signature as seen_signature  # noqa: PLC0414 - given on
from udb.store.caller_tables import system as system  # noqa: PLC0414 - given on
from udb.store.feed_tables import feed_gained as feed_gained  # noqa: PLC0414 - given on
from udb.store.feed_tables import feed_position as feed_position  # noqa: PLC0414 - given on
from udb.store.feed_tables import fetch_key as fetch_key  # noqa: PLC0414 - given on
from udb.store.feed_tables import hentet as hentet  # noqa: PLC0414 - given on
from udb.store.indkomst_tables import indkomst as indkomst  # noqa: PLC0414 - given on, with those that lie beside it
from udb.store.log_tables import read_log as read_log  # noqa: PLC0414 - given on: here every table is found
from udb.store.schema import metadata as metadata  # noqa: PLC0414 - handed on
from udb.store.types import Instant, Key

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
    Column("kontakt_registreret", Instant, comment="when mail or telefon, the youth's own, became what they are"),
    Column("turns_15", Date, nullable=False),
    Column("turns_18", Date, nullable=False),
    Column("turns_25", Date, nullable=False),
    Column("turns_30", Date, nullable=False),
    Column("doed_siden", Date, comment="the day the register first said status 90"),
    Index(None, "kommunekode"),
    # Whose birthday counts since the last look (hentning/feed.py).
    Index(None, "turns_15"),
    Index(None, "turns_25"),
    # SQLite would give the id of a person that was merged away to the next new one.
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
    Column("id", Key, primary_key=True, autoincrement=False, comment="the person that is no more"),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    comment="persons that became one with another: the read log knows them by the id they had",
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

# Events ---------------------------------------------------------------------------------------------------------------

counter = Table(
    "counter",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("last", String(23), nullable=False),
    comment="one row: the last number drawn; locked last of all (architecture decision 1)",
)

haendelse = Table(
    "haendelse",
    metadata,
    Column("nummer", String(27), primary_key=True),
    Column("art", String(20), nullable=False, comment="uddannelse, jobcenter, beskaeftigelse, ..."),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("cprnr", String(10), nullable=False, comment="as reported"),
    Column("service", String(60), nullable=False, comment="the service that took the report"),
    Column("forloeb_id", String(30)),
    Column(
        "plads",
        String(27),
        nullable=False,
        comment="its place in the forloeb: own number, or that of the report it repeats",
    ),
    Column("gentager", ForeignKey("haendelse.nummer"), comment="after a number change: the report it repeats"),
    Column("gentaget", Boolean, nullable=False, comment="a repetition stands in its stead"),
    Column("institution_nummer", String(6), nullable=False),
    Column("haendelse_dato", Date, nullable=False),
    Column("haendelse_tid", Instant, comment="where the time of day is kept, V 2.4"),
    Column("registreringstid", Instant, nullable=False),
    Column("status", SmallInteger),
    Column("afbrudsarsags_kode", String(20)),
    Column("kilde_leverandoer", String(100), nullable=False),
    Column("kodesaet", String(40), comment="with kode: the education code of the forloeb key"),
    Column("kode", String(10)),
    Column("kode_version", Integer),
    Column("elev_trin", SmallInteger),
    Column("klasse_trin", SmallInteger),
    Column("klasse_type", String(20)),
    Column("klasse_navn", String(100)),
    Column("speciale", String(20)),
    Column("praktiksted", String(200)),
    Column("skoleperiode", String(20)),
    Column("egu_uddannelsesniveau", Boolean),
    Column("ifoelge_kommunen", String(10)),
    Column("vedroerer_haendelse_nummer", String(27)),
    Column("gennemfoert_hf", Boolean),
    Column("frafaldstruet_markering", Boolean),
    Column("type", String(12), comment="Kontakttid or Tilbudstid, V 2.4"),
    Column("afbrud_haendelse_nummer", String(27)),
    Column("annullering", Boolean, nullable=False),
    Column(
        "annulleret_haendelse_nummer",
        ForeignKey("haendelse.nummer"),
        comment="of a cancellation: the report it cancels",
    ),
    Column("annulleret", Boolean, nullable=False, comment="of a report: a cancellation stands"),
    Column("status_beskaeftigelse", String(20)),
    Column("beskaeftigelsesgrad", Integer, comment="rounded as it is delivered (V 4.1)"),
    Column("modtager_social_ydelse", Boolean),
    Column("har_uddannelsespaalaeg", Boolean),
    Column(
        "udgaaet",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="a correction's series no longer has this change: the look-up leaves it out",
    ),
    Column("fuldfoerer", String(40), comment="this and the next four: udb/visibility.py"),
    Column("i_fuldfoert", Boolean, nullable=False, default=False),
    Column("til_10", Boolean, nullable=False, default=False),
    Column("vist", Boolean, nullable=False, default=False),
    Column("vis_praktiksted", Boolean, nullable=False, default=False),
    Column("aabent_hos", String(6), comment="udb/visibility.py too"),
    Column("dato_optag", Date, comment="as those before: of an afbrud or gennemfoert, when its forloeb began"),
    Column(
        "hjemkommune",
        String(3),
        comment="where a youth with an address lives; kept by the database (migration 0012), as is skolekommune",
    ),
    Column(
        "skolekommune",
        String(3),
        comment="of what A2 may tell: where the school lies, when that is not hjemkommune",
    ),
    Column("fritager_foer", Date, comment="as those before: of the event that began a forloeb up to the 10th grade"),
    Index(None, "person_id", "nummer"),
    Index(
        "ix_haendelse_fuldfoerer",
        "person_id",
        sqlite_where=text("fuldfoerer IS NOT NULL"),
        postgresql_where=text("fuldfoerer IS NOT NULL"),
    ),
    Index(
        "ix_haendelse_markering",
        "aabent_hos",
        "nummer",
        sqlite_where=text("ifoelge_kommunen IS NOT NULL"),
        postgresql_where=text("ifoelge_kommunen IS NOT NULL"),
    ),
    # In these a kommune finds its events (hentning/near.py).
    Index(None, "hjemkommune", "nummer"),
    Index(
        "ix_haendelse_skolekommune",
        "skolekommune",
        "nummer",
        sqlite_where=text("skolekommune IS NOT NULL"),
        postgresql_where=text("skolekommune IS NOT NULL"),
    ),
    # In this the database finds those of a school that moves.
    Index("ix_haendelse_skole", "institution_nummer", sqlite_where=text("til_10"), postgresql_where=text("til_10")),
    # Whom eIndkomst is not drawn for: those of the year's pupils who are not past their last school day.
    Index(
        "ix_haendelse_fritager",
        "fritager_foer",
        "haendelse_dato",
        "person_id",
        sqlite_where=text("fritager_foer IS NOT NULL"),
        postgresql_where=text("fritager_foer IS NOT NULL"),
    ),
    # Few rows refer to another event; without these, deleting an event reads all events twice.
    Index(
        None,
        "gentager",
        sqlite_where=text("gentager IS NOT NULL"),
        postgresql_where=text("gentager IS NOT NULL"),
    ),
    Index(
        None,
        "annulleret_haendelse_nummer",
        sqlite_where=text("annulleret_haendelse_nummer IS NOT NULL"),
        postgresql_where=text("annulleret_haendelse_nummer IS NOT NULL"),
    ),
)

haendelse_raad = Table(
    "haendelse_raad",
    metadata,
    Column("nummer", ForeignKey("haendelse.nummer"), primary_key=True),
    Column("fejl_kode", String(4), primary_key=True),
    comment="the advice (Bloed) an event was accepted with",
)

abonnement = Table(
    "abonnement",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("startdato", Date, nullable=False),
    Column("institution_nummer", String(6), comment="who subscribed"),
    Column("kilde_leverandoer", String(100)),
    Column("nummer", ForeignKey("haendelse.nummer"), comment="the event that told of it"),
    comment="active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)",
)

# What is registered about a youth without being an event; the latest report stands (V 2.1, 2.2) -----------------------

kontakt = Table(
    "kontakt",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("art", String(12), primary_key=True, comment="kommune or institution: whose contact person it is"),
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
    comment="what all workers must know at once: code set edition, sandbox clock, last seed",
)
