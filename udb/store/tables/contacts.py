"""Tables of contacts and wishes: what is registered about a youth without being an event. The latest report is kept
(V 2.1, 2.2).
"""

from sqlalchemy import Column, ForeignKey, SmallInteger, String, Table, Text

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

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
