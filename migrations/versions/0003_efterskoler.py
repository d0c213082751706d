"""Efterskoler are the types that the code set ``institutionstyper`` flags, no longer two numbers (V 7).

An existing database keeps its rows and gets the flag on 1011 and 1012: what was shown stays shown.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0003_efterskoler"
down_revision = "0002_fritagelse"
branch_labels = None
depends_on = None

FLAGGED_BEFORE: Final = ("1011", "1012")
RESIDENT: Final = "('01', '03')"
OF_SCHOOL: Final = "til_10 AND service <> 'IndberetningKommuneAktivitet'"
FLAG: Final = {"postgresql": "{}egenskaber ->> 'efterskole'", "sqlite": "json_extract({}egenskaber, '$.efterskole')"}
"""The flag of a row of ``kodesaet``; the braces take the row's name and a point."""
OF_TYPES: Final = "{}.saet = 'institutionstyper'"


def upgrade() -> None:
    """Flag the types, and let the triggers look at the flag."""
    _flag_types()
    if op.get_bind().dialect.name == "postgresql":
        _keep_kommuner_postgresql()
    else:
        _keep_kommuner_sqlite()


def downgrade() -> None:
    """Refuse: the program before this has two numbers where this has a flag."""
    raise NotImplementedError("restore the backup that was made before the upgrade")


def _flag_types() -> None:
    kodesaet = sa.table(
        "kodesaet",
        sa.column("saet", sa.String),
        sa.column("kode", sa.String),
        sa.column("gyldig_fra", sa.Date),
        sa.column("egenskaber", sa.JSON),
    )
    types = kodesaet.c.saet == "institutionstyper"
    for _, kode, gyldig_fra, egenskaber in op.get_bind().execute(sa.select(kodesaet).where(types)).all():
        flagged = {**egenskaber, "efterskole": str(int(kode in FLAGGED_BEFORE))}
        same = sa.and_(types, kodesaet.c.kode == kode, kodesaet.c.gyldig_fra == gyldig_fra)
        op.execute(sa.update(kodesaet).where(same).values(egenskaber=flagged))


def _not_efterskole(dialect: str, type3: str) -> str:
    return (
        f"NOT EXISTS (SELECT 1 FROM kodesaet k WHERE {OF_TYPES.format('k')} AND k.kode = {type3}"
        f" AND {FLAG[dialect].format('k.')} = '1')"
    )


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


def _keep_kommuner_postgresql() -> None:
    # As in the baseline, but for the types.
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
                    WHERE nummer = NEW.institution_nummer AND {_not_efterskole("postgresql", "type3")}
                    AND beliggenhedskommune <> NEW.hjemkommune;
            END IF;
            RETURN NEW;
        END $$""")  # noqa: S608 - put together from this file alone
    # With the counter held, as in institution_kommuner: every event of these institutions is either visible here or
    # will see the type as it is now.
    op.execute("""
        CREATE OR REPLACE FUNCTION kodesaet_kommuner() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            PERFORM 1 FROM counter FOR UPDATE;
            UPDATE haendelse SET skolekommune = NULL
                WHERE til_10 AND institution_nummer IN
                    (SELECT nummer FROM institution WHERE type3 IN (OLD.kode, NEW.kode));
            RETURN NULL;
        END $$""")
    for verb, condition in _flag_changes("postgresql").items():
        op.execute(
            f"CREATE OR REPLACE TRIGGER kodesaet_kommuner_{verb.lower()} AFTER {verb} ON kodesaet FOR EACH ROW"
            f" WHEN ({condition}) EXECUTE FUNCTION kodesaet_kommuner()"
        )


def _keep_kommuner_sqlite() -> None:
    work_out = f"""
        UPDATE haendelse SET
            hjemkommune = (SELECT kommunekode FROM person WHERE id = person_id AND status IN {RESIDENT}),
            skolekommune = (
                SELECT i.beliggenhedskommune FROM institution i, person p
                WHERE i.nummer = institution_nummer AND p.id = person_id AND {OF_SCHOOL}
                AND {_not_efterskole("sqlite", "i.type3")}
                AND p.status IN {RESIDENT} AND i.beliggenhedskommune <> p.kommunekode
            )"""  # noqa: S608 - put together from this file alone
    triggers = op.get_bind().execute(
        sa.text(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_kommuner_%'"
            " AND tbl_name <> 'kodesaet'"
        )
    )
    # The same triggers with the same events and conditions, and other work.
    for name, sql in triggers.all():
        head, whose = sql.partition("BEGIN")[0], sql.rpartition("WHERE ")[2]
        op.execute(f"DROP TRIGGER {name}")
        op.execute(f"{head} BEGIN {work_out} WHERE {whose}")
    for verb, condition in _flag_changes("sqlite").items():
        rows = {"INSERT": "NEW.kode", "DELETE": "OLD.kode", "UPDATE": "OLD.kode, NEW.kode"}[verb]
        op.execute(f"DROP TRIGGER IF EXISTS kodesaet_kommuner_{verb.lower()}")
        op.execute(f"""
            CREATE TRIGGER kodesaet_kommuner_{verb.lower()} AFTER {verb} ON kodesaet WHEN {condition} BEGIN
                {work_out} WHERE til_10 AND institution_nummer IN
                    (SELECT nummer FROM institution WHERE type3 IN ({rows}));
            END""")  # noqa: S608 - put together from this file alone
