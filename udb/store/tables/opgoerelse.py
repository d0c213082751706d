"""The table of frozen figures (docs/spec/figures.md, Frozen figures). It holds counts, and no person."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, SmallInteger, String, Table

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

opgoerelse = Table(
    "opgoerelse",
    metadata,
    Column("definition", String(20), primary_key=True, comment="the short name: restgruppe, kui, frafald, ..."),
    Column("kommunekode", String(3), primary_key=True, comment="empty: the whole country; 000: no known kommune"),
    Column("dag", Date, primary_key=True, comment="the status day; of a year's counts its last day"),
    Column("version", String(10), primary_key=True),
    Column("koersel", SmallInteger, primary_key=True, autoincrement=False, comment="1 for the first run of the day"),
    Column("gruppe", String(40), primary_key=True, comment="the definition's own dimension; empty: it has none"),
    Column("maal", String(40), primary_key=True, comment="what is counted: a sub-group, a term, an outcome"),
    Column("alder", String(5), primary_key=True, comment="age group on the day; empty: all"),
    Column("koen", String(1), primary_key=True, comment="K or M; empty: both"),
    Column("antal", Integer, nullable=False),
    Column("skjult", String(9), nullable=False, comment="ingen, primaer or sekundaer: hidden from others"),
    Column("indkomst_maaned", Date, comment="last day of the month of eIndkomst that was used; empty: none"),
    Column("status", String(10), nullable=False, comment="foreloebig or endelig"),
    Column("beregnet", Instant, nullable=False, comment="domain clock"),
    Column("beregnet_af_nummer", String(27), nullable=False, comment="the highest event number that the run saw"),
    Column("frosset", Boolean, nullable=False, comment="the day's published run: the first that was endelig"),
    Column("dagens_bopael", Boolean, nullable=False, comment="addresses of the day were not kept: today's counted"),
    Index(None, "dag", "definition"),
    comment="frozen counts, without a person; rows are added, never changed",
)
