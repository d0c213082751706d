"""Create the tables, indexes and triggers of the first release, and the counter's row.

Everything is written out and nothing is imported from ``udb``: a later change of ``udb.store`` cannot change what this
migration creates. ``tests/store/test_migrate.py`` compares the two.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0001_baseline"
down_revision = None
branch_labels = None
depends_on = None

KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.DateTime()
FLAG: Final = sa.Boolean()
DAY: Final = sa.Date()


def upgrade() -> None:
    _create_registers()
    _create_callers()
    _create_state()
    _create_calls()
    _create_haendelse()
    _index_haendelse()
    _create_beside_haendelse()
    _create_feed()
    _create_youth_data()
    _create_read_log()
    _create_read_log_blocks()
    _create_income()
    _create_income_series()
    op.execute("INSERT INTO counter (id, last) VALUES (1, '0')")
    if op.get_bind().dialect.name == "postgresql":
        _guard_read_log_postgresql()
        _keep_read_log_postgresql()
        _keep_kommuner_postgresql()
        _trigger_kommuner_postgresql()
    else:
        _guard_read_log_sqlite()
        _keep_read_log_sqlite()
        _keep_kommuner_sqlite()


def downgrade() -> None:
    raise NotImplementedError("Nothing comes before the baseline: drop the database.")


# How tables are written below -----------------------------------------------------------------------------------------


def _text(length: int) -> sa.String:
    return sa.String(length=length)


def _required(name: str, kind: Any, comment: str | None = None, **more: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment, **more)


def _optional(name: str, kind: Any, comment: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def _table(
    name: str,
    *columns: sa.Column[Any] | sa.Constraint,
    key: tuple[str, ...] = (),
    references: dict[str, str] | None = None,
    comment: str | None = None,
    **options: Any,
) -> None:
    """Create a table; ``references``: column -> the column of another table that it refers to."""
    keys = [sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}"))] if key else []
    foreign_keys = [
        sa.ForeignKeyConstraint([column], [other], name=op.f(f"fk_{name}_{column}"))
        for column, other in (references or {}).items()
    ]
    op.create_table(name, *columns, *keys, *foreign_keys, comment=comment, **options)


def _index(table: str, *columns: str, name: str = "", where: str = "", **options: Any) -> None:
    """Create an index; ``where``: the condition of a partial one."""
    if where:
        options |= {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index(op.f(name or f"ix_{table}_{'_'.join(columns)}"), table, [*columns], **options)


# Tables ---------------------------------------------------------------------------------------------------------------


def _create_registers() -> None:
    _table(
        "institution",
        _required("nummer", _text(6)),
        _required("navn", sa.Text()),
        _required("hovedinstitution", _text(6), "itself when it has none"),
        _required("type3", _text(4)),
        _optional("beliggenhedskommune", _text(3)),
        _optional("administrerende_kommune", _text(3)),
        _optional("lukket", DAY, "the first day it is closed"),
        _required("in_register", FLAG, "false: has left the register, kept for old events"),
        key=("nummer",),
    )
    _table(
        "kodesaet",
        _required("saet", _text(40)),
        _required("kode", _text(40)),
        _required("variant", _text(10), "version or speciale where the set has one, else empty"),
        _required("gyldig_fra", DAY),
        _optional("gyldig_til", DAY),
        _required("tekst", sa.Text()),
        _required("eksempel", FLAG),
        _required("egenskaber", sa.JSON()),
        key=("saet", "kode", "variant", "gyldig_fra"),
    )
    _create_person()
    _table(
        "cprnummer",
        _required("cprnr", _text(10)),
        _required("person_id", KEY),
        key=("cprnr",),
        references={"person_id": "person.id"},
        comment="every number a person has or had",
    )
    _index("cprnummer", "person_id")
    _table(
        "person_merged",
        _required("id", KEY, "the former id of a merged person", autoincrement=False),
        _required("person_id", KEY),
        key=("id",),
        references={"person_id": "person.id"},
        comment="persons merged with another: the read log keeps the id they had",
    )
    _index("person_merged", "person_id")


def _create_person() -> None:
    _table(
        "person",
        _required("id", KEY),
        _required("cprnr", _text(10), "the current number"),
        _optional("navn", sa.Text()),
        _required("status", _text(2), "CPR status, sources.md 1"),
        _optional("kommunekode", _text(3)),
        _optional("mail", sa.Text()),
        _optional("telefon", sa.Text()),
        _required("turns_15", DAY),
        _required("turns_18", DAY),
        _required("turns_25", DAY),
        _required("turns_30", DAY),
        _optional("doed_siden", DAY, "the day the register first had status 90"),
        _optional("kontakt_registreret", INSTANT, "when the youth's own mail or telefon last changed"),
        sa.UniqueConstraint("cprnr", name=op.f("uq_person_cprnr")),
        key=("id",),
        # Without it SQLite would reuse the id of a merged person for the next new one.
        sqlite_autoincrement=True,
    )
    for column in ("kommunekode", "turns_15", "turns_25"):
        _index("person", column)


def _create_callers() -> None:
    _table(
        "system",
        _required("id", _text(100)),
        _required("navn", sa.Text()),
        _required("noegle_salt", _text(32)),
        _required("noegle_hash", _text(64)),
        _required("spaerret", FLAG),
        _required("oprettet", INSTANT),
        key=("id",),
    )
    _table(
        "certifikat",
        _required("fingeraftryk", _text(64), "SHA-256 of the certificate (DER), hexadecimal"),
        _required("system_id", _text(100)),
        _required("subjekt", sa.Text()),
        _required("gyldig_fra", INSTANT),
        _required("gyldig_til", INSTANT),
        _optional("spaerret", INSTANT, "system time; empty: it may be used"),
        _required("oprettet", INSTANT, "system time"),
        key=("fingeraftryk",),
        references={"system_id": "system.id"},
    )
    _index("certifikat", "system_id")
    _create_dataaftaler()
    _table(
        "seen_signature",
        _required("hash", _text(64), "of the certificate's fingerprint and the signature value"),
        _required("expires", INSTANT, "system time; after it the timestamp refuses the message"),
        key=("hash",),
        comment="used signatures: none is accepted twice",
    )
    _index("seen_signature", "expires")


def _create_dataaftaler() -> None:
    unique = "system_id", "institution_nummer", "service"
    _table(
        "dataaftale",
        _required("id", KEY),
        _required("system_id", _text(100)),
        _required("service", _text(60), "a service's name, or alle"),
        _required("institution_nummer", _text(6)),
        _optional("fra", DAY),
        _optional("til", DAY),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_dataaftale_{'_'.join(unique)}")),
        key=("id",),
        references={"system_id": "system.id"},
    )
    _table(
        "dataaftale_anmodning",
        _required("id", KEY),
        _required("system_id", _text(100)),
        _required("service", _text(60), "a service's name, or alle"),
        _required("institution_nummer", _text(6)),
        _optional("fra", DAY),
        _optional("til", DAY),
        _optional("kommentar", sa.Text(), "by the one who made the request"),
        _required("anmodet", INSTANT, "system time"),
        _optional("godkendt", FLAG, "empty: not decided"),
        _optional("afgjort", INSTANT, "system time"),
        _optional("begrundelse", sa.Text(), "by the one who decided"),
        key=("id",),
        references={"system_id": "system.id"},
        comment="requests for a dataaftale and their decisions",
        # The number of a refused request is never reused.
        sqlite_autoincrement=True,
    )
    _index("dataaftale_anmodning", "system_id")


def _create_state() -> None:
    _table(
        "counter",
        _required("id", sa.SmallInteger()),
        _required("last", _text(23)),
        key=("id",),
        comment="one row: the last number drawn; locked last of all (architecture decision 1)",
    )
    _table(
        "state",
        _required("name", _text(40)),
        _required("value", sa.JSON()),
        key=("name",),
        comment="values that all workers must see at once: code set edition, sandbox clock, last seed",
    )


def _create_calls() -> None:
    _table(
        "call_key",
        _required("system_id", _text(100)),
        _required("operation", _text(60)),
        _required("institution_nummer", _text(6)),
        _required("transaction_id", _text(100)),
        _required("content_hash", _text(64)),
        _required("receipt", sa.JSON()),
        _required("created", INSTANT, "system time"),
        key=("system_id", "operation", "institution_nummer", "transaction_id"),
        references={"system_id": "system.id"},
        comment="accepted reports by the caller's key (contract 2)",
    )
    _table(
        "fetch_key",
        _required("system_id", _text(100)),
        _required("modtager", _text(6)),
        _required("transaction_id", _text(100)),
        _required("created", INSTANT, "system time"),
        key=("system_id", "modtager", "transaction_id"),
        references={"system_id": "system.id"},
        comment="the used keys of fetches without criterion (contract 2)",
    )


def _create_haendelse() -> None:
    _table(
        "haendelse",
        *_identity(),
        *_reported(),
        *_following(),
        key=("nummer",),
        references={
            "annulleret_haendelse_nummer": "haendelse.nummer",
            "gentager": "haendelse.nummer",
            "person_id": "person.id",
        },
    )


def _identity() -> list[sa.Column[Any]]:
    """Return the columns that identify an event, its youth and its sender."""
    return [
        _required("nummer", _text(27)),
        _required("art", _text(20), "uddannelse, jobcenter, beskaeftigelse, ..."),
        _required("person_id", KEY),
        _required("cprnr", _text(10), "as reported"),
        _required("service", _text(60), "the service that took the report"),
        _optional("forloeb_id", _text(30)),
        _required("plads", _text(27), "its place in the forloeb: own number, or that of the report it repeats"),
        _optional("gentager", _text(27), "after a number change: the report it repeats"),
        _required("gentaget", FLAG, "a repetition has replaced it"),
        _required("institution_nummer", _text(6)),
        _required("haendelse_dato", DAY),
        _optional("haendelse_tid", INSTANT, "where the time of day is kept, V 2.4"),
        _required("registreringstid", INSTANT),
    ]


def _reported() -> list[sa.Column[Any]]:
    """Return the columns of an event that hold what was reported."""
    return [
        _optional("status", sa.SmallInteger()),
        _optional("afbrudsarsags_kode", _text(20)),
        _required("kilde_leverandoer", _text(100)),
        _optional("kodesaet", _text(40), "with kode: the education code of the forloeb key"),
        _optional("kode", _text(10)),
        _optional("kode_version", sa.Integer()),
        _optional("elev_trin", sa.SmallInteger()),
        _optional("klasse_trin", sa.SmallInteger()),
        _optional("klasse_type", _text(20)),
        _optional("klasse_navn", _text(100)),
        _optional("speciale", _text(20)),
        _optional("praktiksted", _text(200)),
        _optional("skoleperiode", _text(20)),
        _optional("egu_uddannelsesniveau", FLAG),
        _optional("ifoelge_kommunen", _text(10)),
        _optional("vedroerer_haendelse_nummer", _text(27)),
        _optional("gennemfoert_hf", FLAG),
        _optional("frafaldstruet_markering", FLAG),
        _optional("type", _text(12), "Kontakttid or Tilbudstid, V 2.4"),
        _optional("afbrud_haendelse_nummer", _text(27)),
        _required("annullering", FLAG),
        _optional("annulleret_haendelse_nummer", _text(27), "of a cancellation: the report it cancels"),
    ]


def _following() -> list[sa.Column[Any]]:
    """Return the columns of an event that are computed from its history, and those of the registers' events."""
    correction = "a correction's series no longer has this change: the look-up leaves it out"
    began = "computed: the day the forloeb of an afbrud or gennemfoert began"
    home = "the kommune of a youth with an address; set by a trigger, as is skolekommune"
    school = "for events that A2 covers: the school's kommune, if it is not hjemkommune"
    exempts = "computed, for the first event of a forloeb: when its exemption from eIndkomst ends"
    return [
        _required("annulleret", FLAG, "the report is cancelled"),
        _optional("fuldfoerer", _text(40), "this and the next four are computed: udb/domain/visibility.py"),
        _required("i_fuldfoert", FLAG),
        _required("til_10", FLAG),
        _required("vist", FLAG),
        _required("vis_praktiksted", FLAG),
        _optional("status_beskaeftigelse", _text(20)),
        _optional("beskaeftigelsesgrad", sa.Integer(), "rounded as it is delivered (V 4.1)"),
        _optional("modtager_social_ydelse", FLAG),
        _optional("har_uddannelsespaalaeg", FLAG),
        _required("udgaaet", FLAG, correction, server_default=sa.false()),
        _optional("aabent_hos", _text(6), "computed: udb/domain/visibility.py"),
        _optional("dato_optag", DAY, began),
        _optional("hjemkommune", _text(3), home),
        _optional("skolekommune", _text(3), school),
        _optional("fritager_foer", DAY, exempts),
    ]


def _index_haendelse() -> None:
    _index("haendelse", "person_id", "nummer")
    _index("haendelse", "person_id", name="ix_haendelse_fuldfoerer", where="fuldfoerer IS NOT NULL")
    _index("haendelse", "aabent_hos", "nummer", name="ix_haendelse_markering", where="ifoelge_kommunen IS NOT NULL")
    # A page finds the events of a kommune by these two.
    _index("haendelse", "hjemkommune", "nummer")
    _index(
        *("haendelse", "skolekommune", "nummer"),
        name="ix_haendelse_skolekommune",
        where="skolekommune IS NOT NULL",
    )
    # The trigger on institution finds the events of a school that moves by this one.
    _index("haendelse", "institution_nummer", name="ix_haendelse_skole", where="til_10")
    # eIndkomst finds exempt youths by this one.
    _index(
        *("haendelse", "fritager_foer", "haendelse_dato", "person_id"),
        name="ix_haendelse_fritager",
        where="fritager_foer IS NOT NULL",
    )
    # Few rows refer to another event; without these, deleting an event reads all events twice.
    for column in ("gentager", "annulleret_haendelse_nummer"):
        _index("haendelse", column, where=f"{column} IS NOT NULL")


def _create_beside_haendelse() -> None:
    _table(
        "haendelse_raad",
        _required("nummer", _text(27)),
        _required("fejl_kode", _text(4)),
        key=("nummer", "fejl_kode"),
        references={"nummer": "haendelse.nummer"},
        comment="the advice (Bloed) an event was accepted with",
    )
    _table(
        "abonnement",
        _required("person_id", KEY),
        _required("startdato", DAY),
        _optional("institution_nummer", _text(6), "who subscribed"),
        _optional("kilde_leverandoer", _text(100)),
        _optional("nummer", _text(27), "the event that began it"),
        key=("person_id",),
        references={"person_id": "person.id", "nummer": "haendelse.nummer"},
        comment="active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)",
    )


def _create_feed() -> None:
    _table(
        "feed_gained",
        _required("plads", _text(27), "a number drawn in the transaction that changed the access"),
        _required("person_id", KEY),
        key=("plads", "person_id"),
        references={"person_id": "person.id"},
        comment="youths with more visible than before: readers look at all their events again",
    )
    _index("feed_gained", "person_id")
    _table(
        "feed_position",
        _required("system_id", _text(100)),
        _required("modtager", _text(6), "the kommune's institution number"),
        _optional("transaction_id", _text(100), "of the latest answered call; the next columns hold its page"),
        _optional("numre", sa.JSON()),
        _optional("flere", FLAG),
        _optional("hoejeste", _text(27)),
        _optional("answered", INSTANT, "system time"),
        _required("seen", _text(27), "every event up to this number was looked at"),
        _required("gained", _text(27), "every row of feed_gained up to this place was looked at"),
        _required("day", DAY, "the domain's day of the last look"),
        key=("system_id", "modtager"),
        references={"system_id": "system.id"},
        comment="locked by a fetch without criterion, so that one system's calls come one after the other",
    )
    _table(
        "hentet",
        _required("system_id", _text(100)),
        _required("modtager", _text(6)),
        _required("nummer", _text(27)),
        _required("hentet_tid", INSTANT, "first sent, without criterion or by number (V 7)"),
        _optional("givet_tid", INSTANT, "first sent without criterion; only this controls that feed"),
        key=("system_id", "modtager", "nummer"),
        references={"nummer": "haendelse.nummer"},
    )
    _index("hentet", "nummer")


def _create_youth_data() -> None:
    _table(
        "kontakt",
        _required("person_id", KEY),
        _required("art", _text(12), "kommune, institution or jobcenter: whose contact person it is"),
        _required("institution_nummer", _text(6), "who registered it"),
        _required("navn", sa.Text()),
        _optional("mail", sa.Text()),
        _optional("telefon", sa.Text()),
        _required("registreringstid", INSTANT),
        key=("person_id", "art", "institution_nummer"),
        references={"person_id": "person.id"},
    )
    _table(
        "onske",
        _required("person_id", KEY),
        _required("art", _text(12), "job or uddannelse"),
        _required("institution_nummer", _text(6), "the kommune that registered it"),
        _required("nr", sa.SmallInteger(), "its place in the report"),
        _required("tekst", sa.Text()),
        _required("registreringstid", INSTANT),
        key=("person_id", "art", "institution_nummer", "nr"),
        references={"person_id": "person.id"},
    )
    _table(
        "eksamensbevis",
        _required("cprnr", _text(10), "as delivered"),
        _required("institution_nummer", _text(6)),
        _required("cosa_formaal", _text(10)),
        _required("dato", DAY),
        _required("person_id", KEY),
        key=("cprnr", "institution_nummer", "cosa_formaal", "dato"),
        references={"person_id": "person.id"},
    )
    _index("eksamensbevis", "person_id")
    until = "the days up to which all diplomas were declared delivered; the latest counts"
    _table("eksamenslevering", _required("til", DAY), key=("til",), comment=until)


def _create_read_log() -> None:
    _table(
        "read_log",
        _required("id", KEY),
        _required("tid", INSTANT, "system time"),
        _required("system_id", _text(100)),
        _required("institution_nummer", _text(6)),
        _required("operation", _text(60)),
        _required("correlation_id", _text(36)),
        _optional("klausul", _text(20), "the clause of access.md that gave access; empty for a refusal"),
        _required("personer", sa.JSON(), "ids of the youths in the answer"),
        _optional("fra_nummer", _text(27)),
        _optional("til_nummer", _text(27)),
        _optional("certifikat", _text(64), "the certificate the system called with; empty: HTTP Basic, a command"),
        key=("id",),
    )
    _table(
        "read_log_person",
        _required("person_id", KEY, autoincrement=False),
        _required("row_id", KEY, autoincrement=False),
        key=("person_id", "row_id"),
        comment="read_log.personer as an index; filled by the database with each row",
    )
    _table(
        "read_log_unsealed",
        _required("row_id", KEY, autoincrement=False),
        key=("row_id",),
        comment="the rows that wait for a block; filled by the database with each row",
    )


def _create_read_log_blocks() -> None:
    _table(
        "read_log_block",
        _required("nummer", sa.Integer(), autoincrement=False),
        _required("forrige", _text(64), "the hash of the block before, empty for the first"),
        _required("raekker", _text(64), "the hash over the hashes of its rows, in id order"),
        _required("antal", sa.Integer()),
        _required("foerste", INSTANT, "the earliest time among its rows"),
        _required("sidste", INSTANT, "the latest"),
        _required("forseglet", INSTANT, "system time"),
        _required("hash", _text(64), "over all the other columns"),
        key=("nummer",),
    )
    _table(
        "read_log_sealed",
        _required("row_id", KEY, autoincrement=False),
        _required("blok", sa.Integer()),
        _required("hash", _text(64)),
        key=("row_id",),
        references={"blok": "read_log_block.nummer"},
    )
    _index("read_log_sealed", "blok")
    _table(
        "read_log_removed",
        _required("blok", sa.Integer()),
        _required("tid", INSTANT, "system time"),
        _required("aar", sa.Integer(), "the retention period in years at that time"),
        sa.CheckConstraint("aar >= 1", name=op.f("ck_read_log_removed_aar")),
        key=("blok",),
        references={"blok": "read_log_block.nummer"},
        comment="blocks whose rows retention has removed; without such a note no row can be deleted",
    )


def _create_income() -> None:
    _table(
        "indkomst",
        _required("maaned", DAY),
        _required("cprnr", _text(10), "as delivered"),
        _required("indberetter", _text(20)),
        _required("indtaegtsart", _text(4)),
        _required("oere", sa.BigInteger()),
        comment="the lines of youths who were 15 to 24 in the month; none is there twice",
    )
    _index("indkomst", "maaned", "cprnr", postgresql_using="brin")
    _table(
        "indkomstmaaned",
        _required("maaned", DAY),
        _optional("leveret", DAY, "the day it was first delivered and calculated; empty until every youth is"),
        key=("maaned",),
        comment="the months delivered in full",
    )
    _table(
        "indkomst_venter",
        _required("fra", DAY),
        _required("person_id", KEY, autoincrement=False),
        key=("fra", "person_id"),
        comment="youths whose series must be calculated again from a month on",
    )
    _table(
        "indkomst_nyt",
        _required("person_id", KEY, autoincrement=False),
        _required("maaned", DAY),
        _required("art", _text(20), "of the event; empty: check which of the youth's events are still valid"),
        _optional("status", sa.SmallInteger(), "its place in udb.beskaeftigelse.grad.STATUS"),
        _optional("grad", sa.Integer()),
        _optional("social_ydelse", FLAG),
        key=("person_id", "maaned", "art"),
        comment="calculated changes not stored as events yet: a run continues with what is left here",
    )


def _create_income_series() -> None:
    status = "its place in udb.beskaeftigelse.grad.STATUS"
    _table(
        "indkomstserie",
        _required("person_id", KEY, autoincrement=False),
        _required("fra", DAY),
        _required("til", DAY, "9999-12-31: until a later month changes it"),
        _required("status", sa.SmallInteger(), status),
        _required("grad", sa.Integer(), "rounded, in the month fra"),
        _required("social_ydelse", FLAG),
        _required("tyve_timer", FLAG, "the unrounded degree is 54 or more", server_default=sa.false()),
        key=("person_id", "fra"),
        comment="each youth's delivered months in the population, equal months together, as last calculated",
    )
    if op.get_bind().dialect.name == "postgresql":
        # A month updates thousands of rows, most of which can be written in place.
        op.execute("ALTER TABLE indkomstserie SET (fillfactor = 75)")
    _table(
        "indkomstserie_ny",
        _required("person_id", KEY),
        _required("fra", DAY, "the latest delivered month, which the row is for"),
        _optional("status", sa.SmallInteger(), f"{status}; empty, as all after it: not in the population"),
        _optional("grad", sa.Integer()),
        _optional("social_ydelse", FLAG),
        _optional("tyve_timer", FLAG),
        comment="how the latest month continues the series, not written into them yet",
    )


# Triggers: the read log is append-only (docs/laeselog.md) -------------------------------------------------------------

IS_SANDBOX: Final = "EXISTS (SELECT 1 FROM state WHERE name = 'sandbox')"
MAY_DELETE: Final = {
    "read_log": "EXISTS (SELECT 1 FROM read_log_sealed s JOIN read_log_removed r ON r.blok = s.blok"
    " WHERE s.row_id = OLD.id)",
    "read_log_person": "EXISTS (SELECT 1 FROM read_log_sealed s JOIN read_log_removed r ON r.blok = s.blok"
    " WHERE s.row_id = OLD.row_id)",
    "read_log_unsealed": "EXISTS (SELECT 1 FROM read_log_sealed s WHERE s.row_id = OLD.row_id)",
    "read_log_block": "1 = 0",
    "read_log_sealed": "EXISTS (SELECT 1 FROM read_log_removed r WHERE r.blok = OLD.blok)",
    "read_log_removed": "1 = 0",
}
"""Table -> the condition for deleting a row; in a sandbox every row may be deleted. No row may ever be updated."""
KEYS: Final = {"read_log": "id", "read_log_block": "nummer", "read_log_sealed": "row_id", "read_log_removed": "blok"}
"""Tables whose rows SQLite's INSERT OR REPLACE could overwrite."""
APPEND_ONLY: Final = "the read log is append-only"
NO_SANDBOX: Final = "a register that was read does not become a sandbox"


def _guard_read_log_postgresql() -> None:
    # Runs with its owner's rights: a role that may add a row needs no right on the tables filled from it.
    op.execute("""
        CREATE FUNCTION read_log_added() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT
        AS $$ BEGIN
            INSERT INTO read_log_unsealed (row_id) VALUES (NEW.id);
            INSERT INTO read_log_person (person_id, row_id)
                SELECT DISTINCT p.id::bigint, NEW.id FROM json_array_elements_text(NEW.personer) AS p(id);
            RETURN NULL;
        END $$""")
    op.execute("CREATE TRIGGER read_log_added AFTER INSERT ON read_log FOR EACH ROW EXECUTE FUNCTION read_log_added()")
    op.execute(f"""
        CREATE FUNCTION read_log_no_sandbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path FROM CURRENT
        AS $$ BEGIN
            IF NEW.name = 'sandbox' AND EXISTS (SELECT 1 FROM read_log) THEN
                RAISE EXCEPTION '{NO_SANDBOX}' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;
        END $$""")  # noqa: S608 - put together from this file alone
    op.execute(
        "CREATE TRIGGER read_log_no_sandbox BEFORE INSERT OR UPDATE ON state"
        " FOR EACH ROW EXECUTE FUNCTION read_log_no_sandbox()"
    )


def _keep_read_log_postgresql() -> None:
    for table, allowed in MAY_DELETE.items():
        op.execute(f"""
            CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
            SET search_path FROM CURRENT
            AS $$ BEGIN
                IF TG_OP = 'DELETE' AND ({IS_SANDBOX} OR {allowed}) THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'restrict_violation';
            END $$""")
        op.execute(
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table}"
            f" FOR EACH STATEMENT EXECUTE FUNCTION {table}_kept()"
        )


def _guard_read_log_sqlite() -> None:
    op.execute("""
        CREATE TRIGGER read_log_added AFTER INSERT ON read_log
        BEGIN
            INSERT INTO read_log_unsealed (row_id) VALUES (NEW.id);
            INSERT OR IGNORE INTO read_log_person (person_id, row_id)
                SELECT p.value, NEW.id FROM json_each(NEW.personer) p;
        END""")
    for verb in ("INSERT", "UPDATE"):
        op.execute(f"""
            CREATE TRIGGER read_log_no_sandbox_{verb.lower()} BEFORE {verb} ON state
            WHEN NEW.name = 'sandbox' AND EXISTS (SELECT 1 FROM read_log)
            BEGIN SELECT RAISE(ABORT, '{NO_SANDBOX}'); END""")  # noqa: S608 - put together from this file alone


def _keep_read_log_sqlite() -> None:
    refused = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    for table, allowed in MAY_DELETE.items():
        op.execute(f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {refused}")
        op.execute(
            f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table}"
            f" WHEN NOT ({IS_SANDBOX} OR {allowed}) {refused}"
        )
    for table, key in KEYS.items():
        known = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - put together from this file alone
        op.execute(f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} WHEN {known} {refused}")


# Triggers: an event's hjemkommune and skolekommune follow its person and its institution ------------------------------

RESIDENT: Final = "('01', '03')"
OF_SCHOOL: Final = "til_10 AND service <> 'IndberetningKommuneAktivitet'"
"""Events that the kommune of their school may see."""
NOT_EFTERSKOLE: Final = "type3 NOT IN ('1011', '1012')"
FOLLOWED: Final = "person_id, service, institution_nummer, til_10, hjemkommune, skolekommune"
"""The columns that decide an event's kommuner, and these two: a value written there is replaced by the database's."""
MOVED: Final = "OLD.kommunekode IS DISTINCT FROM NEW.kommunekode OR OLD.status IS DISTINCT FROM NEW.status"
RELOCATED: Final = (
    "OLD.nummer IS DISTINCT FROM NEW.nummer OR OLD.type3 IS DISTINCT FROM NEW.type3"
    " OR OLD.beliggenhedskommune IS DISTINCT FROM NEW.beliggenhedskommune"
)
GIVEN: Final = (
    "current_setting('udb.hjemkommune_given', true) = 'yes'"
    " AND NEW.service = 'eIndkomst' AND NOT NEW.til_10 AND NEW.skolekommune IS NULL"
)
"""The condition that an event brings its own kommune: in a transaction of eIndkomst that sets it and has locked its
youths. Looking each youth up again would cost as much as all the rest of storing an event."""


def _keep_kommuner_postgresql() -> None:
    # FOR SHARE costs nothing in a transaction that has locked the person; any other waits here for a move that is not
    # committed, as the move waits for an event that is not. A transaction that holds the counter already and changes
    # nothing about the person must not wait for persons (docs/architecture.md, decision 1).
    op.execute(f"""
        CREATE FUNCTION haendelse_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'INSERT' OR (OLD.person_id, OLD.hjemkommune)
                IS DISTINCT FROM (NEW.person_id, NEW.hjemkommune) THEN
                SELECT CASE WHEN status IN {RESIDENT} THEN kommunekode END INTO NEW.hjemkommune
                    FROM person WHERE id = NEW.person_id FOR SHARE;
            END IF;
            NEW.skolekommune := NULL;
            IF NEW.til_10 AND NEW.service <> 'IndberetningKommuneAktivitet' THEN
                SELECT beliggenhedskommune INTO NEW.skolekommune FROM institution
                    WHERE nummer = NEW.institution_nummer AND {NOT_EFTERSKOLE}
                    AND beliggenhedskommune <> NEW.hjemkommune;
            END IF;
            RETURN NEW;
        END $$""")  # noqa: S608 - put together from this file alone
    # The event's own trigger replaces what is written here, and skolekommune with it.
    op.execute(f"""
        CREATE FUNCTION person_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE haendelse SET hjemkommune = CASE WHEN NEW.status IN {RESIDENT} THEN NEW.kommunekode END
                WHERE person_id = NEW.id;
            RETURN NULL;
        END $$""")  # noqa: S608 - as above
    # A transaction that stores events holds the counter: with the counter held here, every event of the institution is
    # either visible to this statement or will see what is stored here.
    op.execute("""
        CREATE FUNCTION institution_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM counter FOR UPDATE;
            UPDATE haendelse SET skolekommune = NULL
                WHERE til_10 AND institution_nummer IN (OLD.nummer, NEW.nummer);
            RETURN NULL;
        END $$""")


def _trigger_kommuner_postgresql() -> None:
    for name, event, table, condition in (
        ("haendelse_kommuner_new", "BEFORE INSERT", "haendelse", f"WHEN (({GIVEN}) IS NOT TRUE)"),
        ("haendelse_kommuner_changed", f"BEFORE UPDATE OF {FOLLOWED}", "haendelse", ""),
        ("person_kommuner", "AFTER UPDATE", "person", f"WHEN ({MOVED})"),
        ("institution_kommuner_new", "AFTER INSERT", "institution", ""),
        ("institution_kommuner_changed", "AFTER UPDATE", "institution", f"WHEN ({RELOCATED})"),
    ):
        op.execute(
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW {condition} EXECUTE FUNCTION {table}_kommuner()"
        )


def _keep_kommuner_sqlite() -> None:
    work_out = f"""
        UPDATE haendelse SET
            hjemkommune = (SELECT kommunekode FROM person WHERE id = person_id AND status IN {RESIDENT}),
            skolekommune = (
                SELECT i.beliggenhedskommune FROM institution i, person p
                WHERE i.nummer = institution_nummer AND p.id = person_id AND {OF_SCHOOL} AND i.{NOT_EFTERSKOLE}
                AND p.status IN {RESIDENT} AND i.beliggenhedskommune <> p.kommunekode
            )"""  # noqa: S608 - put together from this file alone
    for name, when, whose in (
        ("haendelse_kommuner_new", "INSERT ON haendelse", "nummer = NEW.nummer"),
        ("haendelse_kommuner_changed", f"UPDATE OF {FOLLOWED} ON haendelse", "nummer = NEW.nummer"),
        ("person_kommuner_changed", f"UPDATE ON person WHEN {_sqlite(MOVED)}", "person_id = NEW.id"),
        ("institution_kommuner_new", "INSERT ON institution", "til_10 AND institution_nummer = NEW.nummer"),
        (
            "institution_kommuner_changed",
            f"UPDATE ON institution WHEN {_sqlite(RELOCATED)}",
            "til_10 AND institution_nummer IN (OLD.nummer, NEW.nummer)",
        ),
    ):
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {work_out} WHERE {whose}; END")


def _sqlite(condition: str) -> str:
    # SQLite knows IS DISTINCT FROM only from 3.39 on.
    return condition.replace("IS DISTINCT FROM", "IS NOT")
