"""The anchor: what is kept outside finds what the log alone cannot show; where it cannot be reached, nothing waits."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder
from sqlalchemy import Connection, Engine, delete, func, select, update

from tests.support.read_log import add, forge, seal_at, tampering
from tests.support.service import PATIENCE
from tests.support.tsa import Tsa, serving, tsa
from udb.domain.clock import system_time
from udb.domain.errors import AnchorDiffers, AnchorUnavailable, FileUnusable
from udb.readlog import anchor_file, authority, queue
from udb.readlog.anchor import Anchor, anchor, place_of
from udb.readlog.sealing import seal
from udb.readlog.verdict import Seal, Terms, terms
from udb.readlog.verify import verify
from udb.serve import anchoring
from udb.settings import Settings
from udb.store.engine import reading
from udb.store.tables.log import read_log, read_log_anchor, read_log_block, read_log_person, read_log_sealed


def by() -> Terms:
    """The terms of now: those of the time when tests are collected are old before a long run comes here."""
    return terms(5, 60)


HOUR = timedelta(hours=1)
START = system_time() - 5 * HOUR
KINDS = ("file", "authority")


@pytest.fixture(autouse=True)
def began(request: pytest.FixtureRequest) -> None:
    """Begin five hours before each test: the time when tests are collected is old before a long run comes here."""
    request.module.START = system_time() - 5 * HOUR


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "anker.jsonl"
    path.touch()
    return path


@pytest.fixture(params=KINDS)
def place(request: pytest.FixtureRequest, file: Path) -> Iterator[Anchor]:
    with a_place(request.param, file) as found:
        yield found


@contextmanager
def a_place(kind: str, file: Path, answer: Callable[[bytes], bytes | None] | None = None) -> Iterator[Anchor]:
    if kind == "file":
        yield found(laeselog_anker=str(file))
        return
    with serving(answer or tsa().answer) as url:
        yield found(laeselog_anker=url, laeselog_anker_ca=tsa().ca_file(file.parent))


def found(**settings: Any) -> Anchor:
    place = place_of(Settings(**settings))
    assert place is not None
    return place


def is_file(place: Anchor) -> bool:
    return isinstance(place, anchor_file.AnchorFile)


def anchor_at(engine: Engine, place: Anchor, instant: datetime) -> int:
    """Anchor when it is that time, here and at the authority."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (anchor_file, authority):
            patch.setattr(module, "system_time", lambda: instant)
        patch.setattr(tsa(), "now", lambda: instant)
        return anchor(engine, place)


def live(engine: Engine, place: Anchor | None, *numbers: int) -> None:
    """Add a row, seal and anchor in each of these hours."""
    for number in numbers:
        now = START + number * HOUR
        add(engine, number, tid=now)
        seal_at(engine, now + timedelta(seconds=30))
        if place is not None:
            assert anchor_at(engine, place, now + timedelta(minutes=1)) == 1


@pytest.fixture
def lived(engine: Engine, place: Anchor) -> Engine:
    """Three blocks, each with the row of its number, an hour between them, anchored at once."""
    live(engine, place, 1, 2, 3)
    return engine


def faults(engine: Engine, place: Anchor, kept: Seal | None = None) -> list[str]:
    return verify(engine, by(), kept, place).faults


def last(engine: Engine) -> Seal:
    found = verify(engine, by()).last
    assert found is not None
    return found


def forge_from(connection: Connection, first: int, until: int) -> None:
    before: str | None = None
    for nummer in range(first, until + 1):
        before = forge(connection, nummer, before)


def forget(place: Anchor, connection: Connection, *blocks: int) -> None:
    """Take anchors away."""
    if isinstance(place, anchor_file.AnchorFile):
        lines = place.path.read_text().splitlines(keepends=True)
        place.path.write_text("".join(line for line in lines if not any(f'"blok": {n},' in line for n in blocks)))
    else:
        connection.execute(delete(read_log_anchor).where(read_log_anchor.c.blok.in_(blocks)))


def test_what_was_sealed_is_anchored_once_and_found_unchanged(lived: Engine, place: Anchor) -> None:
    assert anchor(lived, place) == 0
    verdict = verify(lived, by(), None, place)
    assert (verdict.faults, verdict.notices, verdict.anchored) == ([], [], 3)


def test_who_computes_the_whole_chain_again_is_found(lived: Engine, place: Anchor) -> None:
    with tampering(lived) as connection:
        forge_from(connection, 2, 3)
    assert verify(lived, by()).faults == []
    assert faults(lived, place) == [f"Block {nummer} is not the one that was anchored." for nummer in (2, 3)]
    with pytest.raises(AnchorDiffers, match="Block 3 of the read log is not the one anchored"):
        anchor(lived, place)


def test_who_cuts_off_the_end_is_found_by_a_file_and_not_by_an_authority(lived: Engine, place: Anchor) -> None:
    kept = last(lived)
    with tampering(lived) as connection:
        if not is_file(place):
            forget(place, connection, 3)
        for table, where in (
            (read_log_person, read_log_person.c.row_id == 3),
            (read_log_sealed, read_log_sealed.c.blok == 3),
            (read_log, read_log.c.id == 3),
            (read_log_block, read_log_block.c.nummer == 3),
        ):
            connection.execute(delete(table).where(where))
    assert verify(lived, by()).faults == []
    if is_file(place):
        assert faults(lived, place) == ["Block 3 was anchored and is gone."]
        with pytest.raises(AnchorDiffers, match="Block 3 of the read log is gone"):
            anchor(lived, place)
    else:
        assert faults(lived, place) == [], "its answers are in the database"
        assert faults(lived, place, kept) == ["Block 3, whose hash was kept, is gone."]


def test_who_takes_anchors_away_and_anchors_again_comes_late(lived: Engine, place: Anchor) -> None:
    with tampering(lived) as connection:
        forget(place, connection, 2, 3)
        forge_from(connection, 2, 3)
    assert anchor(lived, place) == 2
    now = faults(lived, place)
    assert [line.partition(" at ")[0] for line in now] == ["Blocks 2-3 came late to the anchor,"]
    with tampering(lived) as connection:
        forget(place, connection, 1, 2, 3)
    assert anchor(lived, place) == 1
    assert [line.partition(" at ")[0] for line in faults(lived, place)] == ["Blocks 1-3 came late to the anchor,"]


def test_a_block_added_beside_the_anchor_is_found(lived: Engine, place: Anchor) -> None:
    live(lived, None, 4)
    assert verify(lived, by()).faults == []
    assert faults(lived, place) == ["Block 4 is not anchored."]


def test_a_block_dated_later_than_its_anchor_is_found(lived: Engine, place: Anchor) -> None:
    live(lived, None, 4)
    assert anchor_at(lived, place, START + 3 * HOUR) == 1
    (line,) = faults(lived, place)
    assert line.startswith("Block 4 is dated after its anchor, which is of ")


def test_blocks_that_came_late_are_known_once_a_hash_was_kept(lived: Engine, place: Anchor) -> None:
    live(lived, None, 4)
    anchor(lived, place)
    live(lived, None, 5)
    anchor(lived, place)
    kept = last(lived)
    verdict = verify(lived, by(), kept, place)
    assert verdict.faults == []
    assert [line[:18] for line in verdict.notices] == ["Block 4 came late "]
    assert [line[:18] for line in faults(lived, place)] == ["Block 4 came late "]


def test_a_new_anchor_begins_with_the_last_block(engine: Engine, place: Anchor) -> None:
    live(engine, None, 1, 2, 3)
    assert anchor(engine, place) == 1
    assert anchor(engine, place) == 0
    assert verify(engine, by(), None, place).anchored == 1
    assert [line[:20] for line in faults(engine, place)] == ["Blocks 1-3 came late"]
    assert faults(engine, place, last(engine)) == []


def test_what_the_service_anchors_meanwhile_is_no_fault(
    lived: Engine, place: Anchor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check_and_go_on(*arguments: Any) -> Iterator[str]:
        yield from as_before(*arguments)
        live(lived, place, 4)

    as_before = queue.check
    monkeypatch.setattr(queue, "check", check_and_go_on)
    verdict = verify(lived, by(), None, place)
    assert (verdict.faults, verdict.notices, verdict.blocks, verdict.anchored) == ([], [], 3, 3)
    monkeypatch.setattr(queue, "check", as_before)
    verdict = verify(lived, by(), None, place)
    assert (verdict.faults, verdict.notices, verdict.blocks, verdict.anchored) == ([], [], 4, 4)


def test_a_restored_database_is_compared_without_the_times(lived: Engine, place: Anchor) -> None:
    live(lived, None, 4)
    assert verify(lived, Terms(5), None, place).faults == []


# A file ---------------------------------------------------------------------------------------------------------------


def test_a_line_that_broke_off_is_named_and_made_up_for(engine: Engine, file: Path) -> None:
    place = found(laeselog_anker=str(file))
    live(engine, place, 1)
    with file.open("a") as broken:
        broken.write('{"blok": 2, "has')
    live(engine, place, 2)
    verdict = verify(engine, by(), None, place)
    assert (verdict.faults, verdict.anchored) == ([], 2)
    assert verdict.notices == ["Line 2 of the anchor broke off and was not counted."]


@pytest.mark.parametrize(
    "content", [b"\0" * 9000, b"null\n[]\n1\n", b'{"blok": "x", "hash": 1, "tid": ""}\n', b"\xff\n"]
)
def test_a_file_of_anything_else_holds_no_anchor(engine: Engine, file: Path, content: bytes) -> None:
    live(engine, None, 1)
    file.write_bytes(content)
    assert faults(engine, found(laeselog_anker=str(file))) == ["Block 1 is not anchored."]


@pytest.mark.parametrize("kind", ["nothing", "folder", "pipe", "link", "folder that is not there"])
def test_only_a_file_that_is_there_is_an_anchor(engine: Engine, tmp_path: Path, file: Path, kind: str) -> None:
    path = tmp_path / "andet"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "link":
        path.symlink_to(file)
    elif kind.startswith("folder that"):
        path = path / "anker.jsonl"
    before = sorted(tmp_path.rglob("*"))
    live(engine, None, 1)
    place = found(laeselog_anker=str(path))
    for use in (lambda: anchor(engine, place), lambda: faults(engine, place)):
        with pytest.raises(AnchorUnavailable, match=str(path)):
            use()
    assert sorted(tmp_path.rglob("*")) == before, "no file is made where a disk is missing"


def test_several_who_anchor_at_once_write_each_block_once(engine: Engine, file: Path) -> None:
    place = found(laeselog_anker=str(file))
    live(engine, place, 1)
    for number in range(2, 12):
        add(engine, number)
        seal(engine)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: anchor(engine, place), range(8)))
    assert file.read_text().count('"blok"') == 11
    assert verify(engine, by(), None, place).anchored == 11


# An authority ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["another block's", "cut off", "empty", "another authority's"])
def test_an_answer_that_is_not_one_to_the_block_is_found(engine: Engine, file: Path, change: str) -> None:
    with a_place("authority", file) as place:
        live(engine, place, 1, 2)
        query = select(read_log_anchor.c.svar).order_by(read_log_anchor.c.blok)
        with reading(engine) as connection:
            first, second = connection.execute(query).scalars()
        asked = TimestampRequestBuilder().data(last(engine).hash.encode()).hash_algorithm(HashAlgorithm.SHA256).build()
        stranger = Tsa().answer(asked.as_bytes())
        put = {"another block's": first, "cut off": second[:100], "empty": b"", "another authority's": stranger}[change]
        with tampering(engine) as connection:
            connection.execute(update(read_log_anchor).where(read_log_anchor.c.blok == 2).values(svar=put))
        assert faults(engine, place)[0] == "Block 2 is not the one that was anchored."
        with pytest.raises(AnchorDiffers):
            anchor(engine, place)


def test_an_authority_of_another_ca_is_not_believed(engine: Engine, file: Path) -> None:
    with a_place("authority", file, Tsa().answer) as place, pytest.raises(AnchorUnavailable, match="does not hold"):
        live(engine, place, 1)


def test_an_authority_whose_clock_is_wrong_is_not_believed(engine: Engine, file: Path) -> None:
    with a_place("authority", file) as place, pytest.MonkeyPatch.context() as patch:
        live(engine, None, 1)
        for wrong in (timedelta(minutes=11), timedelta(minutes=-11), timedelta(days=30)):
            patch.setattr(tsa(), "now", lambda wrong=wrong: system_time() + wrong)
            with pytest.raises(AnchorUnavailable, match="clock"):
                anchor(engine, place)


def test_an_answer_given_before_is_not_taken_again(engine: Engine, file: Path) -> None:
    given: list[bytes] = []

    def again(query: bytes) -> bytes:
        given.append(tsa().answer(query))
        return given[0]

    with a_place("authority", file, again) as place:
        live(engine, place, 1)
        with pytest.raises(AnchorUnavailable, match="does not hold"):
            live(engine, place, 2)


UNREACHABLE: dict[str, Callable[[bytes], bytes | None]] = {
    "closes": lambda _: None,
    "a page": lambda _: b"<html>",
    "nothing": lambda _: b"",
    "too much": lambda _: b"0" * (authority.LARGEST + 1),
    "refuses": lambda _: bytes.fromhex("30053003020102"),
}


@pytest.mark.parametrize("answer", UNREACHABLE.values(), ids=UNREACHABLE)
def test_an_authority_that_does_not_sign_leaves_the_sealing_alone(
    engine: Engine, file: Path, answer: Callable[[bytes], bytes | None]
) -> None:
    with a_place("authority", file, answer) as place:
        for number in (1, 2):
            add(engine, number)
            assert seal(engine) == 1
            with pytest.raises(AnchorUnavailable, match="time-stamp authority"):
                anchor(engine, place)
    assert verify(engine, by()).faults == []
    with a_place("authority", file) as place:
        assert anchor(engine, place) == 1
        assert faults(engine, place) == []


def test_an_authority_that_answers_too_slowly_is_given_up(
    engine: Engine, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(authority, "SECONDS", 0.3)
    live(engine, None, 1)
    stop = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def slowly() -> None:
            caller, _ = server.accept()
            with caller:
                caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n")
                while not stop.wait(0.05):
                    caller.sendall(b"0")

        thread = threading.Thread(target=slowly)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        began = time.monotonic()
        with pytest.raises(AnchorUnavailable, match="too slow"):
            anchor(engine, found(laeselog_anker=url, laeselog_anker_ca=tsa().ca_file(file.parent)))
        stop.set()
        thread.join()
    assert time.monotonic() - began < PATIENCE


def test_an_address_where_nothing_listens(engine: Engine, file: Path) -> None:
    live(engine, None, 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/"
        place = found(laeselog_anker=url, laeselog_anker_ca=tsa().ca_file(file.parent))
        with pytest.raises(AnchorUnavailable, match="does not answer"):
            anchor(engine, place)


def test_several_who_ask_at_once_keep_one_answer(engine: Engine, file: Path) -> None:
    with a_place("authority", file) as place:
        live(engine, None, 1)
        kept = Seal(1, last(engine).hash)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: place.add(engine, [kept]), range(4)))
        with reading(engine) as connection:
            assert connection.execute(select(func.count()).select_from(read_log_anchor)).scalar_one() == 1


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN CERTIFICATE-----\n0\n-----END CERTIFICATE-----\n", "leaf"])
def test_a_file_of_the_ca_that_is_none_is_named(tmp_path: Path, content: bytes | str | None) -> None:
    file = tmp_path / "ca.pem"
    if content == "leaf":
        from cryptography.hazmat.primitives.serialization import Encoding

        file.write_bytes(tsa().certificate.public_bytes(Encoding.PEM))
    elif isinstance(content, bytes):
        file.write_bytes(content)
    with pytest.raises(FileUnusable, match="UDB_LAESELOG_ANKER_CA"):
        place_of(Settings(laeselog_anker="https://tsa.example/", laeselog_anker_ca=file))


# The service ----------------------------------------------------------------------------------------------------------


def test_the_thread_says_what_fails_and_goes_on(engine: Engine, database_url: str, file: Path) -> None:
    settings = Settings(database_url=database_url, laeselog_anker=str(file), laeselog_forsegling=0.01)
    live(engine, None, 1)
    file.rename(file.with_suffix(".vaek"))
    with structlog.testing.capture_logs() as lines:
        stop = anchoring.start_anchoring(settings)
        until(lambda: any(line["event"] == "log.anchor_waits" for line in lines))
        assert anchoring.FAILING._value.get() == 1
        file.with_suffix(".vaek").rename(file)
        until(lambda: any(line["event"] == "log.anchored" for line in lines))
        until(lambda: anchoring.FAILING._value.get() == 0)
        with tampering(engine) as connection:
            forge(connection, 1)
        until(lambda: any(line["event"] == "log.anchor_differs" for line in lines))
        assert anchoring.FAILING._value.get() == 1
        stop()
    assert not [thread for thread in threading.enumerate() if thread.name == anchoring.NAME]


def until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_without_an_anchor_there_is_no_thread() -> None:
    anchoring.start_anchoring(Settings())()
    assert not [thread for thread in threading.enumerate() if thread.name == anchoring.NAME]
