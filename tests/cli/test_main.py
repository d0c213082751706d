import subprocess
import sys

import pytest
import typer
from sqlalchemy.exc import OperationalError, ProgrammingError

from udb import __version__, cli
from udb.domain.errors import (
    DatabaseUnavailable,
    FileUnusable,
    OtherVersion,
    TargetUnavailable,
    UdbRefused,
    UnknownName,
    WrongUse,
)
from udb.domain.text import Text


def run(monkeypatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["udb", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0


@pytest.mark.parametrize(
    ("raised", "code", "said"),
    [
        (UdbRefused("the database is not empty"), 4, "the database is not empty"),
        (UnknownName("There is no system x."), 2, "There is no system x."),
        (FileUnusable(Text("linje 7: forkert", "line 7: wrong")), 2, "line 7: wrong"),
        (WrongUse("exactly one of --month, --correction"), 2, "exactly one of --month, --correction"),
        (OtherVersion("Run: udb migrate"), 3, "Run: udb migrate"),
        (DatabaseUnavailable(), 3, "The database does not answer"),
        (TargetUnavailable(Text("Intet svar", "No answer")), 3, "No answer"),
        (OperationalError("SELECT cprnr", {}, Exception("6101051234")), 3, "The database does not answer"),
        (PermissionError(13, "Permission denied", "/etc/udb"), 2, "/etc/udb cannot be used: Permission denied."),
        (typer.Abort(), 130, "Interrupted."),
        (KeyError("x"), 70, "Traceback"),
    ],
)
def test_an_error_ends_with_its_exit_code_and_a_word(monkeypatch, capsys, raised, code, said):
    def fails() -> None:
        raise raised

    monkeypatch.setattr("udb.cli.migrate.migrate", fails)
    assert run(monkeypatch, "migrate") == code
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(said)
    assert "6101051234" not in printed.err


def test_a_command_that_does_not_exist_is_wrong_use(monkeypatch, capsys):
    assert run(monkeypatch, "findes-ikke") == 2
    assert "findes-ikke" in capsys.readouterr().err


def test_the_version_is_shown_with_success(monkeypatch, capsys):
    assert run(monkeypatch, "--version") == 0
    assert capsys.readouterr().out == f"udb {__version__}\n"


def test_a_setting_that_cannot_be_read_is_named(monkeypatch, capsys):
    monkeypatch.setenv("UDB_SIDESTOERRELSE", "mange")
    assert run(monkeypatch, "migrate") == 2
    assert "UDB_SIDESTOERRELSE" in capsys.readouterr().err


def test_a_database_out_of_reach_is_told_apart(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("UDB_DATABASE_URL", f"postgresql://udb@/udb?host={tmp_path}")
    assert run(monkeypatch, "migrate") == 3
    assert "The database does not answer" in capsys.readouterr().err


def test_migrate_tells_the_version(monkeypatch, capsys, empty_database_url):
    monkeypatch.setenv("UDB_DATABASE_URL", empty_database_url)
    assert run(monkeypatch, "migrate") == 0
    assert "The database is at version" in capsys.readouterr().out


def test_help_answers_without_loading_what_only_commands_need():
    script = "import sys; from udb.cli import build; build(); print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    heavy = {"alembic", "gunicorn", "lxml", "pydantic", "spyne", "sqlalchemy", "structlog"}
    assert heavy & set(found.stdout.split()) == set()


def test_a_role_without_rights_is_named_in_one_line(monkeypatch, capsys):
    class NoRight(Exception):
        sqlstate = "42501"

    def fails() -> None:
        raise ProgrammingError("SELECT cprnr", {}, NoRight("permission denied for table alembic_version"))

    monkeypatch.setattr("udb.cli.migrate.migrate", fails)
    assert run(monkeypatch, "migrate") == 3
    printed = capsys.readouterr().err
    assert printed == "The database role lacks rights. As the owner of the tables: udb migrate --role ROLE\n"


def test_ctrl_c_ends_with_130(monkeypatch):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("udb.cli.migrate.migrate", interrupted)
    assert run(monkeypatch, "migrate") == 130
