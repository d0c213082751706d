"""Attacks on the read log by those who may write the database: refused where the triggers hold, else found."""

import time
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError, ProgrammingError

from tests.support.read_log import add, seal_at, tampering
from tests.support.service import PATIENCE
from udb.domain.clock import danish, system_time
from udb.domain.errors import UdbRefused
from udb.readlog.sealing import seal
from udb.readlog.verdict import Terms, terms, waits
from udb.readlog.verify import verify
from udb.retention import read_log as retention
from udb.retention.deletion_log import DeletionLog
from udb.retention.read_log import keeps_from
from udb.serve import sealer
from udb.settings import Settings
from udb.store.engine import reading, writing
from udb.store.locks import one_sealing_at_a_time
from udb.store.log_hashes import block_hash, joint_hash, row_hash
from udb.store.tables.log import (
    read_log,
    read_log_block,
    read_log_person,
    read_log_removed,
    read_log_sealed,
    read_log_unsealed,
)

AAR = 5
MINUTE = timedelta(minutes=1)
CLOCK = "The clock of this machine"
LAST_INTEGER = 2_147_483_647


@pytest.fixture
def kept_log(tmp_path: Path) -> DeletionLog:
    return DeletionLog(tmp_path / "sletninger.jsonl")


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """Two blocks with the rows 1-2 and 3; row 4 waits."""
    for numbers in ((1, 2), (3,)):
        add(engine, *numbers)
        seal(engine)
    add(engine, 4)
    return engine


def faults(engine: Engine, now: datetime | None = None, aar: int = AAR) -> list[str]:
    found = verify(engine, Terms(aar, waits(60), now or system_time())).faults
    # By another time than the database's, which is a fault of its own on PostgreSQL.
    return [line for line in found if now is None or not line.startswith(CLOCK)]


def refused(engine: Engine, *statements: Any, match: str = "append-only") -> None:
    """Assert that the database refuses the last of the statements."""
    with writing(engine) as connection:
        for statement in statements[:-1]:
            connection.execute(statement)
        with pytest.raises(IntegrityError, match=match):
            connection.execute(statements[-1])
        connection.rollback()


def empty(connection: Connection, nummer: int) -> None:
    """Delete the rows of a block, as retention does."""
    of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == nummer)
    connection.execute(delete(read_log_person).where(read_log_person.c.row_id.in_(of_block)))
    connection.execute(delete(read_log).where(read_log.c.id.in_(of_block)))
    connection.execute(delete(read_log_sealed).where(read_log_sealed.c.blok == nummer))


def next_block(engine: Engine, **changes: Any) -> dict[str, Any]:
    """Return a block without rows that is right in everything but the changes."""
    with reading(engine) as connection:
        query = select(read_log_block).order_by(read_log_block.c.nummer.desc()).limit(1)
        last = connection.execute(query).mappings().one()
    block = {
        "nummer": last["nummer"] + 1,
        "forrige": last["hash"],
        "raekker": joint_hash([]),
        "antal": 0,
        **dict.fromkeys(("foerste", "sidste", "forseglet"), system_time()),
        "fjernelser": None,
        **changes,
    }
    return {**block, "hash": block_hash(block)}


def test_rows_removed_before_their_years_are_over_are_found_whatever_the_note_says(sealed: Engine) -> None:
    later = system_time() + timedelta(days=366 * 6)
    ahead = insert(read_log_removed).values(blok=2, tid=later, aar=AAR, noteret_i=3)
    refused(sealed, ahead)
    with tampering(sealed) as connection:
        connection.execute(ahead)
        empty(connection, 2)
    assert faults(sealed) == [
        f"The removal of block 2 is dated ahead: {danish(later).isoformat(timespec='seconds')}.",
        "Block 2 was removed, and its 5 years are not over today.",
    ]
    assert seal(sealed) == 1
    assert "The removal of block 2 is dated after block 3, which holds its note." in faults(sealed)


@pytest.mark.parametrize("aar", [1, 5])
def test_a_removal_is_judged_by_today_and_by_the_years_of_the_settings(engine: Engine, aar: int) -> None:
    then = system_time() - timedelta(days=366 * 2)
    add(engine, 1, tid=then)
    seal_at(engine, then)
    with writing(engine) as connection:
        connection.execute(insert(read_log_removed).values(blok=1, tid=system_time(), aar=aar, noteret_i=2))
        empty(connection, 1)
    said = "and its 5 years are not over today" if aar == 1 else "before its 5 years were over"
    (found,) = faults(engine)
    assert said in found
    assert bool(faults(engine, aar=1)) is (aar == 5)
    verdict = verify(engine, terms(AAR, 60))
    assert verdict.removed == {aar: 1}


def test_retention_by_a_wrong_clock_is_refused_and_what_it_did_is_found(
    sealed: Engine, kept_log: DeletionLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "system_time", lambda: datetime(2076, 1, 1, tzinfo=UTC))
    with pytest.raises(IntegrityError, match="time of the database"):
        retention.remove_old(sealed, kept_log, AAR)
    assert faults(sealed) == []
    with tampering(sealed) as connection:
        retention.remove(connection, 1, datetime(2076, 1, 1, tzinfo=UTC), AAR)
    assert faults(sealed) == [
        "The removal of block 1 is dated ahead: 2076-01-01T01:00:00+01:00.",
        "Block 1 was removed, and its 5 years are not over today.",
    ]


@pytest.fixture
def removed(engine: Engine, kept_log: DeletionLog) -> Engine:
    """Block 1 was removed in its time, as blocks 2 (row 2) and 3 (nothing but the note) know; row 3 waits."""
    old = keeps_from(system_time(), AAR) - timedelta(days=1)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    add(engine, 2)
    seal(engine)
    assert retention.remove_old(engine, kept_log, AAR) == (1, 1, ())
    assert seal(engine) == 1
    add(engine, 3)
    assert faults(engine) == []
    return engine


@pytest.mark.parametrize(
    "change",
    [
        update(read_log_removed).values(aar=1),
        update(read_log_removed).values(tid=datetime(2026, 1, 1, tzinfo=UTC)),
        update(read_log_removed).values(noteret_i=2),
        insert(read_log_removed).values(blok=2, tid=datetime(2026, 1, 1, tzinfo=UTC), aar=5, noteret_i=3),
    ],
    ids=["years", "time", "block", "another note"],
)
def test_notes_of_removal_belong_to_the_hash_of_the_next_block(removed: Engine, change: Any) -> None:
    with tampering(removed) as connection:
        connection.execute(change)
    assert any(found.startswith("The notes of removal in block 3 were changed") for found in faults(removed))


def test_a_note_taken_away_is_found(removed: Engine) -> None:
    with tampering(removed) as connection:
        connection.execute(delete(read_log_removed))
    assert faults(removed) == [
        "The hashes of the rows of block 1 were changed: 0 of 1 are there.",
        "The notes of removal in block 3 were changed: 0 are there.",
    ]


@pytest.mark.parametrize("noteret_i", [1, 2, 5, LAST_INTEGER])
def test_a_note_of_any_block_but_the_next_is_refused_and_found(sealed: Engine, noteret_i: int) -> None:
    note = insert(read_log_removed).values(blok=1, tid=system_time(), aar=5, noteret_i=noteret_i)
    refused(sealed, note)
    with tampering(sealed) as connection:
        connection.execute(note)
    held = "The removal of block 1 is noted in no block."
    changed = f"The notes of removal in block {noteret_i} were changed: 1 are there."
    assert (held if noteret_i > 3 else changed) in faults(sealed)


def test_a_note_that_waits_too_long_is_found(engine: Engine, kept_log: DeletionLog) -> None:
    old = keeps_from(system_time(), AAR) - timedelta(days=1)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    retention.remove_old(engine, kept_log, AAR)
    assert faults(engine) == []
    later = system_time() + timedelta(minutes=15)
    assert faults(engine, later) == ["The removal of block 1 should be noted in a block. Run: udb log seal"]
    assert seal(engine) == 1
    assert faults(engine, later) == []


def test_a_row_put_into_a_removed_block_is_refused_and_found(removed: Engine) -> None:
    into = insert(read_log_sealed).values(row_id=3, blok=1, hash="0")
    refused(removed, into)
    with tampering(removed) as connection:
        connection.execute(into)
    with writing(removed) as connection:
        connection.execute(delete(read_log_unsealed))
    assert faults(removed) == ["Block 1 was removed and has rows: 1."]


@pytest.mark.parametrize(("row_id", "blok"), [(3, 2), (4, 1), (99, 2), (1, 2)])
def test_only_a_row_that_waits_comes_into_a_block_and_only_into_the_last(
    sealed: Engine, row_id: int, blok: int
) -> None:
    refused(sealed, insert(read_log_sealed).values(row_id=row_id, blok=blok, hash="0"))


@pytest.mark.parametrize(
    "changes",
    [
        {"nummer": LAST_INTEGER},
        {"nummer": 4},
        {"nummer": 0},
        {"nummer": -1},
        {"forrige": ""},
        {"forseglet": datetime(2099, 1, 1, tzinfo=UTC)},
        {"forseglet": datetime(2020, 1, 1, tzinfo=UTC)},
    ],
    ids=str,
)
def test_a_block_that_does_not_follow_or_is_dated_otherwise_is_refused(sealed: Engine, changes: dict[str, Any]) -> None:
    refused(sealed, insert(read_log_block).values(next_block(sealed, **changes)))
    assert seal(sealed) == 1
    assert faults(sealed) == []


def test_a_gap_is_one_line_however_wide_it_is(sealed: Engine) -> None:
    with tampering(sealed) as connection:
        connection.execute(insert(read_log_block).values(next_block(sealed, nummer=LAST_INTEGER)))
    assert faults(sealed) == [f"Blocks 3-{LAST_INTEGER - 1} are gone."]


def test_a_block_dated_ahead_is_a_fault_and_no_rest(sealed: Engine) -> None:
    ahead = datetime(2099, 1, 1, tzinfo=UTC)
    with tampering(sealed) as connection:
        connection.execute(insert(read_log_block).values(next_block(sealed, forseglet=ahead)))
    assert faults(sealed) == ["Block 3 is dated ahead: 2099-01-01T01:00:00+01:00."]
    assert seal(sealed, unless_within=MINUTE) == 1
    assert seal(sealed) == 0
    assert "Block 3 is dated ahead: 2099-01-01T01:00:00+01:00." in faults(sealed)
    assert faults(sealed, ahead + timedelta(days=1)) == [
        "Block 3 is dated after block 4: 2099-01-01T01:00:00+01:00.",
    ]


def test_a_machine_whose_clock_is_ahead_seals_nothing_and_says_why(sealed: Engine) -> None:
    for wrong in (timedelta(days=30), timedelta(minutes=11)):
        with pytest.raises(UdbRefused, match="clock of this machine"):
            seal_at(sealed, system_time() + wrong)
    with pytest.raises(UdbRefused, match="behind the last block"):
        seal_at(sealed, system_time() - timedelta(minutes=11))
    assert seal(sealed) == 1
    assert faults(sealed) == []


def test_rows_that_wait_too_long_are_a_fault(sealed: Engine) -> None:
    assert faults(sealed, system_time() + timedelta(minutes=10)) == []
    (found,) = faults(sealed, system_time() + timedelta(minutes=12))
    assert found.startswith("Of the rows that wait, 1 should be in a block, one since ")
    seal(sealed)
    assert faults(sealed, system_time() + timedelta(minutes=12)) == []


def test_rows_dated_ahead_are_a_fault_while_they_wait_and_when_they_are_sealed(sealed: Engine) -> None:
    add(sealed, 5, tid=datetime(2099, 1, 1, tzinfo=UTC))
    assert faults(sealed) == ["Of the rows that wait, 1 are dated ahead, up to 2099-01-01T01:00:00+01:00."]
    seal(sealed)
    assert faults(sealed) == [
        "Block 3 has rows that are dated after its sealing, up to 2099-01-01T01:00:00+01:00.",
    ]


def test_rows_dated_back_are_kept_as_long_as_others_and_found(sealed: Engine, kept_log: DeletionLog) -> None:
    add(sealed, 5, tid=datetime(2010, 1, 1, tzinfo=UTC))
    seal(sealed)
    assert retention.remove_old(sealed, kept_log, AAR) == (0, 0, ())
    assert faults(sealed) == ["Block 3 has rows that are dated before block 2, from 2010-01-01T01:00:00+01:00 on."]


def sealed_as_old(engine: Engine, **changes: Any) -> None:
    """Seal the rows that wait in a block whose hashes are right and whose times are not, as the service's role can."""
    with writing(engine) as connection:
        rows = connection.execute(
            select(read_log)
            .join(read_log_unsealed, read_log_unsealed.c.row_id == read_log.c.id)
            .order_by(read_log.c.id)
        )
        found = rows.mappings().all()
        hashes = [row_hash(one) for one in found]
        block = next_block(engine, raekker=joint_hash(hashes), antal=len(hashes), **changes)
        connection.execute(insert(read_log_block).values(block))
        for one, its in zip(found, hashes, strict=True):
            connection.execute(insert(read_log_sealed).values(row_id=one["id"], blok=block["nummer"], hash=its))
        connection.execute(delete(read_log_unsealed))


def test_a_block_that_says_its_rows_are_old_takes_none_with_it(engine: Engine, kept_log: DeletionLog) -> None:
    old = keeps_from(system_time(), AAR) - timedelta(days=9)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    add(engine, 2)
    sealed_as_old(engine, foerste=old, sidste=old, forseglet=old + MINUTE)
    assert faults(engine) == ["Block 2 gives its rows another number or other times than they have."]
    assert retention.remove_old(engine, kept_log, AAR) == (1, 1, (2,))
    with reading(engine) as connection:
        assert connection.execute(select(read_log.c.id)).scalars().all() == [2]
    assert "Block 2 gives its rows another number or other times than they have." in faults(engine)


def test_a_block_that_was_changed_loses_no_rows(engine: Engine, kept_log: DeletionLog) -> None:
    old = keeps_from(system_time(), AAR) - timedelta(days=9)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    with tampering(engine) as connection:
        connection.execute(update(read_log).values(system_id="en anden"))
    assert retention.remove_old(engine, kept_log, AAR) == (0, 0, (1,))
    assert not kept_log.path.exists()
    assert faults(engine) == ["Row 1 of block 1 was changed."]


def schema(engine: Engine) -> str:
    return "public" if engine.dialect.name == "postgresql" else "main"


def test_a_temporary_table_of_the_marks_does_not_open_the_queue(sealed: Engine) -> None:
    make = text("CREATE TEMPORARY TABLE state (name text, value json)")
    mark = text("INSERT INTO state VALUES ('sandbox', '1')")
    refused(sealed, make, mark, text(f"DELETE FROM {schema(sealed)}.read_log_unsealed"))


def test_a_temporary_queue_and_index_take_no_row(sealed: Engine) -> None:
    copied = ", ".join(column.name for column in read_log.c if column.name != "id")
    statements = (
        "CREATE TEMPORARY TABLE read_log_unsealed (row_id bigint)",
        "CREATE TEMPORARY TABLE read_log_person (person_id bigint, row_id bigint)",
        f"INSERT INTO {schema(sealed)}.read_log (id, {copied}) SELECT 9, {copied} FROM read_log WHERE id = 4",
        "DROP TABLE read_log_unsealed",
        "DROP TABLE read_log_person",
    )
    with writing(sealed) as connection:
        for statement in statements:
            connection.execute(text(statement))
    verdict = verify(sealed, terms(AAR, 60))
    assert (verdict.faults, verdict.waiting) == ([], 2)
    with reading(sealed) as connection:
        found = select(read_log_person.c.person_id).where(read_log_person.c.row_id == 9)
        assert sorted(connection.execute(found).scalars()) == [4, 5]


def test_a_temporary_log_makes_no_sandbox_of_a_register_that_was_read(sealed: Engine) -> None:
    refused(
        sealed,
        text("CREATE TEMPORARY TABLE read_log (id bigint)"),
        text(f"INSERT INTO {schema(sealed)}.state VALUES ('sandbox', '{{}}')"),
        match="does not become a sandbox",
    )


def test_verification_by_a_wrong_clock_is_said_to_be_one(sealed: Engine) -> None:
    if sealed.dialect.name == "sqlite":
        return  # its clock is the machine's
    for wrong in (timedelta(minutes=11), timedelta(days=-9)):
        found = verify(sealed, Terms(AAR, None, system_time() + wrong)).faults
        assert found[0].startswith(CLOCK)


NO_TIMES = {
    "postgresql": ("infinity", "-infinity", "20000-01-01", "0044-03-15 BC"),
    "sqlite": ("x", 5, "20000-01-01", ""),
}


def test_a_time_that_no_program_reads_stops_nothing(sealed: Engine) -> None:
    copied = ", ".join(column.name for column in read_log.c if column.name not in {"id", "tid"})
    times = ("foerste", "sidste", "forseglet")
    said = "no time of ours|not the time of the database"
    for wrong in map(repr, NO_TIMES[sealed.dialect.name]):
        row = f"INSERT INTO read_log (tid, {copied}) SELECT {wrong}, {copied} FROM read_log WHERE id = 1"
        refused(sealed, text(row), match=said)
        for column in times:
            given = ", ".join(wrong if name == column else name for name in times)
            block = f"SELECT 3, hash, raekker, 0, hash, {given} FROM read_log_block WHERE nummer = 2"
            into = f"INSERT INTO read_log_block (nummer, forrige, raekker, antal, hash, {', '.join(times)})"
            refused(sealed, text(f"{into} {block}"), match=said)
    assert seal(sealed) == 1
    assert faults(sealed) == []


@pytest.mark.parametrize("column", ["tid", "personer", "forseglet"])
def test_a_value_that_cannot_be_read_is_named(sealed: Engine, column: str) -> None:
    is_postgresql = sealed.dialect.name == "postgresql"
    table = "read_log_block WHERE nummer = 2" if column == "forseglet" else "read_log WHERE id = 3"
    name, _, where = table.partition(" ")
    value = ("'null'" if column == "personer" else "'infinity'") if is_postgresql else "'x'"
    with tampering(sealed) as connection:
        connection.execute(text(f"UPDATE {name} SET {column} = {value} {where}"))
    (line,) = faults(sealed)
    changed = "Row 3 of block 2 was changed."
    assert (
        line == changed if column == "personer" and is_postgresql else line.startswith("Among the blocks is something")
    )


def test_rows_that_another_keeps_from_being_sealed_are_said_to_wait(
    sealed: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(sealed, 5, tid=system_time() - timedelta(hours=1))
    if sealed.dialect.name == "sqlite":
        # There is no such lock: as if there were.
        monkeypatch.setattr("udb.readlog.sealing.is_only_sealing", lambda _: False)
    with structlog.testing.capture_logs() as lines, reading(sealed) as other:
        one_sealing_at_a_time(other)
        stop = sealer.start_sealer(Settings(database_url=database_url, laeselog_forsegling=0.01))
        end = time.monotonic() + PATIENCE
        while not any(line["event"] == "log.sealing_waits" for line in lines):
            assert time.monotonic() < end
            time.sleep(0.01)
        stop()


def test_a_function_of_the_triggers_is_no_way_in(sealed: Engine, tmp_path: Path) -> None:
    if sealed.dialect.name == "sqlite":
        return  # SQLite has no roles
    name = f"udb_fremmed_{zlib.crc32(str(tmp_path).encode())}"
    run = "FOR EACH ROW EXECUTE FUNCTION public.read_log_added()"
    with writing(sealed) as connection:
        for statement in (
            f"CREATE ROLE {name}",
            f"CREATE SCHEMA {name} AUTHORIZATION {name}",
            f"SET LOCAL ROLE {name}",
            f"CREATE TABLE {name}.egen (id bigint, personer json)",
        ):
            connection.execute(text(statement))
        with pytest.raises(ProgrammingError, match="permission denied for function"):
            connection.execute(text(f"CREATE TRIGGER egen AFTER INSERT ON {name}.egen {run}"))
        connection.rollback()


def test_a_register_whose_rows_were_all_removed_becomes_no_sandbox(engine: Engine, kept_log: DeletionLog) -> None:
    old = keeps_from(system_time(), AAR) - timedelta(days=1)
    add(engine, 1, tid=old)
    seal_at(engine, old)
    assert retention.remove_old(engine, kept_log, AAR) == (1, 1, ())
    refused(engine, text("INSERT INTO state VALUES ('sandbox', '{}')"), match="does not become a sandbox")


def test_who_changes_very_many_rows_gets_few_lines(engine: Engine) -> None:
    add(engine, *range(1, 101))
    seal(engine)
    with tampering(engine) as connection:
        connection.execute(update(read_log).values(system_id="en anden"))
    assert faults(engine) == ["Rows 1-100 of block 1 were changed."]
