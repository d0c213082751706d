"""The command line, run as a user runs it."""

import logging
import sys

import pytest
import structlog

from udb import cli


@pytest.fixture
def run_udb(monkeypatch, capsys):
    """Return a function that runs a command and returns its exit code, output and errors."""

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["udb", *arguments])
        capsys.readouterr()
        root = logging.getLogger()
        before = root.handlers, root.level
        try:
            with pytest.raises(SystemExit) as ended:
                cli.main()
        finally:
            # udb serve sets up the log of its process: loggers that later tests use would keep to it.
            root.handlers, root.level = before
            structlog.reset_defaults()
        printed = capsys.readouterr()
        return ended.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def udb(monkeypatch, run_udb, database_url, tmp_path):
    """Return a function that runs a command on a migrated database."""
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", database_url)
    assert run_udb("migrate")[0] == 0
    return run_udb
