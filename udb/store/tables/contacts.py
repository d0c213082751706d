"""Tables of contacts and wishes: what is registered about a youth without being an event. The latest report is kept
(V 2.1, 2.2).
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, SmallInteger, String, Table, Text, false

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant, Key

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
    # Those of an institution that changes its system are found by this one.
    Index(None, "institution_nummer"),
)

kontakt_historik = Table(
    "kontakt_historik",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("art", String(12), nullable=False),
    Column("institution_nummer", String(6), nullable=False),
    Column("fra", Instant, nullable=False, comment="the registration"),
    Column("til", Instant, comment="empty: the contact is in kontakt"),
    Column("afsluttet", String(10), comment="why it ended: erstattet, slettet or flyttet"),
    Column(
        "genskabt",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="made by a migration from the contact of then: earlier ones are unknown",
    ),
    Index(None, "person_id", "art", "institution_nummer"),
    comment="every contact that was registered, without name, mail and telephone",
)

egen_kontakt = Table(
    "egen_kontakt",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("kilde", String(20), primary_key=True, comment="the register it is from; the CPR register's is in person"),
    Column("mail", Text),
    Column("telefon", Text),
    Column("registreret", Instant, nullable=False),
    comment="the youths' own mail and telephone, as other registers than CPR have them",
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
