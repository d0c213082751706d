"""Bind the read log tighter (docs/laeselog.md): notes of removal belong to the next block, tokens of a time-stamp
authority have a table, and the triggers hold where a role brings tables of its own.

All triggers of the log are made again. Notes from before belong to the block that is sealed next.
"""

import runpy
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0007_laeselog"
down_revision = "0006_hentet"
branch_labels = None
depends_on = None
RECALCULATE_EVENTS = False

NOTED: Final = "the block whose hash holds this note: the next one at that time"
TABLES: Final = (
    "read_log",
    "read_log_person",
    "read_log_unsealed",
    "read_log_block",
    "read_log_sealed",
    "read_log_removed",
)


def upgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    (_drop_postgresql if is_postgresql else _drop_sqlite)()
    op.add_column(
        "read_log_block",
        sa.Column("fjernelser", sa.String(64), comment="the hash over its notes of removal; empty: it has none"),
    )
    op.add_column("read_log_removed", sa.Column("noteret_i", sa.Integer(), comment=NOTED))
    op.execute("UPDATE read_log_removed SET noteret_i = (SELECT max(nummer) + 1 FROM read_log_block)")
    with op.batch_alter_table("read_log_removed") as table:
        table.alter_column("noteret_i", nullable=False, existing_type=sa.Integer(), existing_comment=NOTED)
    op.create_index("ix_read_log_removed_noteret_i", "read_log_removed", ["noteret_i"])
    op.create_table(
        "read_log_anchor",
        sa.Column("blok", sa.Integer(), nullable=False),
        sa.Column(
            "svar", sa.LargeBinary(), nullable=False, comment="the time-stamp authority's answer (RFC 3161, DER)"
        ),
        sa.PrimaryKeyConstraint("blok", name="pk_read_log_anchor"),
        sa.ForeignKeyConstraint(["blok"], ["read_log_block.nummer"], name="fk_read_log_anchor_blok"),
        comment="blocks whose hash a time-stamp authority has signed",
    )
    (_guard_postgresql if is_postgresql else _guard_sqlite)()


def downgrade() -> None:
    bind = op.get_bind()
    if bind.scalar(sa.text("SELECT count(*) FROM read_log_block WHERE fjernelser IS NOT NULL")):
        raise RuntimeError("The notes of removal cannot be taken out of the blocks again.")
    is_postgresql = bind.dialect.name == "postgresql"
    (_drop_postgresql if is_postgresql else _drop_sqlite)()
    op.drop_table("read_log_anchor")
    op.drop_index("ix_read_log_removed_noteret_i", "read_log_removed")
    for table, column in (("read_log_removed", "noteret_i"), ("read_log_block", "fjernelser")):
        with op.batch_alter_table(table) as changed:
            changed.drop_column(column)
    baseline = runpy.run_path(str(Path(__file__).with_name("0001_baseline.py")))
    for name in ("guard", "keep"):
        baseline[f"_{name}_read_log_{bind.dialect.name}"]()


def _drop_postgresql() -> None:
    made = sa.text(
        "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'read_log%'"
    )
    for name in op.get_bind().execute(made).scalars().all():
        op.execute(f"DROP FUNCTION {name}() CASCADE")


def _drop_sqlite() -> None:
    made = sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'read_log%'")
    for name in op.get_bind().execute(made).scalars().all():
        op.execute(f"DROP TRIGGER {name}")


# Which rows may be deleted, and which come next -----------------------------------------------------------------------

APPEND_ONLY: Final = "the read log is append-only"
NO_SANDBOX: Final = "a register that was read does not become a sandbox"
OWNERS: Final = "only the owner of the tables makes a sandbox or sets its clock"
NOT_NEXT: Final = f"{APPEND_ONLY}: this block does not follow the last one"
OTHER_CLOCK: Final = f"{APPEND_ONLY}: this time is not the time of the database"
NO_TIME: Final = f"{APPEND_ONLY}: no time of ours"
NOT_WAITING: Final = f"{APPEND_ONLY}: only a row that waits comes into a block, and only into the last one"
NOT_NOTED_NEXT: Final = f"{APPEND_ONLY}: a note of removal belongs to the next block"
IS_SANDBOX: Final = "EXISTS (SELECT 1 FROM {state} WHERE name = 'sandbox')"
_REMOVED_ROW: Final = (
    "EXISTS (SELECT 1 FROM {read_log_sealed} s JOIN {read_log_removed} r ON r.blok = s.blok WHERE s.row_id = OLD."
)
MAY_DELETE: Final = {
    "read_log": f"{_REMOVED_ROW}id)",
    "read_log_person": f"{_REMOVED_ROW}row_id)",
    "read_log_unsealed": "EXISTS (SELECT 1 FROM {read_log_sealed} s WHERE s.row_id = OLD.row_id)",
    "read_log_block": "1 = 0",
    "read_log_sealed": "EXISTS (SELECT 1 FROM {read_log_removed} r WHERE r.blok = OLD.blok)",
    "read_log_removed": "1 = 0",
    "read_log_anchor": "1 = 0",
}
"""Table -> the condition for deleting a row; in a sandbox every row may be deleted. No row may ever be updated."""
KEYS: Final = {
    "read_log": "id",
    "read_log_block": "nummer",
    "read_log_sealed": "row_id",
    "read_log_removed": "blok",
    "read_log_anchor": "blok",
}
"""Tables whose rows SQLite's INSERT OR REPLACE could overwrite."""


def _no_time(*columns: str) -> str:
    # PostgreSQL knows infinity and years that Python does not: one such row would stop the sealing and verification.
    return " OR ".join(
        f"NEW.{name} {{has_no_year}} OR NEW.{name} < '2000-01-01' OR NEW.{name} >= '3000-01-01'" for name in columns
    )


_HIGHEST: Final = "(SELECT coalesce(max(nummer), 0) FROM {read_log_block})"
_LAST: Final = "coalesce((SELECT hash FROM {read_log_block} ORDER BY nummer DESC LIMIT 1), '')"
_IS_REMOVED: Final = "EXISTS (SELECT 1 FROM {read_log_removed} r WHERE r.blok = NEW.blok)"
_WAITS: Final = "EXISTS (SELECT 1 FROM {read_log_unsealed} u WHERE u.row_id = NEW.row_id)"
ADDED: Final = {
    "read_log": {NO_TIME: _no_time("tid")},
    "read_log_block": {
        NO_TIME: _no_time("foerste", "sidste", "forseglet"),
        NOT_NEXT: f"NEW.nummer <> {_HIGHEST} + 1 OR NEW.forrige <> {_LAST}",
        OTHER_CLOCK: "NEW.forseglet > {soon}"
        " OR EXISTS (SELECT 1 FROM {read_log_block} b WHERE b.nummer = NEW.nummer - 1"
        " AND b.forseglet <= {soon} AND b.forseglet > {ten_minutes_after_it})",
    },
    "read_log_sealed": {
        NOT_WAITING: f"NEW.blok <> {_HIGHEST} OR {_IS_REMOVED} OR NOT {_WAITS}",
    },
    "read_log_removed": {
        NO_TIME: _no_time("tid"),
        NOT_NOTED_NEXT: f"NEW.noteret_i <> {_HIGHEST} + 1",
        OTHER_CLOCK: "NEW.tid > {soon}",
    },
}
"""Table -> what is said when a row is refused -> the condition for that."""
NAMES: Final = (*TABLES, "read_log_anchor", "state")


# PostgreSQL -----------------------------------------------------------------------------------------------------------


def _guard_postgresql() -> None:
    bind = op.get_bind()
    schema = bind.dialect.identifier_preparer.quote_identifier(bind.scalar(sa.text("SELECT current_schema()")))
    names = {name: f"{schema}.{name}" for name in NAMES} | {
        "soon": "(clock_timestamp() AT TIME ZONE 'UTC') + interval '10 minutes'",
        "ten_minutes_after_it": "NEW.forseglet + interval '10 minutes'",
        "has_no_year": "IS NULL",
    }
    # The owner's rights: a role that may add a row needs no right on the tables filled from it.
    _function(
        "read_log_added",
        f"""
            INSERT INTO {schema}.read_log_unsealed (row_id) VALUES (NEW.id);
            INSERT INTO {schema}.read_log_person (person_id, row_id)
                SELECT DISTINCT p.id::bigint, NEW.id FROM json_array_elements_text(NEW.personer) AS p(id);
            RETURN NULL;""",  # noqa: S608 - put together from this file alone, with the database's own name
    )
    op.execute("CREATE TRIGGER read_log_added AFTER INSERT ON read_log FOR EACH ROW EXECUTE FUNCTION read_log_added()")
    # The caller's rights: they are what is asked about.
    _function(
        "read_log_no_sandbox",
        f"""
            IF NEW.name IN ('sandbox', 'sandbox_ur') AND NOT pg_has_role(
                current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE'
            ) THEN
                RAISE EXCEPTION '{OWNERS}' USING ERRCODE = 'restrict_violation';
            END IF;
            IF NEW.name = 'sandbox' AND (
                EXISTS (SELECT 1 FROM {schema}.read_log) OR EXISTS (SELECT 1 FROM {schema}.read_log_block)
            ) THEN
                RAISE EXCEPTION '{NO_SANDBOX}' USING ERRCODE = 'restrict_violation';
            END IF;
            RETURN NEW;""",  # noqa: S608 - as above
        rights="INVOKER",
    )
    op.execute(
        "CREATE TRIGGER read_log_no_sandbox BEFORE INSERT OR UPDATE ON state"
        " FOR EACH ROW EXECUTE FUNCTION read_log_no_sandbox()"
    )
    for table, allowed in MAY_DELETE.items():
        condition = f"{IS_SANDBOX} OR {allowed}".format(**names)
        _function(
            f"{table}_kept",
            f"""
            IF TG_OP = 'DELETE' AND ({condition}) THEN
                RETURN OLD;
            END IF;
            RAISE EXCEPTION '{APPEND_ONLY}' USING ERRCODE = 'restrict_violation';""",
        )
        for name, event, each in (("kept", "UPDATE OR DELETE", "ROW"), ("whole", "TRUNCATE", "STATEMENT")):
            op.execute(
                f"CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}"
                f" FOR EACH {each} EXECUTE FUNCTION {table}_kept()"
            )
    for table, refusals in ADDED.items():
        checks = "".join(
            f"""
            IF {condition.format(**names)} THEN
                RAISE EXCEPTION '{said}' USING ERRCODE = 'restrict_violation';
            END IF;"""
            for said, condition in refusals.items()
        )
        _function(f"{table}_follows", f"{checks}\n            RETURN NEW;")
        op.execute(
            f"CREATE TRIGGER {table}_follows BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_follows()"
        )


def _function(name: str, body: str, rights: str = "DEFINER") -> None:
    # pg_temp last: where it is not named, it is searched first, and there any role may make tables of these names.
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY {rights}"
        f" SET search_path = pg_catalog, pg_temp AS $$ BEGIN{body}\n        END $$"
    )
    # Else any role could put it on a table of its own and write with the owner's rights.
    op.execute(f"REVOKE ALL ON FUNCTION {name}() FROM PUBLIC")


# SQLite ---------------------------------------------------------------------------------------------------------------


def _guard_sqlite() -> None:
    names: dict[str, Any] = {name: name for name in NAMES} | {
        "soon": "strftime('%Y-%m-%d %H:%M:%f', 'now', '+10 minutes')",
        "ten_minutes_after_it": "strftime('%Y-%m-%d %H:%M:%f', NEW.forseglet, '+10 minutes')",
        "has_no_year": "NOT GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*'",
    }
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
            WHEN NEW.name = 'sandbox'
            AND (EXISTS (SELECT 1 FROM read_log) OR EXISTS (SELECT 1 FROM read_log_block))
            BEGIN SELECT RAISE(ABORT, '{NO_SANDBOX}'); END""")  # noqa: S608 - as above
    refused = f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
    for table, allowed in MAY_DELETE.items():
        condition = f"{IS_SANDBOX} OR {allowed}".format(**names)
        op.execute(f"CREATE TRIGGER {table}_not_changed BEFORE UPDATE ON {table} {refused}")
        op.execute(f"CREATE TRIGGER {table}_not_deleted BEFORE DELETE ON {table} WHEN NOT ({condition}) {refused}")
    for table, key in KEYS.items():
        known = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - as above
        op.execute(f"CREATE TRIGGER {table}_not_replaced BEFORE INSERT ON {table} WHEN {known} {refused}")
    for table, refusals in ADDED.items():
        for number, (said, condition) in enumerate(refusals.items(), start=1):
            op.execute(
                f"CREATE TRIGGER {table}_follows_{number} BEFORE INSERT ON {table}"
                f" WHEN {condition.format(**names)} BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
