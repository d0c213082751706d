"""A read log of the first release: its blocks verify as they did, and its notes of removal come into the next block."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, text
from sqlalchemy.exc import IntegrityError

from tests.support.read_log import add, tampering
from tests.support.versions import downgrade, make_baseline
from udb.domain.call import Call
from udb.domain.clock import system_time
from udb.domain.formaal import Formaal
from udb.readlog.entries import log_read
from udb.readlog.lookup import readings
from udb.readlog.sealing import seal
from udb.readlog.verdict import Terms, terms
from udb.readlog.verify import verify
from udb.retention.read_log import keeps_from
from udb.store import migrate
from udb.store.engine import make_engine, reading, writing
from udb.store.log_hashes import block_hash, joint_hash, row_hash
from udb.store.tables.log import read_log, read_log_block, read_log_person, read_log_sealed, read_log_unsealed


def by() -> Terms:
    """The terms of now: those of the time when tests are collected are old before a long run comes here."""
    return terms(5, 60)


def seal_as_then(connection: Connection, nummer: int, forrige: str) -> str:
    """Seal the rows that wait as the first release did; return the block's hash."""
    later = {"bruger", "formaal"}
    then = [column for column in read_log.c if column.name not in later]
    rows = connection.execute(select(*then).where(read_log.c.id.in_(select(read_log_unsealed.c.row_id))))
    found: list[Any] = [{**dict.fromkeys(later), **row} for row in rows.mappings()]
    hashes = [row_hash(one) for one in found]
    times = [one["tid"] for one in found]
    block: dict[str, Any] = {"nummer": nummer, "forrige": forrige, "raekker": joint_hash(hashes), "antal": len(found)}
    block |= {"foerste": min(times), "sidste": max(times), "forseglet": max(times) + timedelta(seconds=9)}
    block["hash"] = block_hash({**block, "fjernelser": None})
    connection.execute(insert(read_log_block).values(block))
    for one, its in zip(found, hashes, strict=True):
        connection.execute(insert(read_log_sealed).values(row_id=one["id"], blok=nummer, hash=its))
    connection.execute(delete(read_log_unsealed))
    return str(block["hash"])


@pytest.fixture
def old_engine(empty_database_url: str) -> Any:
    """A log of the first release with three blocks, the first of which was removed; row 4 waits."""
    make_baseline(empty_database_url)
    engine = make_engine(empty_database_url)
    now, forrige = system_time(), ""
    old = keeps_from(now, 5) - timedelta(days=2)
    for number, tid in ((1, old), (2, now - timedelta(hours=2)), (3, now - timedelta(hours=1))):
        add(engine, number, tid=tid)
        with writing(engine) as connection:
            forrige = seal_as_then(connection, number, forrige)
    with writing(engine) as connection:
        note = "INSERT INTO read_log_removed (blok, tid, aar) VALUES (1, :tid, 5)"
        connection.execute(text(note), {"tid": str(now.replace(tzinfo=None))})
        connection.execute(delete(read_log_person).where(read_log_person.c.row_id == 1))
        connection.execute(delete(read_log).where(read_log.c.id == 1))
        connection.execute(delete(read_log_sealed).where(read_log_sealed.c.blok == 1))
    add(engine, 4)
    yield engine
    engine.dispose()


def test_what_was_sealed_before_still_verifies_and_goes_on(old_engine: Engine, empty_database_url: str) -> None:
    with reading(old_engine) as connection:
        before = connection.execute(text("SELECT nummer, hash FROM read_log_block ORDER BY nummer")).all()
    migrate.upgrade(empty_database_url)
    verdict = verify(old_engine, by())
    assert (verdict.faults, verdict.blocks, verdict.removed, verdict.waiting) == ([], 3, {5: 1}, 1)
    with reading(old_engine) as connection:
        assert connection.execute(select(read_log_block.c.nummer, read_log_block.c.hash)).all() == before
    assert seal(old_engine) == 1
    assert verify(old_engine, by()).faults == []
    with tampering(old_engine) as connection:
        connection.execute(text("UPDATE read_log_removed SET aar = 4"))
    assert verify(old_engine, by()).faults == ["The notes of removal in block 4 were changed: 1 are there."]


def test_the_triggers_hold_after_it(old_engine: Engine, empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    tables = (
        "read_log",
        "read_log_block",
        "read_log_person",
        "read_log_removed",
        "read_log_sealed",
        "read_log_unsealed",
    )
    for table in tables:
        with pytest.raises(IntegrityError, match="append-only"), writing(old_engine) as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def triggers(engine: Engine) -> list[Any]:
    made = (
        "SELECT tgname, tgrelid::regclass::text, prosrc, prosecdef, proconfig::text FROM pg_trigger"
        " JOIN pg_proc p ON p.oid = tgfoid WHERE NOT tgisinternal ORDER BY 1, 2"
        if engine.dialect.name == "postgresql"
        else "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
    )
    with reading(engine) as connection:
        return [tuple(row) for row in connection.execute(text(made))]


def test_every_trigger_is_that_of_a_new_database(old_engine: Engine, engine: Engine, empty_database_url: str) -> None:
    migrate.upgrade(empty_database_url)
    assert triggers(old_engine) == triggers(engine)


def test_no_function_finds_a_temporary_table_first(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return  # SQLite's triggers name tables of their own database alone
    query = text("SELECT proname FROM pg_proc WHERE prosecdef AND proconfig IS DISTINCT FROM :path")
    with reading(engine) as connection:
        path = ["search_path=pg_catalog, pg_temp"]
        assert connection.execute(query, {"path": path}).scalars().all() == []


def test_users_and_purposes_are_sealed_and_can_neither_be_changed_nor_taken_out(
    engine: Engine, database_url: str
) -> None:
    with writing(engine) as connection:
        call = Call(
            "c", "portal", "DataTilKommune", "side", "281111", "", bruger="kommune:anna", formaal=Formaal.VEJLEDNING
        )
        log_read(connection, call, [7], clause="A1")
        log_read(connection, replace(call, bruger=None, formaal=None), [7], clause="A1")
    with reading(engine) as connection:
        rows = [(one.bruger, one.formaal) for one in readings(connection, [7])]
    assert rows == [("kommune:anna", "vejledning"), (None, None)]
    assert seal(engine) == 1
    assert verify(engine, by()).faults == []
    with pytest.raises(RuntimeError, match="cannot be taken out"):
        downgrade(database_url, "0007_laeselog")
    for changed in ("bruger = NULL", "formaal = 'statistik'"):
        with tampering(engine) as connection:
            connection.execute(text(f"UPDATE read_log SET {changed} WHERE id = 1"))
        assert verify(engine, by()).faults == ["Row 1 of block 1 was changed."]
