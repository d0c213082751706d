"""Backups and their files against what else is in a database, a folder or a log."""

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from tests.support.reports import ANNA, optag
from udb import cli
from udb.backup.archive import Reader
from udb.backup.make import backup
from udb.backup.restore import try_restore
from udb.domain.clock import system_time
from udb.domain.errors import FileUnusable
from udb.retention.deletion_log import DeletionLog
from udb.store import migrate
from udb.store.engine import make_engine, reading, writing
from udb.store.tables import state


def rights(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


def test_tables_of_others_are_left_out_and_named(world, endpoint, udb, databases, monkeypatch, tmp_path):
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    with writing(world.engine) as connection:
        connection.execute(text("CREATE TABLE dba_note (id INTEGER PRIMARY KEY, x TEXT)"))
        connection.execute(text("INSERT INTO dba_note VALUES (1, 'hemmelig')"))
    file = tmp_path / "udb.zip"
    code, out, said = udb("backup", str(file), "--verify")
    assert (code, "every table is the same" in out, "dba_note" in said) == (0, True, True)
    assert b"dba_note.jsonl" not in file.read_bytes()
    assert list(tmp_path.glob("*verify*")) == []
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        assert udb("restore", str(file), "--without-deletion-log")[0] == 0
    with writing(world.engine) as connection:
        connection.execute(text("DROP TABLE dba_note"))


def test_a_sandbox_is_backed_up_and_restored(udb, databases, monkeypatch, tmp_path):
    assert udb("sandbox", "seed", "--youths", "60")[0] == 0
    file = str(tmp_path / "udb.zip")
    code, _out, said = udb("backup", file, "--verify")
    assert (code, "sandbox_copy_person" in said) == (0, True)
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        assert udb("restore", file, "--without-deletion-log")[0] == 0
        # A reset has no seed to go back to, and removes nothing.
        code, _, said = udb("sandbox", "reset")
        assert (code, "udb sandbox seed" in said) == (4, True)


def test_a_backup_that_cannot_be_restored_is_found_when_it_is_made(world, tmp_path):
    file = tmp_path / "udb.zip"
    backup(world.engine, file, has_deletion_log=False)
    broken = file.read_bytes()
    file.write_bytes(broken[: len(broken) // 2])
    with pytest.raises(FileUnusable):
        try_restore(file, aar=5)
    assert [found.name for found in tmp_path.iterdir() if "udb.zip" in found.name] == ["udb.zip"]


def test_nothing_that_was_laid_ready_is_written_to(world, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "a.zip.part").symlink_to(elsewhere)
    (tmp_path / "b.zip").symlink_to(elsewhere)
    backup(world.engine, tmp_path / "a.zip", has_deletion_log=False)
    with pytest.raises(FileUnusable, match="already exists"):
        backup(world.engine, tmp_path / "b.zip", has_deletion_log=False)
    assert not elsewhere.exists()
    assert rights(tmp_path / "a.zip") == "0o600"


def test_of_two_backups_to_one_name_one_is_refused(world, tmp_path):
    def attempt(_: int) -> bool:
        try:
            backup(world.engine, tmp_path / "a.zip", has_deletion_log=False)
        except FileUnusable:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(attempt, range(4))) == [False, False, False, True]
    Reader(tmp_path / "a.zip").close()
    assert list(tmp_path.glob("*.part")) == []


def test_a_folder_without_links_gets_its_backup(world, tmp_path, monkeypatch):
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    backup(world.engine, tmp_path / "a.zip", has_deletion_log=False)
    Reader(tmp_path / "a.zip").close()
    assert [file.name for file in tmp_path.glob("a.zip*")] == ["a.zip"]


@pytest.mark.parametrize("rest", ["", '{"', '{"art": "unge", "tid": "2026-11-', '{"art": "unge", "personer": [1, 2'])
def test_a_line_that_broke_off_blocks_no_restore(world, endpoint, udb, databases, monkeypatch, tmp_path, rest):
    world.person(ANNA)
    optag(endpoint, ANNA, 10)
    file, path = tmp_path / "udb.zip", tmp_path / "sletninger.jsonl"
    monkeypatch.setenv("UDB_SLETTELOG", str(path))
    assert udb("backup", str(file))[0] == 0
    log = DeletionLog(path)
    with reading(world.engine) as connection:
        log.note(connection, "unge", personer=[998])
        path.write_bytes(path.read_bytes() + rest.encode() + b"\0" * 7 * bool(rest))
        log.note(connection, "unge", personer=[999])
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        code, out, said = udb("restore", str(file))
        assert (code, "broke off" in said) == (0, bool(rest))
        assert "unge 2" in out


@pytest.mark.parametrize("line", ['{"art": "unge", "tid": 7}', "{}", "hest", '{"art": "unge"}x', '{"tid": "2026-'])
def test_a_line_that_was_changed_is_none_that_broke_off(world, tmp_path, line):
    log = DeletionLog(tmp_path / "sletninger.jsonl")
    with reading(world.engine) as connection:
        log.note(connection, "unge", personer=[1])
    with log.path.open("a") as file:
        file.write(line + "\n")
    found, broken_off = log.since(system_time())
    assert ([(one.number, one.entry is None) for one in found], broken_off) == ([(1, False), (2, True)], [])


def test_a_line_that_does_not_verify_deletes_nothing_without_the_operators_word(
    world, udb, databases, monkeypatch, tmp_path
):
    young = world.person(ANNA)
    file, path = str(tmp_path / "udb.zip"), tmp_path / "sletninger.jsonl"
    monkeypatch.setenv("UDB_SLETTELOG", str(path))
    assert udb("backup", file)[0] == 0
    with reading(world.engine) as connection:
        DeletionLog(path).note(connection, "unge", personer=[young])
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        code, out, said = udb("restore", file)
        assert (code, out, "Line 1: 1 of its youths are not due" in said, "--carry-out" in said) == (4, "", True, True)
        assert udb("restore", file, "--leave-out", "1", "--carry-out", "1-2")[0] == 2
        assert udb("restore", file, "--leave-out", "x")[0] == 2
        assert udb("restore", file, "--leave-out", "1")[0] == 0


def test_the_data_folder_and_its_files_are_the_owners_alone(run_udb, monkeypatch, tmp_path):
    before = os.umask(0o022)
    try:
        monkeypatch.setenv("UDB_DATA", str(tmp_path / "data"))
        monkeypatch.delenv("UDB_DATABASE_URL", raising=False)
        assert run_udb("migrate")[0] == 0
        engine = make_engine(f"sqlite:///{tmp_path / 'data/udb.sqlite'}")
        with writing(engine) as connection:
            connection.execute(insert(state).values(name="x", value={}))
            found = {file.name: rights(file) for file in (tmp_path / "data").iterdir()}
            DeletionLog(tmp_path / "log/sletninger.jsonl").note(connection, "unge", personer=[1])
        engine.dispose()
    finally:
        os.umask(before)
    assert rights(tmp_path / "data") == rights(tmp_path / "log") == "0o700"
    assert found.keys() == {"udb.sqlite", "udb.sqlite-wal", "udb.sqlite-shm"}
    assert set(found.values()) == {rights(tmp_path / "log/sletninger.jsonl")} == {"0o600"}


def test_two_migrations_at_once_wait_for_each_other(databases):
    with databases.empty() as url, ThreadPoolExecutor(4) as threads:
        assert set(threads.map(lambda _: migrate.upgrade(url), range(4))) == {migrate.expected_version()}


def test_a_traceback_holds_no_value(world, monkeypatch, capsys):
    def fails() -> None:
        row = {"name": ANNA, "value": {"cprnr": ANNA}}
        with writing(world.engine) as connection:
            connection.execute(insert(state).values(row))
            try:
                connection.execute(insert(state).values(row))
            except Exception as error:
                raise KeyError(ANNA) from error

    monkeypatch.setattr("udb.cli.migrate.migrate", fails)
    monkeypatch.setattr(sys, "argv", ["udb", "migrate"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    printed = capsys.readouterr()
    assert ended.value.code == cli.DEFECT
    assert "IntegrityError" in printed.err
    assert "KeyError" in printed.err
    assert "in fails" in printed.err
    assert ANNA not in printed.out + printed.err


def test_no_engine_shows_a_bound_value(world):
    with (
        pytest.raises(Exception, match=r"hidden|no such|does not exist") as raised,
        writing(world.engine) as connection,
    ):
        connection.execute(text("SELECT * FROM findes_ikke WHERE cprnr = :cprnr"), {"cprnr": ANNA})
    assert ANNA not in str(raised.value)
