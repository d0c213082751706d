"""A database or a backup of another version: one line with what to do, and exit code 1."""

import shutil
import zipfile

import pytest

from tests.support.versions import downgrade, set_version, stored_version
from udb.backup.make import backup
from udb.store.migrate import BASELINE

OLD = "at version 0012, from before the first release. Check out commit c42918b and run udb"
OLDER = f"The database is {OLD} migrate there, then run udb migrate here.\n"
OLDER_BACKUP = f"The backup is {OLD} gendan there, on an empty database, then run udb migrate here.\n"
NEWER = "at version 9999_later, which this program does not know: use the program that made it."


def test_a_new_database_and_one_of_the_last_version_before_the_baseline(udb, database_url):
    done = (0, "The database is at version 0015_systemskifte.\n", "")
    assert udb("migrate") == done
    downgrade(database_url, BASELINE)
    set_version(database_url, "0016")
    assert udb("migrate") == done
    assert stored_version(database_url) == "0015_systemskifte"
    assert udb("kodesaet", "show")[0] == 0


@pytest.mark.parametrize(("version", "said"), [("0012", OLDER), ("9999_later", f"The database is {NEWER}\n")])
def test_another_database_is_refused_in_one_line_and_left_alone(udb, database_url, tmp_path, version, said):
    set_version(database_url, version)
    for command in (("migrate",), ("kodesaet", "show"), ("backup", str(tmp_path / "udb.zip"))):
        assert udb(*command) == (3, "", said)
    assert stored_version(database_url) == version
    assert not (tmp_path / "udb.zip").exists()


def changed(file, other, before, after):
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(other, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(before, after))
    return str(other)


@pytest.mark.parametrize(
    ("version", "said"),
    [("0012", OLDER_BACKUP), ("9999_later", f"The backup is {NEWER}\n")],
)
def test_a_backup_of_a_version_that_is_not_read(udb, databases, monkeypatch, tmp_path, version, said):
    assert udb("backup", str(tmp_path / "udb.zip"))[0] == 0
    file = changed(tmp_path / "udb.zip", tmp_path / "other.zip", b"0015_systemskifte", version.encode())
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        assert udb("restore", file, "--without-deletion-log") == (3, "", said)


def test_a_backup_of_the_last_version_before_the_baseline(udb, engine, database_url, databases, monkeypatch, tmp_path):
    downgrade(database_url, BASELINE)
    set_version(database_url, "0016")
    backup(engine, tmp_path / "udb.zip", has_deletion_log=False)
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        ended, _, printed = udb("restore", str(tmp_path / "udb.zip"), "--without-deletion-log")
        assert (ended, printed) == (0, "")
        assert stored_version(other) == "0015_systemskifte"
        assert udb("kodesaet", "show")[0] == 0


def test_a_damaged_backup_is_refused_in_one_line(udb, databases, monkeypatch, tmp_path):
    whole, cut = tmp_path / "udb.zip", tmp_path / "cut.zip"
    assert udb("backup", str(whole))[0] == 0
    shutil.copyfile(whole, cut)
    with cut.open("r+b") as file:
        file.truncate(whole.stat().st_size - 100)
    altered = changed(whole, tmp_path / "altered.zip", b"Virksomhedspraktik", b"Virksomhedsbesoeg")
    with databases.empty() as other:
        monkeypatch.setenv("UDB_DATABASE_URL", other)
        for file, said in (
            (str(cut), f"{cut} is not a backup of this program, or was cut off.\n"),
            (altered, "The backup's table kodesaet is not what was written.\n"),
        ):
            assert udb("restore", file, "--without-deletion-log") == (2, "", said)
