"""Efterskoler are the types that the code set ``institutionstyper`` flags, no longer two numbers (V 7).

An existing database keeps its rows and gets the flag on 1011 and 1012: what was shown stays shown.
"""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0004_efterskoler"
down_revision = "0003_herkomst"
branch_labels = None
depends_on = None

NUMBERS: Final = ("1011", "1012")
KODESAET: Final = sa.table(
    "kodesaet",
    sa.column("saet", sa.String),
    sa.column("kode", sa.String),
    sa.column("gyldig_fra", sa.Date),
    sa.column("egenskaber", sa.JSON),
)
RESIDENT: Final = "('01', '03')"
OF_SCHOOL: Final = "til_10 AND service <> 'IndberetningKommuneAktivitet'"
FLAG: Final = {"postgresql": "{}egenskaber ->> 'efterskole'", "sqlite": "json_extract({}egenskaber, '$.efterskole')"}
"""The flag of a row of ``kodesaet``; the braces take the row's name and a point."""
OF_TYPES: Final = "{}.saet = 'institutionstyper'"


def upgrade() -> None:
    """Flag the types, and let the triggers look at the flag."""
    for row in _types():
        _store({**row.egenskaber, "efterskole": str(int(row.kode in NUMBERS))}, row)
    dialect = op.get_bind().dialect.name
    _judge(dialect, _not_flagged(dialect))
    if dialect == "postgresql":
        _follow_flag_postgresql()
    else:
        _follow_flag_sqlite()


def downgrade() -> None:
    """Remove the flag, and let the triggers look at the two numbers again."""
    dialect = op.get_bind().dialect.name
    for verb in _flag_changes(dialect):
        op.execute(f"DROP TRIGGER {_trigger(verb)}" + (" ON kodesaet" if dialect == "postgresql" else ""))
    if dialect == "postgresql":
        op.execute("DROP FUNCTION kodesaet_kommuner()")
    _judge(dialect, f"type3 NOT IN {NUMBERS}")
    for row in _types():
        _store({name: value for name, value in row.egenskaber.items() if name != "efterskole"}, row)
    op.execute("UPDATE haendelse SET skolekommune = NULL WHERE til_10")


def _types() -> list[sa.Row[Any]]:
    return list(op.get_bind().execute(sa.select(KODESAET).where(KODESAET.c.saet == "institutionstyper")))


def _store(egenskaber: dict[str, str], row: sa.Row[Any]) -> None:
    same = (KODESAET.c[name] == getattr(row, name) for name in ("saet", "kode", "gyldig_fra"))
    op.execute(sa.update(KODESAET).where(*same).values(egenskaber=egenskaber))


def _not_flagged(dialect: str) -> str:
    flagged = f"{OF_TYPES.format('k')} AND k.kode = type3 AND {FLAG[dialect].format('k.')} = '1'"
    return f"NOT EXISTS (SELECT 1 FROM kodesaet k WHERE {flagged})"  # noqa: S608 - put together from this file alone


def _flag_changes(dialect: str) -> dict[str, str]:
    """Return the statements that change which types are efterskoler, each with its condition."""
    before, after = (f"({FLAG[dialect].format(row)} = '1')" for row in ("OLD.", "NEW."))
    old, new = (OF_TYPES.format(row) for row in ("OLD", "NEW"))
    differs = "IS DISTINCT FROM" if dialect == "postgresql" else "IS NOT"
    return {
        "INSERT": f"{new} AND {after}",
        "DELETE": f"{old} AND {before}",
        "UPDATE": f"({old} OR {new}) AND (OLD.kode <> NEW.kode OR {before} {differs} {after})",
    }


def _judge(dialect: str, not_efterskole: str) -> None:
    """Let the baseline's triggers work out an event's kommuner by a condition on the type of its institution."""
    if dialect == "postgresql":
        _judge_postgresql(not_efterskole)
    else:
        _judge_sqlite(not_efterskole)


def _trigger(verb: str) -> str:
    return f"kodesaet_kommuner_{verb.lower()}"


def _judge_postgresql(not_efterskole: str) -> None:
    op.execute(f"""
        CREATE OR REPLACE FUNCTION haendelse_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'INSERT' OR (OLD.person_id, OLD.hjemkommune)
                IS DISTINCT FROM (NEW.person_id, NEW.hjemkommune) THEN
                SELECT CASE WHEN status IN {RESIDENT} THEN kommunekode END INTO NEW.hjemkommune
                    FROM person WHERE id = NEW.person_id FOR SHARE;
            END IF;
            NEW.skolekommune := NULL;
            IF NEW.til_10 AND NEW.service <> 'IndberetningKommuneAktivitet' THEN
                SELECT beliggenhedskommune INTO NEW.skolekommune FROM institution
                    WHERE nummer = NEW.institution_nummer AND {not_efterskole}
                    AND beliggenhedskommune <> NEW.hjemkommune;
            END IF;
            RETURN NEW;
        END $$""")  # noqa: S608 - put together from this file alone


def _follow_flag_postgresql() -> None:
    # With the counter held, as in institution_kommuner: every event of these institutions is either visible here or
    # will see the type as it is now.
    op.execute("""
        CREATE FUNCTION kodesaet_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM counter FOR UPDATE;
            UPDATE haendelse SET skolekommune = NULL
                WHERE til_10 AND institution_nummer IN
                    (SELECT nummer FROM institution WHERE type3 IN (OLD.kode, NEW.kode));
            RETURN NULL;
        END $$""")
    for verb, condition in _flag_changes("postgresql").items():
        op.execute(
            f"CREATE TRIGGER {_trigger(verb)} AFTER {verb} ON kodesaet FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION kodesaet_kommuner()"
        )


def _work_out_sqlite(not_efterskole: str) -> str:
    return f"""
        UPDATE haendelse SET
            hjemkommune = (SELECT kommunekode FROM person WHERE id = person_id AND status IN {RESIDENT}),
            skolekommune = (
                SELECT i.beliggenhedskommune FROM institution i, person p
                WHERE i.nummer = institution_nummer AND p.id = person_id AND {OF_SCHOOL} AND {not_efterskole}
                AND p.status IN {RESIDENT} AND i.beliggenhedskommune <> p.kommunekode
            )"""  # noqa: S608 - put together from this file alone


def _judge_sqlite(not_efterskole: str) -> None:
    triggers = sa.text(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_kommuner_%'"
        " AND tbl_name <> 'kodesaet'"
    )
    # The same triggers with the same events and conditions, and other work.
    for name, sql in op.get_bind().execute(triggers).all():
        head, whose = sql.partition("BEGIN")[0], sql.rpartition("WHERE ")[2]
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"{head} BEGIN {_work_out_sqlite(not_efterskole)} WHERE {whose}")


def _follow_flag_sqlite() -> None:
    rows = {"INSERT": "NEW.kode", "DELETE": "OLD.kode", "UPDATE": "OLD.kode, NEW.kode"}
    for verb, condition in _flag_changes("sqlite").items():
        op.execute(f"""
            CREATE TRIGGER {_trigger(verb)} AFTER {verb} ON kodesaet WHEN {condition} BEGIN
                {_work_out_sqlite(_not_flagged("sqlite"))} WHERE til_10 AND institution_nummer IN
                    (SELECT nummer FROM institution WHERE type3 IN ({rows[verb]}));
            END""")  # noqa: S608 - put together from this file alone
