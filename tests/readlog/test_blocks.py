"""The read log in blocks: sealed once and in order, every change found, old rows removed and the hashes kept."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, update

from tests.support.read_log import add, forge, row, seal_at, tampering
from tests.support.service import PATIENCE, running
from tests.support.world import World
from udb.domain.clock import add_years, system_time
from udb.domain.errors import DatabaseUnavailable
from udb.readlog import sealing
from udb.readlog.sealing import seal
from udb.readlog.verdict import Seal, Verdict, terms
from udb.readlog.verify import verify
from udb.retention.deletion_log import DeletionLog
from udb.retention.read_log import keeps_from, remove_old
from udb.serve import sealer
from udb.settings import Settings
from udb.store.engine import make_engine, reading, writing
from udb.store.log_hashes import block_hash, joint_hash, row_hash
from udb.store.tables.log import (
    read_log,
    read_log_block,
    read_log_person,
    read_log_sealed,
    read_log_unsealed,
)

AAR = 5


@pytest.fixture
def kept_log(tmp_path: Path) -> DeletionLog:
    return DeletionLog(tmp_path / "sletninger.jsonl")


def blocks(engine: Engine) -> dict[int, list[int]]:
    """Return the rows of each block."""
    found: dict[int, list[int]] = {}
    with reading(engine) as connection:
        for nummer in connection.execute(select(read_log_block.c.nummer).order_by(read_log_block.c.nummer)).scalars():
            of_block = select(read_log_sealed.c.row_id).where(read_log_sealed.c.blok == nummer)
            found[nummer] = list(connection.execute(of_block.order_by(read_log_sealed.c.row_id)).scalars())
    return found


@pytest.fixture
def sealed(engine: Engine) -> Engine:
    """Three blocks with the rows 1-3, 4-5 and 6; row 7 waits."""
    for numbers in ((1, 2, 3), (4, 5), (6,)):
        add(engine, *numbers)
        seal(engine)
    add(engine, 7)
    return engine


def faults(engine: Engine, kept: Seal | None = None) -> list[str]:
    return verify(engine, terms(AAR, 60), kept).faults


def the_last(verdict: Verdict) -> Seal:
    assert verdict.last is not None
    return verdict.last


def test_what_waits_becomes_a_block_and_a_lower_row_that_comes_later_a_later_one(engine: Engine) -> None:
    assert seal(engine) == 0
    add(engine, 4, 2, 9)
    assert seal(engine) == 1
    add(engine, 3, 10, 1)
    assert seal(engine) == 1
    assert seal(engine) == 0
    assert blocks(engine) == {1: [2, 4, 9], 2: [1, 3, 10]}
    assert verify(engine, terms(AAR, 60)) == Verdict(
        [], blocks=2, rows=6, last=the_last(verify(engine, terms(AAR, 60)))
    )


def test_the_hashes_are_what_the_page_says(sealed: Engine) -> None:
    with reading(sealed) as connection:
        first, second, third = connection.execute(select(read_log_block).order_by(read_log_block.c.nummer)).mappings()
        rows = connection.execute(select(read_log).where(read_log.c.id.in_((4, 5))).order_by(read_log.c.id)).mappings()
        hashes = [row_hash(one) for one in rows]
    assert (first["forrige"], second["forrige"], third["forrige"]) == ("", first["hash"], second["hash"])
    assert second["raekker"] == joint_hash(hashes)
    assert second["hash"] == block_hash(second)
    assert second["antal"] == 2
    assert second["foerste"] <= second["sidste"] <= second["forseglet"]


def test_a_row_sealed_in_one_time_zone_is_the_same_in_another(sealed: Engine) -> None:
    with reading(sealed) as connection:
        one = dict(connection.execute(select(read_log).where(read_log.c.id == 1)).mappings().one())
    assert row_hash({**one, "tid": one["tid"].astimezone(UTC)}) == row_hash(one)  # type: ignore[arg-type]  # a dict of mixed values


def test_more_than_a_block_holds_makes_several(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LARGEST_BLOCK", 4)
    add(engine, *range(1, 11))
    assert seal(engine, unless_within=timedelta(minutes=1)) == 3
    assert [len(rows) for rows in blocks(engine).values()] == [4, 4, 2]
    assert faults(engine) == []


def test_nobody_seals_again_within_the_minute(engine: Engine) -> None:
    add(engine, 1)
    assert seal(engine, unless_within=timedelta(minutes=1)) == 1
    add(engine, 2)
    assert seal(engine, unless_within=timedelta(minutes=1)) == 0
    assert seal(engine) == 1


def test_many_who_seal_and_write_at_once_seal_every_row_once(engine: Engine) -> None:
    rows = range(1, 121)

    def write_and_seal(worker: int) -> None:
        for number in rows[worker::4]:
            add(engine, number)
            seal(engine)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write_and_seal, range(4)))
    seal(engine)
    assert sorted(number for numbers in blocks(engine).values() for number in numbers) == list(rows)
    verdict = verify(engine, terms(AAR, 60))
    assert (verdict.faults, verdict.rows, verdict.waiting) == ([], len(rows), 0)


def test_a_row_that_is_not_committed_yet_is_sealed_later(database_url: str, engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        return  # SQLite has one writer: no other process seals meanwhile
    with writing(engine) as slow:
        slow.execute(insert(read_log).values(row(1)))
        add(engine, 2)
        other = make_engine(database_url)
        assert seal(other) == 1
        other.dispose()
    assert seal(engine) == 1
    assert blocks(engine) == {1: [2], 2: [1]}


def test_a_database_out_of_reach_is_said_and_does_not_end_the_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    tried = threading.Semaphore(0)

    def seal_nothing(_engine: Engine, **_: Any) -> int:
        tried.release()
        raise next(errors)

    errors = cycle((DatabaseUnavailable(), RuntimeError()))
    monkeypatch.setattr(sealer, "seal", seal_nothing)
    monkeypatch.setattr(sealer, "require_in", lambda *_: None)
    stop = sealer.start_sealer(Settings(laeselog_forsegling=0.01))
    for _ in range(8):
        assert tried.acquire(timeout=PATIENCE)
    (thread,) = [thread for thread in threading.enumerate() if thread.name == sealer.NAME]
    assert thread.daemon
    stop()
    assert not thread.is_alive()


def test_the_service_seals_by_itself_once_for_all_workers(world: World, sandbox_url: str, tmp_path: Path) -> None:
    add(world.engine, 1, 2)
    with running(sandbox_url, tmp_path, UDB_LAESELOG_FORSEGLING="1"):
        for wanted, number in ((1, 3), (2, 4)):
            end = time.monotonic() + PATIENCE
            while len(blocks(world.engine)) < wanted:
                assert time.monotonic() < end
                time.sleep(0.05)
            add(world.engine, number)
    assert faults(world.engine) == []
    with reading(world.engine) as connection:
        times = list(connection.execute(select(read_log_block.c.forseglet).order_by(read_log_block.c.nummer)).scalars())
    assert all(later - before >= timedelta(seconds=1) for before, later in pairwise(times))


def of_row(number: int) -> Any:
    return read_log.c.id == number


CHANGES = {
    "a changed row": (
        [update(read_log).where(of_row(4)).values(institution_nummer="281191")],
        ["Row 4 of block 2 was changed."],
    ),
    "a value taken out": ([update(read_log).where(of_row(4)).values(klausul=None)], ["Row 4 of block 2 was changed."]),
    "a removed row": ([delete(read_log).where(of_row(5))], ["Row 5 of block 2 was removed."]),
    "a removed row and its hash": (
        [delete(read_log).where(of_row(5)), delete(read_log_sealed).where(read_log_sealed.c.row_id == 5)],
        ["The hashes of the rows of block 2 were changed: 1 of 2 are there."],
    ),
    "a row nobody added": (
        [insert(read_log).values(row(8))],
        ["Row 8 is in no block and does not wait for one."],
    ),
    "a row removed before it was sealed": (
        [delete(read_log).where(of_row(7))],
        ["Row 7 was removed before it was sealed."],
    ),
    "a person taken out of the index": (
        [delete(read_log_person).where(read_log_person.c.row_id == 4, read_log_person.c.person_id == 5)],
        ["The persons of row 4 of block 2, by which it is found, were changed."],
    ),
    "a changed block": (
        [update(read_log_block).where(read_log_block.c.nummer == 2).values(antal=9)],
        ["Block 2 was changed.", "Block 2 gives its rows another number or other times than they have."],
    ),
    "a removed block": (
        [
            delete(read_log_sealed).where(read_log_sealed.c.blok == 2),
            delete(read_log_block).where(read_log_block.c.nummer == 2),
        ],
        [
            "Block 2 is gone.",
            "Rows 4-5 are in no block and wait for none.",
        ],
    ),
}


@pytest.mark.parametrize(("statements", "found"), CHANGES.values(), ids=CHANGES)
def test_every_change_is_found_and_named(sealed: Engine, statements: list[Any], found: list[str]) -> None:
    assert faults(sealed) == []
    with tampering(sealed) as connection:
        for statement in statements:
            connection.execute(statement)
    assert faults(sealed) == found


def test_who_seals_a_block_anew_is_found_by_the_block_after_it(sealed: Engine) -> None:
    with tampering(sealed) as connection:
        forge(connection, 2)
    assert faults(sealed) == ["Block 3 does not follow block 2: one of them was replaced."]


def test_who_seals_everything_anew_is_found_by_a_hash_kept_elsewhere(sealed: Engine) -> None:
    kept = the_last(verify(sealed, terms(AAR, 60)))
    with tampering(sealed) as connection:
        forge(connection, 3, forge(connection, 2))
    assert faults(sealed) == []
    assert faults(sealed, kept) == ["Block 3 is not the one whose hash was kept."]


def test_who_cuts_off_the_end_is_found_by_a_hash_kept_elsewhere(sealed: Engine) -> None:
    kept = the_last(verify(sealed, terms(AAR, 60)))
    assert faults(sealed, kept) == []
    with tampering(sealed) as connection:
        for table, where in (
            (read_log_sealed, read_log_sealed.c.blok == 3),
            (read_log_block, read_log_block.c.nummer == 3),
            (read_log, of_row(6)),
        ):
            connection.execute(delete(table).where(where))
    assert faults(sealed) == []
    assert faults(sealed, kept) == ["Block 3, whose hash was kept, is gone."]


def test_old_rows_go_by_whole_blocks_and_the_chain_holds(kept_log: DeletionLog, engine: Engine) -> None:
    now = system_time()
    limit = keeps_from(now, 5)
    add(engine, 1, 2, tid=limit - timedelta(days=1))
    seal_at(engine, limit - timedelta(days=1))
    add(engine, 3, tid=limit - timedelta(seconds=1))
    add(engine, 4, tid=limit)
    seal_at(engine, limit)
    add(engine, 5)
    before = the_last(verify(engine, terms(AAR, 60)))
    assert remove_old(engine, kept_log, 5) == (1, 2, ())
    assert remove_old(engine, kept_log, 5) == (0, 0, ())
    assert blocks(engine) == {1: [], 2: [3, 4]}
    with reading(engine) as connection:
        assert list(connection.execute(select(read_log.c.id).order_by(read_log.c.id)).scalars()) == [3, 4, 5]
        assert connection.execute(select(func.min(read_log_person.c.row_id))).scalar_one() == 3
        assert list(connection.execute(select(read_log_unsealed.c.row_id)).scalars()) == [5]
    verdict = verify(engine, terms(AAR, 60), before)
    assert verdict == Verdict([], blocks=2, removed={5: 1}, rows=2, waiting=1, last=before)
    assert faults(engine, Seal(1, "0" * 64)) == ["Block 1 is not the one whose hash was kept."]


def test_the_years_are_counted_back_by_the_calendar() -> None:
    assert keeps_from(datetime(2028, 2, 29, 23, 59, tzinfo=UTC), 5) == datetime(2023, 3, 1, tzinfo=UTC)
    assert add_years(datetime(2026, 8, 10, tzinfo=UTC).date(), -5).isoformat() == "2021-08-10"
