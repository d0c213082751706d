"""The tables of events: the counter that orders them, the events, the advice they were accepted with, subscriptions."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, SmallInteger, String, Table, false, text

from udb.store.tables.schema import metadata
from udb.store.tables.types import Instant

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
    Column("gentaget", Boolean, nullable=False, comment="a repetition has replaced it"),
    Column("institution_nummer", String(6), nullable=False),
    Column("haendelse_dato", Date, nullable=False),
    Column("haendelse_tid", Instant, comment="where the time of day is kept, V 2.4"),
    Column("registreringstid", Instant, nullable=False),
    Column("status", SmallInteger),
    Column("afbrudsarsags_kode", String(20)),
    Column("kilde_leverandoer", String(100), nullable=False),
    Column("system_id", String(100), comment="the system that sent it; empty: none did, or no call key knows it"),
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
    Column("annulleret", Boolean, nullable=False, comment="the report is cancelled"),
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
    Column("fuldfoerer", String(40), comment="this and the next four are computed: udb/domain/visibility.py"),
    Column("i_fuldfoert", Boolean, nullable=False, default=False),
    Column("til_10", Boolean, nullable=False, default=False),
    Column("vist", Boolean, nullable=False, default=False),
    Column("vis_praktiksted", Boolean, nullable=False, default=False),
    Column("aabent_hos", String(6), comment="computed: udb/domain/visibility.py"),
    Column("dato_optag", Date, comment="computed: the day the forloeb of an afbrud or gennemfoert began"),
    Column(
        "hjemkommune",
        String(3),
        comment="the kommune of a youth with an address; set by a trigger, as is skolekommune",
    ),
    Column(
        "skolekommune",
        String(3),
        comment="for events that A2 covers: the school's kommune, if it is not hjemkommune",
    ),
    Column(
        "fritager_foer",
        Date,
        comment="computed, for the first event of a forloeb: when its exemption from eIndkomst ends",
    ),
    Column(
        "vises_under_25",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="computed, as is vises_over_25: the ages at which the feed shows it",
    ),
    Column("vises_over_25", Boolean, nullable=False, server_default=false(), comment="computed"),
    Column(
        "synlig_fra",
        Date,
        comment="the first day on which the feed may show it; set by a trigger, as is synlig_til; empty: never",
    ),
    Column("synlig_til", Date, comment="the first day on which it may no longer"),
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
    # A page finds the events of a kommune by these two (udb/access/index_conditions.py).
    Index(
        "ix_haendelse_hjemkommune",
        "hjemkommune",
        "nummer",
        "synlig_til",
        "synlig_fra",
        sqlite_where=text("synlig_til IS NOT NULL"),
        postgresql_where=text("synlig_til IS NOT NULL"),
    ),
    Index(
        "ix_haendelse_skolekommune",
        "skolekommune",
        "nummer",
        "synlig_til",
        "synlig_fra",
        sqlite_where=text("skolekommune IS NOT NULL"),
        postgresql_where=text("skolekommune IS NOT NULL"),
    ),
    # The trigger on institution finds the events of a school that moves by this one.
    Index("ix_haendelse_skole", "institution_nummer", sqlite_where=text("til_10"), postgresql_where=text("til_10")),
    # A user administrator's list finds the reports of its institutions by this one (A12).
    Index(None, "institution_nummer", "nummer"),
    # eIndkomst finds exempt youths by this one: pupils of the year who are not past their last school day.
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
    Column("nummer", ForeignKey("haendelse.nummer"), comment="the event that began it"),
    comment="active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)",
)
