"""The tables of Eksamensdatabasen (V 1.3)."""

from sqlalchemy import Column, Date, ForeignKey, String, Table

from udb.store.tables.schema import metadata

eksamensbevis = Table(
    "eksamensbevis",
    metadata,
    Column("cprnr", String(10), primary_key=True, comment="as delivered"),
    Column("institution_nummer", String(6), primary_key=True),
    Column("cosa_formaal", String(10), primary_key=True),
    Column("dato", Date, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
)

eksamenslevering = Table(
    "eksamenslevering",
    metadata,
    Column("til", Date, primary_key=True),
    comment="the days up to which all diplomas were declared delivered; the latest counts",
)
