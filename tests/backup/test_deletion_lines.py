"""What did not verify in the deletion log deletes nothing at a restore without the operator's word."""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Engine, inspect, select, update

from tests.support.world import World
from udb.backup.make import backup
from udb.backup.restore import restore
from udb.domain.clock import system_time
from udb.domain.errors import UdbRefused
from udb.domain.identifiers import clock_number
from udb.retention import youths
from udb.retention.deletion_log import DeletionLog
from udb.retention.doubt import Word
from udb.store import state
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import counter, person

YOUNG, OLD = "6101064234", "6101901234"
SECOND = (range(2, 3),)


class Kept(NamedTuple):
    """A backup of a register outside a sandbox with two persons; one was deleted since."""

    file: Path
    log: DeletionLog
    young: int
    old: int


@pytest.fixture
def kept(world: World, tmp_path: Path) -> Kept:
    young, old = world.person(YOUNG), world.person(OLD)
    with writing(world.engine) as connection:
        connection.execute(update(person).where(person.c.id.in_((young, old))).values(mail="en@anden.dk"))
        connection.execute(update(counter).values(last=str(clock_number(system_time()))))
        state.write(connection, state.SANDBOX_CLOCK, None)
    file, log = tmp_path / "udb.zip", DeletionLog(tmp_path / "sletninger.jsonl")
    backup(world.engine, file, has_deletion_log=False)
    assert youths.remove_old(world.engine, log, 2) == 1
    return Kept(file, log, young, old)


@pytest.fixture
def other(empty_database_url: str) -> Iterator[Engine]:
    engine = make_engine(empty_database_url)
    yield engine
    engine.dispose()


def restored(other: Engine, kept: Kept, word: Word) -> set[int]:
    """Restore and return who has kept a mail."""
    restore(other.url.render_as_string(hide_password=False), kept.file, kept.log, aar=5, word=word)
    with reading(other) as connection:
        return set(connection.execute(select(person.c.id).where(person.c.mail.is_not(None))).scalars())


def refused(other: Engine, kept: Kept, match: str, word: Word | None = None) -> None:
    with pytest.raises(UdbRefused, match=match):
        restored(other, kept, word or Word())
    assert inspect(other).get_table_names() == [], "all of it, or nothing"


def forged(kept: Kept, **values: Any) -> None:
    """Add a line as one who knows the program would: with the hash of the line before."""
    before = kept.log.path.read_bytes().splitlines()[-1]
    now = system_time()
    line = {"art": "unge", "tid": now.isoformat(), "nummer": str(clock_number(now)), "personer": [], **values}
    line["forrige"] = hashlib.sha256(before).hexdigest()
    with kept.log.path.open("a") as file:
        file.write(json.dumps(line) + "\n")


def test_what_retention_deleted_is_deleted_again(other: Engine, kept: Kept) -> None:
    forged(kept, personer=[kept.old, 999])
    assert restored(other, kept, Word()) == {kept.young}


@pytest.mark.parametrize("day", [{}, {"dag": "2060-01-01"}])
def test_who_is_not_due_is_deleted_by_the_operators_word_alone(other: Engine, kept: Kept, day: dict[str, str]) -> None:
    forged(kept, personer=[kept.young, kept.old], **day)
    refused(other, kept, "Line 2: 1 of its youths are not due")
    refused(other, kept, "Line 1 of the deletion log verifies", Word(left_out=(range(1, 3),)))
    assert restored(other, kept, Word(carried_out=SECOND)) == set()


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"art": "noegler", "foer": (system_time() - timedelta(days=30)).isoformat()}, "call keys"),
        ({"art": "noegler", "foer": "2026-01-01T00:00:00"}, "values"),
        ({"art": "noegler", "foer": 7}, "values"),
        ({"art": "noegler", "foer": "0001-01-01T00:00:00+23:59"}, "values"),
        ({"art": "modtagelser", "foer": (system_time() - timedelta(days=4 * 365)).isoformat()}, "not 5 years old"),
        ({"art": "modtagelser", "foer": "2019-01-01T00:00:00"}, "values"),
        ({"art": "laeselog", "blokke": "alle", "aar": 5}, "values"),
        ({"art": "laeselog", "blokke": [1], "aar": "5"}, "values"),
        ({"art": "laeselog", "blokke": [1], "aar": 10**30}, "values"),
        ({"art": "laeselog", "blokke": [1], "aar": 0}, "values"),
        ({"personer": [True]}, "values"),
        ({"personer": [10**30]}, "values"),
        ({"personer": None}, "values"),
        ({"dag": "i morgen"}, "values"),
        ({"art": "hest"}, "does not know its kind 'hest'"),
        ({"art": []}, "does not know its kind"),
        ({"nummer": f"2999{10**18}"}, "ahead of the clock"),
        ({"nummer": 7}, "its number is none"),
    ],
)
def test_a_line_that_retention_would_not_write_is_refused_or_left_out(
    other: Engine, kept: Kept, values: dict[str, Any], said: str
) -> None:
    forged(kept, **values)
    refused(other, kept, f"Line 2: .*{said}")
    assert restored(other, kept, Word(left_out=SECOND)) == {kept.young}


def swap(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2], lines[1], *lines[3:]]


def changed(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1].replace(b"998", b"997"), *lines[2:]]


def cut(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[1][:30], *lines[2:]]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (swap, [2, 3, 4]),
        (changed, [3]),
        (cut, [3]),
        (lambda lines: [lines[0], *lines[2:]], [2]),
        (lambda lines: [*lines[:2], lines[1], *lines[2:]], [3]),
        (lambda lines: [*lines, b"hest"], [5]),
        (lambda lines: [*lines, b'{"art": "unge", "tid": "2099-01-01T00:00:00+00:00", "personer": [1]}'], [5]),
    ],
)
def test_lines_that_were_moved_changed_cut_off_or_added_are_named(
    other: Engine, kept: Kept, change: Callable[[list[bytes]], list[bytes]], named: list[int]
) -> None:
    for number in (998, 999, 1000):
        forged(kept, personer=[number])
    lines = change(kept.log.path.read_bytes().splitlines())
    kept.log.path.write_bytes(b"\n".join(lines) + b"\n")
    with pytest.raises(UdbRefused) as said:
        restored(other, kept, Word())
    assert [int(line[5:].partition(":")[0]) for line in str(said.value).splitlines() if line[:5] == "Line "] == named


def test_a_line_that_broke_off_or_is_of_the_first_release_is_no_gap(other: Engine, kept: Kept, world: World) -> None:
    entry = json.loads(kept.log.path.read_bytes())
    del entry["forrige"]
    kept.log.path.write_text(json.dumps(entry) + "\n" + '{"art": "unge", "tid": "20')
    with reading(world.engine) as connection:
        kept.log.note(connection, "unge", personer=[998])
        kept.log.note(connection, "unge", personer=[999])
    assert restored(other, kept, Word()) == {kept.young}
