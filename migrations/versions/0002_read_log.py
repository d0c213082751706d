"""The read log is append-only, sealed in blocks and found by person; a person's id is never used again."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

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
"""Table -> when a row of it may go; besides, everything may in a sandbox. Nothing may ever be updated."""
KEYS: Final = {"read_log": "id", "read_log_block": "nummer", "read_log_sealed": "row_id", "read_log_removed": "blok"}
"""Tables whose rows SQLite's INSERT OR REPLACE could overwrite."""
APPEND_ONLY: Final = "the read log is append-only"
NO_SANDBOX: Final = "a register that was read does not become a sandbox"


def upgrade() -> None:
    _make_tables()
    if op.get_bind().dialect.name == "postgresql":
        _guard_postgresql()
    else:
        _guard_sqlite()
        with op.batch_alter_table("person", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER read_log_added ON read_log")
        op.execute("DROP FUNCTION read_log_added()")
        op.execute("DROP TRIGGER read_log_no_sandbox ON state")
        op.execute("DROP FUNCTION read_log_no_sandbox()")
        for table in MAY_DELETE:
            op.execute(f"DROP TRIGGER {table}_kept ON {table}")
            op.execute(f"DROP TRIGGER {table}_whole ON {table}")
            op.execute(f"DROP FUNCTION {table}_kept()")
    else:
        made = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'read_log%'"
        for name in op.get_bind().execute(sa.text(made)).scalars().all():
            op.execute(f"DROP TRIGGER {name}")
    for table in ("read_log_removed", "read_log_sealed", "read_log_block", "read_log_unsealed", "read_log_person"):
        op.drop_table(table)
    op.drop_table("person_merged")


def _make_tables() -> None:
    op.create_table(
        "person_merged",
        sa.Column("id", KEY, autoincrement=False, nullable=False, comment="the person that is no more"),
        sa.Column("person_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_merged_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_merged")),
        comment="persons that became one with another: the read log knows them by the id they had",
    )
    op.create_index(op.f("ix_person_merged_person_id"), "person_merged", ["person_id"])
    op.create_table(
        "read_log_person",
        sa.Column("person_id", KEY, autoincrement=False, nullable=False),
        sa.Column("row_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "row_id", name=op.f("pk_read_log_person")),
        comment="read_log.personer as an index; filled by the database with each row",
    )
    op.create_table(
        "read_log_unsealed",
        sa.Column("row_id", KEY, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_read_log_unsealed")),
        comment="the rows that wait for a block; filled by the database with each row",
    )
    op.create_table(
        "read_log_block",
        sa.Column("nummer", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "forrige", sa.String(length=64), nullable=False, comment="the hash of the block before, empty for the first"
        ),
        sa.Column(
            "raekker",
            sa.String(length=64),
            nullable=False,
            comment="the hash over the hashes of its rows, in id order",
        ),
        sa.Column("antal", sa.Integer(), nullable=False),
        sa.Column("foerste", sa.DateTime(), nullable=False, comment="the earliest time among its rows"),
        sa.Column("sidste", sa.DateTime(), nullable=False, comment="the latest"),
        sa.Column("forseglet", sa.DateTime(), nullable=False, comment="system time"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="over all the other columns"),
        sa.PrimaryKeyConstraint("nummer", name=op.f("pk_read_log_block")),
    )
    op.create_table(
        "read_log_sealed",
        sa.Column("row_id", KEY, autoincrement=False, nullable=False),
        sa.Column("blok", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["blok"], ["read_log_block.nummer"], name=op.f("fk_read_log_sealed_blok")),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_read_log_sealed")),
    )
    op.create_index(op.f("ix_read_log_sealed_blok"), "read_log_sealed", ["blok"])
    op.create_table(
        "read_log_removed",
        sa.Column("blok", sa.Integer(), nullable=False),
        sa.Column("tid", sa.DateTime(), nullable=False, comment="system time"),
        sa.Column("aar", sa.Integer(), nullable=False, comment="for how many years rows were kept then"),
        sa.CheckConstraint("aar >= 1", name=op.f("ck_read_log_removed_aar")),
        sa.ForeignKeyConstraint(["blok"], ["read_log_block.nummer"], name=op.f("fk_read_log_removed_blok")),
        sa.PrimaryKeyConstraint("blok", name=op.f("pk_read_log_removed")),
        comment="blocks whose rows retention has removed; without such a note no row can be deleted",
    )


def _guard_postgresql() -> None:
    op.execute("INSERT INTO read_log_unsealed (row_id) SELECT id FROM read_log")
    op.execute(
        "INSERT INTO read_log_person (person_id, row_id)"
        " SELECT DISTINCT p.id::bigint, l.id FROM read_log l, json_array_elements_text(l.personer) AS p(id)"
    )
    # Run with its maker's rights: whoever may add a row needs none on what follows from it.
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


def _guard_sqlite() -> None:
    op.execute("INSERT INTO read_log_unsealed (row_id) SELECT id FROM read_log")
    op.execute(
        "INSERT OR IGNORE INTO read_log_person (person_id, row_id)"
        " SELECT p.value, l.id FROM read_log l, json_each(l.personer) p"
    )
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
