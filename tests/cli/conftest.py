"""The command line, run as a user runs it."""

import sys

import pytest

from udb import cli


@pytest.fixture
def udb(monkeypatch, capsys, database_url, tmp_path):
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", database_url)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["udb", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    assert run("migrate")[0] == 0
    return run
