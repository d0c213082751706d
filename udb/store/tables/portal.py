"""The tables of the portal: sessions of people, log-ins under way, attempts, and the operator's own table of roles."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, String, Table, Text

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

web_session = Table(
    "web_session",
    metadata,
    Column("id_hash", String(64), primary_key=True, comment="SHA-256 of the cookie's value"),
    Column("udbyder", String(20), nullable=False, comment="the door"),
    Column("subjekt", String(255), nullable=False, comment="the provider's name of the person"),
    Column("tildelinger", JSON, nullable=False, comment="the roles to choose from"),
    Column("rolle", String(30), comment="empty: not chosen yet"),
    Column("institution_nummer", String(6)),
    Column("person_id", ForeignKey("person.id"), index=True, comment="of a youth: the own person"),
    Column("rettigheder", JSON, nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("sid", String(255), comment="the provider's session, for its log-out"),
    Column("formaal", String(20), comment="what the user looks at youths for; empty: not chosen"),
    Column("noegle", String(64), nullable=False, comment="makes the references of addresses to youths"),
    Column("oprettet", Instant, nullable=False, comment="system time"),
    Column("sidst", Instant, nullable=False, comment="system time of the latest request, to the minute"),
    Index(None, "udbyder", "sid"),
    Index(None, "oprettet"),
)

web_login = Table(
    "web_login",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("browser_hash", String(64), nullable=False, comment="of the cookie that the browser got"),
    Column("udbyder", String(20), nullable=False),
    Column("nonce", String(64), nullable=False),
    Column("verifier", String(128), nullable=False, comment="PKCE"),
    Column("naeste", String(200), nullable=False, comment="the page to go to"),
    Column("oprettet", Instant, nullable=False, comment="system time"),
    Index(None, "oprettet"),
    comment="log-ins under way; each answer of a provider is used once",
)

web_forsoeg = Table(
    "web_forsoeg",
    metadata,
    Column("id", Key, primary_key=True),
    Column("slags", String(20), nullable=False),
    Column("hvem_hash", String(64), nullable=False, comment="of an address or a user"),
    Column("tid", Instant, nullable=False, comment="system time"),
    Index(None, "slags", "hvem_hash", "tid"),
    comment="attempts that are counted against a limit, for all workers and hosts",
)

rolle_tildeling = Table(
    "rolle_tildeling",
    metadata,
    Column("id", Key, primary_key=True),
    Column("udbyder", String(20), nullable=False),
    Column("subjekt", String(255), nullable=False),
    Column("rolle", String(30), nullable=False),
    Column("institution_nummer", String(6), comment="empty: STIL"),
    Column("fra", Date, nullable=False),
    Column("til", Date, nullable=False, comment="the last day"),
    Column("tildelt_af", Text, nullable=False, comment="the operator, by the kernel's name"),
    Column("oprettet", Instant, nullable=False, comment="system time"),
    Index(None, "udbyder", "subjekt"),
    sqlite_autoincrement=True,
    comment="roles that the operator gives where the provider gives none; never deleted",
)

ung_liste = Table(
    "ung_liste",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("beregnet", Instant, nullable=False, comment="domain clock"),
    Column("situation", String(20), nullable=False, comment="udb.statistics.definitions.situation"),
    Column("risiko", Boolean, nullable=False),
    Column("paalaeg", Boolean, nullable=False),
    Column("kontakt", String(10), nullable=False, comment="gyldig, foraeldet or mangler: the home kommune's contact"),
    Column("afbrud", Date, comment="the latest"),
    Column("frist", Date, comment="of the open or overdue contact"),
    Column("udfald", String(20), comment="of that deadline"),
    Column("seneste", Date, comment="the day of the latest event"),
    Column("skoler", Text, nullable=False, comment="main institutions of open courses, each between blanks"),
    comment="filters and order of the home kommune's list: what its look-up of each resident shows, kept by a job",
)
