"""Every importer with wrong files: nothing is half imported, the line is named, and the exit code is the documented."""

import pytest
from sqlalchemy import select

from tests.imports.wrong_files import KINDS, damaged
from udb.cli import EXIT_CODES
from udb.imports import catalogue
from udb.store.engine import reading
from udb.store.tables import metadata

FILE_UNUSABLE = 2


@pytest.fixture
def udb(monkeypatch, run_udb, sandbox_url, tmp_path):
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", sandbox_url)
    return run_udb


def everything(engine):
    """Return every row of every table."""
    with reading(engine) as connection:
        return {name: sorted(map(repr, connection.execute(select(table)))) for name, table in metadata.tables.items()}


def test_every_importer_has_twenty_wrong_files_or_more():
    assert KINDS.keys() == catalogue.KINDS.keys()
    for name, kind in KINDS.items():
        assert len({one[0] for one in kind.wrong}) == len(kind.wrong) >= 20, name
        assert len({one[1] for one in kind.wrong}) == len(kind.wrong), name


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("which", ["damaged", "own"])
def test_a_wrong_file_changes_nothing_and_is_refused_by_line(world, udb, tmp_path, name, which):
    kind, file, list_of_faults = KINDS[name], tmp_path / "file.csv", tmp_path / "file.csv.afvist.csv"
    assert "a file that cannot be used" in EXIT_CODES[FILE_UNUSABLE]
    before = everything(world.engine)
    otherwise = []
    for fault, content, words in damaged(kind) if which == "damaged" else kind.own:
        file.write_bytes(content)
        code, out, said = udb("import", *kind.command, str(file), *kind.after)
        listed = list_of_faults.read_text(encoding="utf-8-sig") if list_of_faults.exists() else ""
        missing = [word for word in words if word not in said + listed]
        first, *others = said.splitlines()
        is_right = "nothing is imported" in first and len(others) == 2 and not missing and not out
        if code != FILE_UNUSABLE or not is_right:
            otherwise.append((fault, code, missing, out + said + listed))
        list_of_faults.unlink(missing_ok=True)
    assert otherwise == []
    assert everything(world.engine) == before
    file.write_bytes(kind.right)
    code, out, said = udb("import", *kind.command, str(file), *kind.after)
    assert (code, said) == (0, ""), "the file without a fault is taken"
    assert not list_of_faults.exists()
