"""The kommuner that an event can concern stand with it, kept in step by the database itself: a kommune's page is found
by an index, however large the nation is.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

RESIDENT: Final = "('01', '03')"
TOLD: Final = "til_10 AND service <> 'IndberetningKommuneAktivitet'"
"""Which events a school's kommune may be told."""
NOT_EFTERSKOLE: Final = "type3 NOT IN ('1011', '1012')"
FOLLOWED: Final = "person_id, service, institution_nummer, til_10, hjemkommune, skolekommune"
"""What an event's kommuner follow from, and they themselves: whatever is written there, the database's own stays."""
MOVED: Final = "OLD.kommunekode IS DISTINCT FROM NEW.kommunekode OR OLD.status IS DISTINCT FROM NEW.status"
RELOCATED: Final = (
    "OLD.nummer IS DISTINCT FROM NEW.nummer OR OLD.type3 IS DISTINCT FROM NEW.type3"
    " OR OLD.beliggenhedskommune IS DISTINCT FROM NEW.beliggenhedskommune"
)


def upgrade() -> None:
    home = "where a youth with an address lives; kept by the database (migration 0012), as is skolekommune"
    school = "of what A2 may tell: where the school lies, when that is not hjemkommune"
    op.add_column("haendelse", sa.Column("hjemkommune", sa.String(length=3), comment=home))
    op.add_column("haendelse", sa.Column("skolekommune", sa.String(length=3), comment=school))
    op.execute(
        "UPDATE haendelse SET hjemkommune = p.kommunekode FROM person p"  # noqa: S608 - put together from this file alone
        f" WHERE p.id = haendelse.person_id AND p.status IN {RESIDENT} AND p.kommunekode IS NOT NULL"
    )
    op.execute(
        "UPDATE haendelse SET skolekommune = i.beliggenhedskommune FROM institution i"  # noqa: S608 - as above
        f" WHERE i.nummer = haendelse.institution_nummer AND {TOLD} AND i.{NOT_EFTERSKOLE}"
        " AND i.beliggenhedskommune <> haendelse.hjemkommune"
    )
    op.create_index(op.f("ix_haendelse_hjemkommune_nummer"), "haendelse", ["hjemkommune", "nummer"])
    _partial("ix_haendelse_skolekommune", ["skolekommune", "nummer"], "skolekommune IS NOT NULL")
    _partial("ix_haendelse_skole", ["institution_nummer"], "til_10")
    if op.get_bind().dialect.name == "postgresql":
        _keep_postgresql()
    else:
        _keep_sqlite()


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in ("haendelse", "person", "institution"):
            op.execute(f"DROP FUNCTION {table}_kommuner() CASCADE")
    else:
        made = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_kommuner_%'"
        for name in op.get_bind().execute(sa.text(made)).scalars().all():
            op.execute(f"DROP TRIGGER {name}")
    for name in ("ix_haendelse_skole", "ix_haendelse_skolekommune", "ix_haendelse_hjemkommune_nummer"):
        op.drop_index(name, "haendelse")
    op.drop_column("haendelse", "skolekommune")
    op.drop_column("haendelse", "hjemkommune")


def _partial(name: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, "haendelse", columns, sqlite_where=condition, postgresql_where=condition)


def _keep_postgresql() -> None:
    # The share of the person's lock costs nothing to whoever has locked the person; anybody else waits here for a move
    # that is not committed, as the move waits for an event that is not. Who holds the counter already and changes what
    # is not about the person must not wait for persons (docs/architecture.md, decision 1).
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
    op.execute(
        f"CREATE TRIGGER haendelse_kommuner BEFORE INSERT OR UPDATE OF {FOLLOWED} ON haendelse"
        " FOR EACH ROW EXECUTE FUNCTION haendelse_kommuner()"
    )
    # What is written here the event's own trigger works out once more, with skolekommune.
    op.execute(f"""
        CREATE FUNCTION person_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            UPDATE haendelse SET hjemkommune = CASE WHEN NEW.status IN {RESIDENT} THEN NEW.kommunekode END
                WHERE person_id = NEW.id;
            RETURN NULL;
        END $$""")  # noqa: S608 - as above
    op.execute(
        f"CREATE TRIGGER person_kommuner AFTER UPDATE ON person FOR EACH ROW WHEN ({MOVED})"
        " EXECUTE FUNCTION person_kommuner()"
    )
    # Whoever stores events holds the counter: with it held, every event of the institution is either seen here or will
    # see what is stored here.
    op.execute("""
        CREATE FUNCTION institution_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM counter FOR UPDATE;
            UPDATE haendelse SET skolekommune = NULL
                WHERE til_10 AND institution_nummer IN (OLD.nummer, NEW.nummer);
            RETURN NULL;
        END $$""")
    for name, when in (
        ("institution_kommuner_new", "INSERT ON institution FOR EACH ROW"),
        ("institution_kommuner_changed", f"UPDATE ON institution FOR EACH ROW WHEN ({RELOCATED})"),
    ):
        op.execute(f"CREATE TRIGGER {name} AFTER {when} EXECUTE FUNCTION institution_kommuner()")


def _keep_sqlite() -> None:
    work_out = f"""
        UPDATE haendelse SET
            hjemkommune = (SELECT kommunekode FROM person WHERE id = person_id AND status IN {RESIDENT}),
            skolekommune = (
                SELECT i.beliggenhedskommune FROM institution i, person p
                WHERE i.nummer = institution_nummer AND p.id = person_id AND {TOLD} AND i.{NOT_EFTERSKOLE}
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
