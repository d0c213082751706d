"""Say of each event on which days the feed may show it, find a kommune's events by that, and mark them by one index.

The marks lose their foreign key, which checks and locks each event again that was just read, and are ordered by event:
one index finds who has fetched an event, and whether a system has.

``vises_under_25`` and ``vises_over_25`` are calculated from the history (``RECALCULATE_EVENTS``); triggers make
``synlig_fra`` and ``synlig_til`` of them and of the youth's birthdays, for every writer.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0012_side"
down_revision = "0011_egne"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = True

SHOWN: Final = "synlig_til IS NOT NULL"
OF_SCHOOL: Final = "skolekommune IS NOT NULL"
FOLLOWED: Final = "person_id, haendelse_dato, annullering, vises_under_25, vises_over_25, synlig_fra, synlig_til"
"""The columns that decide an event's days, and these two: a value written there is replaced by the database's."""
UNCHECKED: Final = "no foreign key: each would be checked and locked again"
BIRTHDAYS: Final = ("turns_15", "turns_25", "turns_30")


def upgrade() -> None:
    op.add_column(
        "haendelse",
        sa.Column(
            "vises_under_25",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="computed, as is vises_over_25: the ages at which the feed shows it",
        ),
    )
    op.add_column(
        "haendelse",
        sa.Column("vises_over_25", sa.Boolean(), nullable=False, server_default=sa.false(), comment="computed"),
    )
    op.add_column(
        "haendelse",
        sa.Column(
            "synlig_fra",
            sa.Date(),
            comment="the first day on which the feed may show it; set by a trigger, as is synlig_til; empty: never",
        ),
    )
    op.add_column("haendelse", sa.Column("synlig_til", sa.Date(), comment="the first day on which it may no longer"))
    op.drop_index("ix_haendelse_hjemkommune_nummer", "haendelse")
    op.drop_index("ix_haendelse_skolekommune", "haendelse")
    _index("ix_haendelse_hjemkommune", ["hjemkommune", "nummer", "synlig_til", "synlig_fra"], SHOWN)
    _index("ix_haendelse_skolekommune", ["skolekommune", "nummer", "synlig_til", "synlig_fra"], OF_SCHOOL)
    if op.get_bind().dialect.name == "postgresql":
        _keep_days_postgresql()
    else:
        _keep_days_sqlite()
    _key_marks(("nummer", "modtager", "system_id"))


def downgrade() -> None:
    _key_marks(("system_id", "modtager", "nummer"), of_event=True)
    if op.get_bind().dialect.name == "postgresql":
        _replace_in_kommuner(*reversed(_home_and_days()))
        op.execute("DROP TRIGGER haendelse_synlig ON haendelse")
        op.execute("DROP TRIGGER person_synlig ON person")
        op.execute("DROP FUNCTION haendelse_synlig()")
        op.execute("DROP FUNCTION person_synlig()")
    else:
        for name in ("haendelse_synlig_new", "haendelse_synlig_changed", "person_synlig"):
            op.execute(f"DROP TRIGGER {name}")
    op.drop_index("ix_haendelse_hjemkommune", "haendelse")
    op.drop_index("ix_haendelse_skolekommune", "haendelse")
    for name in ("synlig_til", "synlig_fra", "vises_over_25", "vises_under_25"):
        # Not in batch mode, which would make the table again and lose its triggers.
        op.drop_column("haendelse", name)
    _index("ix_haendelse_hjemkommune_nummer", ["hjemkommune", "nummer"])
    _index("ix_haendelse_skolekommune", ["skolekommune", "nummer"], OF_SCHOOL)


def _key_marks(key: tuple[str, ...], *, of_event: bool = False) -> None:
    """Give ``hentet`` another primary key; ``of_event``: with the foreign key and the index of the event's number."""
    if op.get_bind().dialect.name == "postgresql":
        if not of_event:
            op.drop_constraint("fk_hentet_nummer", "hentet")
            op.drop_index("ix_hentet_nummer", "hentet")
        op.drop_constraint("pk_hentet", "hentet")
        op.create_primary_key("pk_hentet", "hentet", list(key))
        op.alter_column("hentet", "nummer", comment=None if of_event else UNCHECKED)
        if of_event:
            op.create_foreign_key("fk_hentet_nummer", "hentet", "haendelse", ["nummer"], ["nummer"])
    else:
        op.rename_table("hentet", "hentet_before")
        foreign = (
            [sa.ForeignKeyConstraint(["nummer"], ["haendelse.nummer"], name="fk_hentet_nummer")] if of_event else []
        )
        op.create_table("hentet", *_marks(), sa.PrimaryKeyConstraint(*key, name="pk_hentet"), *foreign)
        names = ", ".join(column.name for column in _marks())
        op.execute(f"INSERT INTO hentet ({names}) SELECT {names} FROM hentet_before")  # noqa: S608 - names of this file
        op.drop_table("hentet_before")
    if of_event:
        op.create_index("ix_hentet_nummer", "hentet", ["nummer"])


def _marks() -> list[sa.Column[Any]]:
    return [
        sa.Column("system_id", sa.String(100), nullable=False),
        sa.Column("modtager", sa.String(6), nullable=False),
        sa.Column("nummer", sa.String(27), nullable=False),
        sa.Column("hentet_tid", sa.DateTime(), nullable=False),
        # In the order of PostgreSQL's table: a backup names the columns as they stand.
        sa.Column("givet_tid", sa.DateTime()),
        sa.Column("hentet_system", sa.DateTime(), nullable=False),
    ]


def _index(name: str, columns: list[str], where: str | None = None) -> None:
    partial = {} if where is None else {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
    op.create_index(name, "haendelse", columns, **partial)  # type: ignore[arg-type]  # options of both databases


def _days(event: str, youth: str) -> tuple[str, str]:
    """Return the expressions of ``synlig_fra`` and ``synlig_til`` from a row of events and one of persons.

    From the 25th birthday on, nothing dated before it is shown, except for a cancellation (A4, contract 5.1).
    """
    over = f"{event}vises_over_25 AND ({event}annullering OR {event}haendelse_dato >= {youth}turns_25)"
    begins = f"CASE WHEN {event}vises_under_25 THEN {youth}turns_15 WHEN {over} THEN {youth}turns_25 END"
    return begins, f"CASE WHEN {over} THEN {youth}turns_30 WHEN {event}vises_under_25 THEN {youth}turns_25 END"


def _changed(names: tuple[str, ...], differs: str) -> str:
    return " OR ".join(f"OLD.{name} {differs} NEW.{name}" for name in names)


def _home_and_days() -> tuple[str, str]:
    """Return what the trigger of new events reads of a person: before this migration, and with the days."""
    home = "SELECT CASE WHEN status IN ('01', '03') THEN kommunekode END"
    begins, ends = _days("NEW.", "")
    return (
        f"{home} INTO NEW.hjemkommune\n",
        f"{home}, {begins}, {ends} INTO NEW.hjemkommune, NEW.synlig_fra, NEW.synlig_til\n",
    )


def _replace_in_kommuner(before: str, after: str) -> None:
    """Let ``haendelse_kommuner`` read other columns of the person whom it looks up: a second look costs as much."""
    source = str(op.get_bind().scalar(sa.text("SELECT pg_get_functiondef('haendelse_kommuner'::regproc)")))
    if source.count(before) != 1:
        raise RuntimeError("The function haendelse_kommuner is not that of the migrations.")
    op.get_bind().exec_driver_sql(source.replace(before, after))


def _keep_days_postgresql() -> None:
    _replace_in_kommuner(*_home_and_days())
    begins, ends = _days("NEW.", "p.")
    # Without a lock on the person: an import judges events of youths that it has not locked while it holds the counter,
    # for which a report waits that has. Whoever changes the birthdays changes the same events, and one waits for the
    # other; both read the person once they have the event. A new event's person is locked by haendelse_kommuner.
    op.execute(f"""
        CREATE FUNCTION haendelse_synlig() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            SELECT {begins}, {ends} INTO NEW.synlig_fra, NEW.synlig_til
                FROM person p WHERE p.id = NEW.person_id;
            RETURN NEW;
        END $$""")  # noqa: S608 - put together from this file alone
    begins, ends = _days("", "NEW.")
    op.execute(f"""
        CREATE FUNCTION person_synlig() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE haendelse SET synlig_fra = {begins}, synlig_til = {ends} WHERE person_id = NEW.id;
            RETURN NULL;
        END $$""")  # noqa: S608 - as above
    differs = _changed(tuple(FOLLOWED.split(", ")), "IS DISTINCT FROM")
    born = _changed(BIRTHDAYS, "IS DISTINCT FROM")
    for name, event, table, condition in (
        ("haendelse_synlig", f"BEFORE UPDATE OF {FOLLOWED}", "haendelse", differs),
        ("person_synlig", "AFTER UPDATE", "person", born),
    ):
        op.execute(
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()"
        )


def _keep_days_sqlite() -> None:
    begins, ends = _days("", "p.")
    work_out = f"""
        UPDATE haendelse SET
            synlig_fra = (SELECT {begins} FROM person p WHERE p.id = person_id),
            synlig_til = (SELECT {ends} FROM person p WHERE p.id = person_id)"""  # noqa: S608 - as above
    for name, when, whose in (
        ("haendelse_synlig_new", "INSERT ON haendelse", "nummer = NEW.nummer"),
        ("haendelse_synlig_changed", f"UPDATE OF {FOLLOWED} ON haendelse", "nummer = NEW.nummer"),
        ("person_synlig", f"UPDATE ON person WHEN {_changed(BIRTHDAYS, 'IS NOT')}", "person_id = NEW.id"),
    ):
        op.execute(f"CREATE TRIGGER {name} AFTER {when} BEGIN {work_out} WHERE {whose}; END")
