"""Remember what came in and what was before (docs/spec/ground.md): judged reports, the contacts of the past, addresses.

The past is restored from what is left of it, and marked ``genskabt``: it is at least this. Call keys, which are kept
400 days, know the reports that made an event and the systems that sent them. A key does not say whether a report on
contacts or wishes was a ``Slet``, so these come from the contacts and wishes of today. Of each person the address of
today is known, since an unknown day.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0010_grund"
down_revision = "0009_portal"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

KEY: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UNKNOWN: Final = "0001-01-01"
OPEN: Final = "9999-12-31"
BEFORE: Final = "1900-01-01 00:00:00.000000"
"""When an address became known that was there before: earlier than any other. No clock: two upgrades are alike."""


def upgrade() -> None:
    _make_tables()
    op.add_column(
        "haendelse",
        sa.Column(
            "system_id", sa.String(100), comment="the system that sent it; empty: none did, or no call key knows it"
        ),
    )
    op.add_column(
        "person",
        sa.Column(
            "beskyttet",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="name or address is protected: lists show beskyttet instead",
        ),
    )
    # Not in batch mode, which would make the table again and lose its triggers.
    op.add_column(
        "read_log",
        sa.Column(
            "bruger", sa.String(200), comment="the person who looked, as provider:subject; empty: a system or a command"
        ),
    )
    op.add_column(
        "read_log",
        sa.Column("formaal", sa.String(20), comment="what for, udb.domain.formaal; empty: a system or a command"),
    )
    _name_kinds_of_activity()
    _keep_rates()
    _restore_reports()
    _restore_contacts()
    columns = "person_id, status, kommunekode, fra, til, registreret"
    homes = f"SELECT id, status, kommunekode, '{UNKNOWN}', '{OPEN}', '{BEFORE}' FROM person"  # noqa: S608 - from this file
    op.execute(f"INSERT INTO bopael ({columns}) {homes}")


def downgrade() -> None:
    said = sa.text("SELECT count(*) FROM read_log WHERE bruger IS NOT NULL OR formaal IS NOT NULL")
    if op.get_bind().scalar(said):
        raise RuntimeError("Users and purposes cannot be taken out of the read log again: its blocks hold them.")
    op.drop_column("read_log", "formaal")
    op.drop_column("read_log", "bruger")
    op.drop_column("person", "beskyttet")
    op.drop_column("haendelse", "system_id")
    for row in _activities():
        _store(row, {name: value for name, value in row["egenskaber"].items() if name != "art"})
    for table in (
        "egen_kontakt",
        "indkomstloen",
        "indkomstsats",
        "ansvarlig_funktion",
        "bopael",
        "kontakt_historik",
        "modtagelse",
    ):
        op.drop_table(table)


def _make_tables() -> None:
    _make_received()
    _make_contacts_of_the_past()
    _make_addresses()
    _make_own_contacts()
    _make_rates()
    _make_responsible()


def _make_received() -> None:
    op.create_table(
        "modtagelse",
        sa.Column("id", KEY, nullable=False),
        sa.Column(
            "tid",
            sa.DateTime(),
            nullable=False,
            comment="domain clock: the receipt's, of a repeated report the repetition's",
        ),
        sa.Column("system_id", sa.String(100), comment="empty: restored, and no call key knows it"),
        sa.Column("institution_nummer", sa.String(6), nullable=False),
        sa.Column("service", sa.String(60), nullable=False),
        sa.Column("resultat", sa.String(1), nullable=False, comment="A accepted, R refused, G repeated"),
        sa.Column("slags", sa.String(12), nullable=False, comment="ny, annullering, slet or proeve"),
        sa.Column(
            "genskabt",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="made by a migration from what was left: the past is at least this",
        ),
        sa.Column("koder", sa.Text(), nullable=False, comment="codes of the receipt, separated by blanks"),
        sa.Column("transaction_id", sa.String(100), comment="the caller's; empty: unknown, or it held the CPR number"),
        sa.Column("nummer", sa.String(27), comment="the event of the receipt"),
        sa.Column("person_id", KEY, comment="empty: unknown, or retention has deleted the youth"),
        sa.Column("dato", sa.Date(), comment="HaendelseDato"),
        sa.Column("forsinkelse_dage", sa.Integer(), comment="days from dato to the registration"),
        sa.PrimaryKeyConstraint("id", name="pk_modtagelse"),
        comment="one row for each judged report, in the receipt's transaction",
    )
    op.create_index(
        "ix_modtagelse_institution_nummer_service_system_id_resultat_tid",
        "modtagelse",
        ["institution_nummer", "service", "system_id", "resultat", "tid"],
    )
    known = sa.text("person_id IS NOT NULL")
    op.create_index("ix_modtagelse_person_id", "modtagelse", ["person_id"], sqlite_where=known, postgresql_where=known)


def _make_contacts_of_the_past() -> None:
    op.create_table(
        "kontakt_historik",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("art", sa.String(12), nullable=False),
        sa.Column("institution_nummer", sa.String(6), nullable=False),
        sa.Column("fra", sa.DateTime(), nullable=False, comment="the registration"),
        sa.Column("til", sa.DateTime(), comment="empty: the contact is in kontakt"),
        sa.Column("afsluttet", sa.String(10), comment="why it ended: erstattet, slettet or flyttet"),
        sa.Column(
            "genskabt",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="made by a migration from the contact of then: earlier ones are unknown",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_kontakt_historik"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_kontakt_historik_person_id"),
        comment="every contact that was registered, without name, mail and telephone",
    )
    op.create_index(
        "ix_kontakt_historik_person_id_art_institution_nummer",
        "kontakt_historik",
        ["person_id", "art", "institution_nummer"],
    )


def _make_addresses() -> None:
    op.create_table(
        "bopael",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("status", sa.String(2), nullable=False, comment="CPR status, sources.md 1"),
        sa.Column("kommunekode", sa.String(3)),
        sa.Column("fra", sa.Date(), nullable=False, comment="0001-01-01: unknown since when"),
        sa.Column(
            "til", sa.Date(), nullable=False, comment="the last day; 9999-12-31: until a later import changes it"
        ),
        sa.Column("registreret", sa.DateTime(), nullable=False, comment="domain clock: the import that said so"),
        sa.Column(
            "rettet", sa.DateTime(), comment="domain clock: when a later import said another thing of these days"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bopael"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_bopael_person_id"),
        comment="where each person lived; of the rows without rettet, one at most covers a day",
    )
    op.create_index("ix_bopael_person_id", "bopael", ["person_id"])


def _make_own_contacts() -> None:
    op.create_table(
        "egen_kontakt",
        sa.Column("person_id", KEY, nullable=False),
        sa.Column(
            "kilde", sa.String(20), nullable=False, comment="the register it is from; the CPR register's is in person"
        ),
        sa.Column("mail", sa.Text()),
        sa.Column("telefon", sa.Text()),
        sa.Column("registreret", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "kilde", name="pk_egen_kontakt"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_egen_kontakt_person_id"),
        comment="the youths' own mail and telephone, as other registers than CPR have them",
    )


def _make_rates() -> None:
    op.create_table(
        "indkomstsats",
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column("gruppe", sa.String(5), nullable=False, comment="the age group, as in the code set timeloen"),
        sa.Column("oere", sa.Integer(), nullable=False, comment="the wage of an hour"),
        sa.PrimaryKeyConstraint("maaned", "gruppe", name="pk_indkomstsats"),
        comment="the rates by which a month was calculated when it was last delivered",
    )
    op.create_table(
        "indkomstloen",
        sa.Column("maaned", sa.Date(), nullable=False),
        sa.Column("indtaegtsart", sa.String(4), nullable=False),
        sa.PrimaryKeyConstraint("maaned", "indtaegtsart", name="pk_indkomstloen"),
        comment="the kinds of income that were wage when a month was last delivered",
    )


def _make_responsible() -> None:
    op.create_table(
        "ansvarlig_funktion",
        sa.Column("id", KEY, nullable=False),
        sa.Column("institution_nummer", sa.String(6), nullable=False),
        sa.Column("navn", sa.Text(), nullable=False, comment="of the function, not of a person"),
        sa.Column("mail", sa.Text()),
        sa.Column("telefon", sa.Text()),
        sa.Column("fra", sa.Date(), nullable=False),
        sa.Column("til", sa.Date(), comment="the last day; before fra: replaced before it began"),
        sa.PrimaryKeyConstraint("id", name="pk_ansvarlig_funktion"),
        comment="who answers for an institution's data, by mailbox and telephone",
    )
    op.create_index("ix_ansvarlig_funktion_institution_nummer", "ansvarlig_funktion", ["institution_nummer"])


CODES: Final = sa.table(
    "kodesaet",
    *(sa.column(name, sa.Text()) for name in ("saet", "kode", "variant")),
    *(sa.column(name, sa.Date()) for name in ("gyldig_fra", "gyldig_til")),
    sa.column("egenskaber", sa.JSON()),
)
ARTER: Final = {
    "grundskole": "K01 K02 K59",
    "forberedende": "K03 K04 K05 K06 K07 K08 K09 K10 K11 K13 K51",
    "uddannelse": "K12 K14 K15 K53 K58",
    "foranstaltning": "K16",
    "udland": "K52",
    "erhverv": "K54",
    "praktik": "K55",
    "fritaget": "K56",
    "sygdom": "K57",
}


def _activities() -> list[Any]:
    found = op.get_bind().execute(sa.select(CODES).where(CODES.c.saet == "kommune_aktiviteter"))
    return list(found.mappings())


def _store(row: Any, egenskaber: dict[str, str]) -> None:
    same = sa.and_(*(CODES.c[name] == row[name] for name in ("saet", "kode", "variant", "gyldig_fra")))
    op.get_bind().execute(sa.update(CODES).where(same).values(egenskaber=egenskaber))


def _name_kinds_of_activity() -> None:
    """Give the shipped activities of kommuner their ``art``; others have none."""
    arter = {code: art for art, codes in ARTER.items() for code in codes.split()}
    for row in _activities():
        _store(row, {**row["egenskaber"], "art": arter.get(row["kode"], "")})


def _keep_rates() -> None:
    """Keep the rates and kinds of wage of the delivered months, as the code sets have them today."""
    bind = op.get_bind()
    months = sa.table("indkomstmaaned", sa.column("maaned", sa.Date()))
    query = sa.select(CODES).where(CODES.c.saet.in_(("timeloen", "indtaegtsarter")))
    codes = bind.execute(query).mappings().all()
    for day in bind.execute(sa.select(months.c.maaned)).scalars().all():
        valid = [row for row in codes if row["gyldig_fra"] <= day and (row["gyldig_til"] or date.max) >= day]
        rates = {
            row["kode"]: int(Decimal(row["egenskaber"]["kroner"]) * 100) for row in valid if row["saet"] == "timeloen"
        }
        wages = {row["kode"] for row in valid if row["egenskaber"].get("loentype") == "loen"}
        for group, oere in rates.items():
            _insert("indkomstsats", maaned=day, gruppe=group, oere=oere)
        for kind in sorted(wages):
            _insert("indkomstloen", maaned=day, indtaegtsart=kind)


def _insert(table: str, **values: Any) -> None:
    kinds: dict[str, Any] = {"maaned": sa.Date(), "oere": sa.Integer()}
    columns = (sa.column(name, kinds.get(name, sa.String())) for name in values)
    op.get_bind().execute(sa.table(table, *columns).insert().values(**values))


def _restore_reports() -> None:
    """Fill ``modtagelse`` and ``haendelse.system_id`` from the call keys of reports that made an event."""
    keys = sa.table(
        "call_key",
        *(sa.column(name, sa.String()) for name in ("system_id", "operation", "institution_nummer", "transaction_id")),
        sa.column("receipt", sa.JSON()),
    )
    events = sa.table(
        "haendelse",
        *(sa.column(name, sa.String()) for name in ("nummer", "cprnr", "service", "system_id")),
        sa.column("person_id", KEY),
        sa.column("haendelse_dato", sa.Date()),
        sa.column("registreringstid", sa.DateTime()),
        sa.column("annullering", sa.Boolean()),
    )
    advice = sa.table("haendelse_raad", sa.column("nummer", sa.String()), sa.column("fejl_kode", sa.String()))
    given = sa.func.aggregate_strings(advice.c.fejl_kode, " ")
    codes = sa.select(given).where(advice.c.nummer == events.c.nummer).scalar_subquery()
    plain = sa.func.replace(sa.func.replace(keys.c.transaction_id, "-", ""), " ", "")
    names_youth = plain.contains(events.c.cprnr)
    of_key = events.c.nummer == keys.c.receipt["haendelse_nummer"].as_string()
    made = sa.select(
        events.c.registreringstid,
        keys.c.system_id,
        keys.c.institution_nummer,
        events.c.service,
        sa.literal("A"),
        sa.case((events.c.annullering, "annullering"), else_="ny"),
        sa.true(),
        sa.func.coalesce(codes, ""),
        sa.case((names_youth, None), else_=keys.c.transaction_id),
        events.c.nummer,
        events.c.person_id,
        events.c.haendelse_dato,
        _days(events.c.registreringstid, events.c.haendelse_dato),
    ).select_from(keys.join(events, of_key))
    op.execute(_received().insert().from_select(NAMES, made.order_by(events.c.nummer)))
    received = _received()
    op.execute(events.update().where(received.c.nummer == events.c.nummer).values(system_id=received.c.system_id))


def _restore_contacts() -> None:
    """Fill ``modtagelse`` and ``kontakt_historik`` from the contacts and wishes of today."""
    contacts, wishes = (
        sa.table(
            name,
            *(sa.column(text, sa.String()) for text in ("art", "institution_nummer")),
            sa.column("person_id", KEY),
            sa.column("registreringstid", sa.DateTime()),
        )
        for name in ("kontakt", "onske")
    )
    service = sa.case((contacts.c.art == "kommune", "IndberetningKontaktperson"), else_="IndberetInstitutionKontakt")
    # What a job centre registers comes with its subscription, which made an event.
    of_contacts = sa.select(*_without_key(contacts, service)).where(contacts.c.art != "jobcenter")
    of_wishes = sa.select(*_without_key(wishes, sa.literal("IndberetningOnsker"))).distinct()
    names = [name for name in NAMES if name not in UNKNOWN_WITHOUT_KEY]
    for found in (of_contacts, of_wishes):
        op.execute(_received().insert().from_select(names, found))
    op.execute(
        "INSERT INTO kontakt_historik (person_id, art, institution_nummer, fra, genskabt)"
        " SELECT person_id, art, institution_nummer, registreringstid, true FROM kontakt"
    )


NAMES: Final = (
    *("tid", "system_id", "institution_nummer", "service", "resultat", "slags", "genskabt", "koder"),
    *("transaction_id", "nummer", "person_id", "dato", "forsinkelse_dage"),
)
UNKNOWN_WITHOUT_KEY: Final = frozenset({"system_id", "transaction_id", "nummer", "dato", "forsinkelse_dage"})


def _without_key(rows: Any, service: Any) -> list[Any]:
    facts = (rows.c.registreringstid, rows.c.institution_nummer, service)
    return [*facts, sa.literal("A"), sa.literal("ny"), sa.true(), sa.literal(""), rows.c.person_id]


def _received() -> Any:
    return sa.table("modtagelse", *(sa.column(name) for name in NAMES))


def _days(instant: Any, day: Any) -> Any:
    """Return the days from a date to the Danish date of an instant in UTC."""
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        local = sa.func.timezone("Europe/Copenhagen", sa.func.timezone("UTC", instant))
        return sa.cast(local, sa.Date()) - day
    # SQLite knows no time zones.
    driver: Any = bind.connection.dbapi_connection
    driver.create_function("danish_days", 2, _danish_days, deterministic=True)
    return sa.func.danish_days(instant, day)


def _danish_days(instant: str, day: str) -> int:
    local = datetime.fromisoformat(instant).replace(tzinfo=UTC).astimezone(ZoneInfo("Europe/Copenhagen"))
    return (local.date() - date.fromisoformat(day)).days
