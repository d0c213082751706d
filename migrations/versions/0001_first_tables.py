"""The first tables, and the counter's one row."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "counter",
        sa.Column("id", sa.SmallInteger(), nullable=False),
        sa.Column("last", sa.String(length=23), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_counter")),
        comment="one row: the last number drawn; locked last of all (architecture decision 1)",
    )
    op.create_table(
        "institution",
        sa.Column("nummer", sa.String(length=6), nullable=False),
        sa.Column("navn", sa.Text(), nullable=False),
        sa.Column("hovedinstitution", sa.String(length=6), nullable=False, comment="itself when it has none"),
        sa.Column("type3", sa.String(length=4), nullable=False),
        sa.Column("beliggenhedskommune", sa.String(length=3), nullable=True),
        sa.Column("administrerende_kommune", sa.String(length=3), nullable=True),
        sa.Column("lukket", sa.Date(), nullable=True, comment="the first day it is closed"),
        sa.Column(
            "in_register", sa.Boolean(), nullable=False, comment="false: has left the register, kept for old events"
        ),
        sa.PrimaryKeyConstraint("nummer", name=op.f("pk_institution")),
    )
    op.create_table(
        "kodesaet",
        sa.Column("saet", sa.String(length=40), nullable=False),
        sa.Column("kode", sa.String(length=40), nullable=False),
        sa.Column(
            "variant",
            sa.String(length=10),
            nullable=False,
            comment="version or speciale where the set has one, else empty",
        ),
        sa.Column("gyldig_fra", sa.Date(), nullable=False),
        sa.Column("gyldig_til", sa.Date(), nullable=True),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("eksempel", sa.Boolean(), nullable=False),
        sa.Column("egenskaber", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("saet", "kode", "variant", "gyldig_fra", name=op.f("pk_kodesaet")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cprnr", sa.String(length=10), nullable=False, comment="the current number"),
        sa.Column("navn", sa.Text(), nullable=True),
        sa.Column("status", sa.String(length=2), nullable=False, comment="CPR status, sources.md 1"),
        sa.Column("kommunekode", sa.String(length=3), nullable=True),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("telefon", sa.Text(), nullable=True),
        sa.Column("turns_15", sa.Date(), nullable=False),
        sa.Column("turns_18", sa.Date(), nullable=False),
        sa.Column("turns_25", sa.Date(), nullable=False),
        sa.Column("turns_30", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("cprnr", name=op.f("uq_person_cprnr")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_kommunekode"), ["kommunekode"], unique=False)

    op.create_table(
        "read_log",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tid", sa.DateTime(), nullable=False, comment="system time"),
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("correlation_id", sa.String(length=36), nullable=False),
        sa.Column(
            "klausul",
            sa.String(length=20),
            nullable=True,
            comment="the clause of access.md that gave access; empty for a refusal",
        ),
        sa.Column("personer", sa.JSON(), nullable=False, comment="ids of the youths in the answer"),
        sa.Column("fra_nummer", sa.String(length=27), nullable=True),
        sa.Column("til_nummer", sa.String(length=27), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_read_log")),
    )
    op.create_table(
        "state",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_state")),
        comment="what all workers must know at once: code set edition, sandbox clock, last seed",
    )
    op.create_table(
        "system",
        sa.Column("id", sa.String(length=100), nullable=False),
        sa.Column("navn", sa.Text(), nullable=False),
        sa.Column("noegle_salt", sa.String(length=32), nullable=False),
        sa.Column("noegle_hash", sa.String(length=64), nullable=False),
        sa.Column("spaerret", sa.Boolean(), nullable=False),
        sa.Column("oprettet", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_system")),
    )
    op.create_table(
        "abonnement",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("startdato", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_abonnement_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_abonnement")),
        comment="active subscriptions: the youth has an uddannelsespaalaeg (V 3.2)",
    )
    op.create_table(
        "call_key",
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("operation", sa.String(length=60), nullable=False),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("transaction_id", sa.String(length=100), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False, comment="system time"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_call_key_system_id")),
        sa.PrimaryKeyConstraint(
            "system_id", "operation", "institution_nummer", "transaction_id", name=op.f("pk_call_key")
        ),
        comment="accepted reports by the caller's key (contract 2)",
    )
    op.create_table(
        "cprnummer",
        sa.Column("cprnr", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cprnummer_person_id")),
        sa.PrimaryKeyConstraint("cprnr", name=op.f("pk_cprnummer")),
        comment="every number a person has or had",
    )
    with op.batch_alter_table("cprnummer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cprnummer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "dataaftale",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("service", sa.String(length=60), nullable=False, comment="a service's name, or alle"),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("fra", sa.Date(), nullable=True),
        sa.Column("til", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_dataaftale_system_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dataaftale")),
        sa.UniqueConstraint(
            "system_id",
            "institution_nummer",
            "service",
            name=op.f("uq_dataaftale_system_id_institution_nummer_service"),
        ),
    )
    op.create_table(
        "feed_gained",
        sa.Column(
            "plads",
            sa.String(length=27),
            nullable=False,
            comment="a number drawn in the transaction that changed the access",
        ),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_gained_person_id")),
        sa.PrimaryKeyConstraint("plads", "person_id", name=op.f("pk_feed_gained")),
        comment="youths of whom more may be seen than before: readers look at them again",
    )
    with op.batch_alter_table("feed_gained", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_gained_person_id"), ["person_id"], unique=False)

    op.create_table(
        "feed_position",
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("modtager", sa.String(length=6), nullable=False, comment="the kommune's institution number"),
        sa.Column(
            "transaction_id",
            sa.String(length=100),
            nullable=True,
            comment="of the latest answered call; with it the page it was given",
        ),
        sa.Column("numre", sa.JSON(), nullable=True),
        sa.Column("flere", sa.Boolean(), nullable=True),
        sa.Column("hoejeste", sa.String(length=27), nullable=True),
        sa.Column("answered", sa.DateTime(), nullable=True, comment="system time"),
        sa.Column("seen", sa.String(length=27), nullable=False, comment="every event up to this number was looked at"),
        sa.Column(
            "gained",
            sa.String(length=27),
            nullable=False,
            comment="every row of feed_gained up to this place was looked at",
        ),
        sa.Column("day", sa.Date(), nullable=False, comment="the domain's day of the last look"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_feed_position_system_id")),
        sa.PrimaryKeyConstraint("system_id", "modtager", name=op.f("pk_feed_position")),
        comment="locked by a fetch without criterion, so that one system's calls come one after the other",
    )
    op.create_table(
        "fetch_key",
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("modtager", sa.String(length=6), nullable=False),
        sa.Column("transaction_id", sa.String(length=100), nullable=False),
        sa.Column("created", sa.DateTime(), nullable=False, comment="system time"),
        sa.ForeignKeyConstraint(["system_id"], ["system.id"], name=op.f("fk_fetch_key_system_id")),
        sa.PrimaryKeyConstraint("system_id", "modtager", "transaction_id", name=op.f("pk_fetch_key")),
        comment="the used keys of fetches without criterion (contract 2)",
    )
    op.create_table(
        "haendelse",
        sa.Column("nummer", sa.String(length=27), nullable=False),
        sa.Column("art", sa.String(length=20), nullable=False, comment="uddannelse, jobcenter, beskaeftigelse, ..."),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cprnr", sa.String(length=10), nullable=False, comment="as reported"),
        sa.Column("service", sa.String(length=60), nullable=False, comment="the service that took the report"),
        sa.Column("forloeb_id", sa.String(length=30), nullable=True),
        sa.Column(
            "plads",
            sa.String(length=27),
            nullable=False,
            comment="its place in the forloeb: own number, or that of the report it repeats",
        ),
        sa.Column(
            "gentager", sa.String(length=27), nullable=True, comment="after a number change: the report it repeats"
        ),
        sa.Column("gentaget", sa.Boolean(), nullable=False, comment="a repetition stands in its stead"),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False),
        sa.Column("haendelse_dato", sa.Date(), nullable=False),
        sa.Column("haendelse_tid", sa.DateTime(), nullable=True, comment="where the time of day is kept, V 2.4"),
        sa.Column("registreringstid", sa.DateTime(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=True),
        sa.Column("afbrudsarsags_kode", sa.String(length=20), nullable=True),
        sa.Column("kilde_leverandoer", sa.String(length=100), nullable=False),
        sa.Column(
            "kodesaet", sa.String(length=40), nullable=True, comment="with kode: the education code of the forloeb key"
        ),
        sa.Column("kode", sa.String(length=10), nullable=True),
        sa.Column("kode_version", sa.Integer(), nullable=True),
        sa.Column("elev_trin", sa.SmallInteger(), nullable=True),
        sa.Column("klasse_trin", sa.SmallInteger(), nullable=True),
        sa.Column("klasse_type", sa.String(length=20), nullable=True),
        sa.Column("klasse_navn", sa.String(length=100), nullable=True),
        sa.Column("speciale", sa.String(length=20), nullable=True),
        sa.Column("praktiksted", sa.String(length=200), nullable=True),
        sa.Column("skoleperiode", sa.String(length=20), nullable=True),
        sa.Column("egu_uddannelsesniveau", sa.Boolean(), nullable=True),
        sa.Column("ifoelge_kommunen", sa.String(length=10), nullable=True),
        sa.Column("vedroerer_haendelse_nummer", sa.String(length=27), nullable=True),
        sa.Column("gennemfoert_hf", sa.Boolean(), nullable=True),
        sa.Column("frafaldstruet_markering", sa.Boolean(), nullable=True),
        sa.Column("type", sa.String(length=12), nullable=True, comment="Kontakttid or Tilbudstid, V 2.4"),
        sa.Column("afbrud_haendelse_nummer", sa.String(length=27), nullable=True),
        sa.Column("annullering", sa.Boolean(), nullable=False),
        sa.Column(
            "annulleret_haendelse_nummer",
            sa.String(length=27),
            nullable=True,
            comment="of a cancellation: the report it cancels",
        ),
        sa.Column("annulleret", sa.Boolean(), nullable=False, comment="of a report: a cancellation stands"),
        sa.Column(
            "fuldfoerer",
            sa.String(length=40),
            nullable=True,
            comment="this and the next four: udb/domain/visibility.py",
        ),
        sa.Column("i_fuldfoert", sa.Boolean(), nullable=False),
        sa.Column("til_10", sa.Boolean(), nullable=False),
        sa.Column("vist", sa.Boolean(), nullable=False),
        sa.Column("vis_praktiksted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["annulleret_haendelse_nummer"], ["haendelse.nummer"], name=op.f("fk_haendelse_annulleret_haendelse_nummer")
        ),
        sa.ForeignKeyConstraint(["gentager"], ["haendelse.nummer"], name=op.f("fk_haendelse_gentager")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_haendelse_person_id")),
        sa.PrimaryKeyConstraint("nummer", name=op.f("pk_haendelse")),
    )
    with op.batch_alter_table("haendelse", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_haendelse_annulleret_haendelse_nummer"),
            ["annulleret_haendelse_nummer"],
            unique=False,
            sqlite_where=sa.text("annulleret_haendelse_nummer IS NOT NULL"),
            postgresql_where=sa.text("annulleret_haendelse_nummer IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_haendelse_fuldfoerer",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("fuldfoerer IS NOT NULL"),
            postgresql_where=sa.text("fuldfoerer IS NOT NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_haendelse_gentager"),
            ["gentager"],
            unique=False,
            sqlite_where=sa.text("gentager IS NOT NULL"),
            postgresql_where=sa.text("gentager IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_haendelse_person_id_nummer"), ["person_id", "nummer"], unique=False)

    op.create_table(
        "kontakt",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "art", sa.String(length=12), nullable=False, comment="kommune or institution: whose contact person it is"
        ),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False, comment="who registered it"),
        sa.Column("navn", sa.Text(), nullable=False),
        sa.Column("mail", sa.Text(), nullable=True),
        sa.Column("telefon", sa.Text(), nullable=True),
        sa.Column("registreringstid", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_kontakt_person_id")),
        sa.PrimaryKeyConstraint("person_id", "art", "institution_nummer", name=op.f("pk_kontakt")),
    )
    op.create_table(
        "onske",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("art", sa.String(length=12), nullable=False, comment="job or uddannelse"),
        sa.Column("institution_nummer", sa.String(length=6), nullable=False, comment="the kommune that registered it"),
        sa.Column("nr", sa.SmallInteger(), nullable=False, comment="its place in the report"),
        sa.Column("tekst", sa.Text(), nullable=False),
        sa.Column("registreringstid", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_onske_person_id")),
        sa.PrimaryKeyConstraint("person_id", "art", "institution_nummer", "nr", name=op.f("pk_onske")),
    )
    op.create_table(
        "haendelse_raad",
        sa.Column("nummer", sa.String(length=27), nullable=False),
        sa.Column("fejl_kode", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["nummer"], ["haendelse.nummer"], name=op.f("fk_haendelse_raad_nummer")),
        sa.PrimaryKeyConstraint("nummer", "fejl_kode", name=op.f("pk_haendelse_raad")),
        comment="the advice (Bloed) an event was accepted with",
    )
    op.create_table(
        "hentet",
        sa.Column("system_id", sa.String(length=100), nullable=False),
        sa.Column("modtager", sa.String(length=6), nullable=False),
        sa.Column("nummer", sa.String(length=27), nullable=False),
        sa.Column(
            "hentet_tid", sa.DateTime(), nullable=False, comment="first answered, without criterion or by number (V 7)"
        ),
        sa.Column(
            "givet_tid",
            sa.DateTime(),
            nullable=True,
            comment="first answered without criterion; alone steers that feed",
        ),
        sa.ForeignKeyConstraint(["nummer"], ["haendelse.nummer"], name=op.f("fk_hentet_nummer")),
        sa.PrimaryKeyConstraint("system_id", "modtager", "nummer", name=op.f("pk_hentet")),
    )
    with op.batch_alter_table("hentet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hentet_nummer"), ["nummer"], unique=False)

    op.execute("INSERT INTO counter (id, last) VALUES (1, '0')")


def downgrade() -> None:
    with op.batch_alter_table("hentet", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hentet_nummer"))

    op.drop_table("hentet")
    op.drop_table("haendelse_raad")
    op.drop_table("onske")
    op.drop_table("kontakt")
    with op.batch_alter_table("haendelse", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_haendelse_person_id_nummer"))
        batch_op.drop_index(
            batch_op.f("ix_haendelse_gentager"),
            sqlite_where=sa.text("gentager IS NOT NULL"),
            postgresql_where=sa.text("gentager IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_haendelse_fuldfoerer",
            sqlite_where=sa.text("fuldfoerer IS NOT NULL"),
            postgresql_where=sa.text("fuldfoerer IS NOT NULL"),
        )
        batch_op.drop_index(
            batch_op.f("ix_haendelse_annulleret_haendelse_nummer"),
            sqlite_where=sa.text("annulleret_haendelse_nummer IS NOT NULL"),
            postgresql_where=sa.text("annulleret_haendelse_nummer IS NOT NULL"),
        )

    op.drop_table("haendelse")
    op.drop_table("fetch_key")
    op.drop_table("feed_position")
    with op.batch_alter_table("feed_gained", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feed_gained_person_id"))

    op.drop_table("feed_gained")
    op.drop_table("dataaftale")
    with op.batch_alter_table("cprnummer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cprnummer_person_id"))

    op.drop_table("cprnummer")
    op.drop_table("call_key")
    op.drop_table("abonnement")
    op.drop_table("system")
    op.drop_table("state")
    op.drop_table("read_log")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_kommunekode"))

    op.drop_table("person")
    op.drop_table("kodesaet")
    op.drop_table("institution")
    op.drop_table("counter")
