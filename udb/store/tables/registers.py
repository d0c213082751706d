"""Tables of the registers around UDB: persons, institutions, code sets. Codes and dates are stored as delivered."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, String, Table, Text, false

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

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
    Column(
        "beskyttet",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="name or address is protected: lists show beskyttet instead",
    ),
    Index(None, "kommunekode"),
    # The feed finds youths whose birthday was since the last look (hentning/feed.py).
    Index(None, "turns_15"),
    Index(None, "turns_25"),
    # Without it SQLite would reuse the id of a merged person for the next new one.
    sqlite_autoincrement=True,
)

bopael = Table(
    "bopael",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("status", String(2), nullable=False, comment="CPR status, sources.md 1"),
    Column("kommunekode", String(3)),
    Column("fra", Date, nullable=False, comment="0001-01-01: unknown since when"),
    Column("til", Date, nullable=False, comment="the last day; 9999-12-31: until a later import changes it"),
    Column("registreret", Instant, nullable=False, comment="domain clock: the import that said so"),
    Column("rettet", Instant, comment="domain clock: when a later import said another thing of these days"),
    comment="where each person lived; of the rows without rettet, one at most covers a day",
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

ansvarlig_funktion = Table(
    "ansvarlig_funktion",
    metadata,
    Column("id", Key, primary_key=True),
    Column("institution_nummer", String(6), nullable=False, index=True),
    Column("navn", Text, nullable=False, comment="of the function, not of a person"),
    Column("mail", Text),
    Column("telefon", Text),
    Column("fra", Date, nullable=False),
    Column("til", Date, comment="the last day; before fra: replaced before it began"),
    comment="who answers for an institution's data, by mailbox and telephone",
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
    Column("opfundet", Text, nullable=False, comment="the columns whose content is invented, separated by blanks"),
    Column("kilde", Text, nullable=False, comment="the source of the others: a key of codesets/kilder.csv, or words"),
    Column("egenskaber", JSON, nullable=False),
)
