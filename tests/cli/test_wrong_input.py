"""Every command, found by walking the application, with three wrong inputs.

Each prints one line with what to do, no traceback, and ends with an exit code of the table in docs/kommandolinje.md.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from udb.cli import EXIT_CODES, build
from udb.paths import ROOT
from udb.rulebook import fingerprints

PAGE = (ROOT / "docs" / "kommandolinje.md").read_text(encoding="utf-8")
RIGHT = {
    "ADDRESS:PORT": "127.0.0.1:0",
    "CODE": "5001",
    "CPR": "6101054234",
    "DOOR": "unilogin",
    "EDITION": "register",
    "FINGERPRINT": "0123456789",
    "FORMAT": "csv",
    "HOST": "udb.example.dk",
    "ID": "easy",
    "INSTITUTION": "461248",
    "INSTITUTION...": "461248",
    "KODE": "101",
    "N": "1",
    "NUMBER": "1",
    "NUMBER...": "1",
    "ROLE": "brugeradministrator",
    "SERVICE": "alle",
    "SET": "klassetyper",
    "SUBJECT": "abc",
    "TEXT": "Tekst",
    "YYYY-MM-DD": "2999-01-01",
}
"""A right value by metavar; FILE and FOLDER are made. A new metavar needs one."""
WRONG = {"YYYY-MM-DD": "2026-13-01", "N": "mange", "SECONDS": "x", "TIME": "i går", "YYYY-MM": "2026-13"}
"""A wrong value by metavar, tried on the first option that has one."""
WITHOUT_DATABASE = {
    "rules show": (("--write", "FILE"), 2),
    "rules fingerprints": ((), 4),
    "signature explain": (("MISSING",), 2),
    "conformance service": (("--places", "MISSING"), 2),
    "conformance try": (("--report", "FILE"), 2),
    "conformance sender": (("--report", "FILE"), 2),
    "conformance fetcher": (("--report", "FILE"), 2),
    "sandbox demo": ((), 2),
    "sandbox ca": (("FILE",), 2),
    "restore": (("MISSING",), 2),
    "import cpr": (("MISSING",), 2),
    "import institutioner": (("MISSING",), 2),
    "import institutionsregister": (("MISSING",), 2),
    "import kodesaet": (("klassetyper", "MISSING"), 2),
    "import eksamensbeviser": (("MISSING",), 2),
    "import eindkomst": (("MISSING", "--correction"), 2),
    "import egne-kontakter": (("MISSING",), 2),
    "role assign": (("unilogin", "abc", "brugeradministrator", "461248", "--until", "2027-01-01"), 3),
    "statistics extract": (("--date", "2026-08-10", "--out", "FOLDER"), 2),
    "statistics compare": (("MISSING", "FOLDER"), 2),
    "responsible set": (("461248", "--name", "Elever", "--mail", "a@b.example"), 3),
    "system certificate add": (("easy", "MISSING"), 2),
    "system-change announce": (
        ("461248", "--old", "Gammelt", "--new", "easy", "--day", "2026-08-03", "--contact", "skole@skole.example"),
        3,
    ),
}
"""The fault and the exit code, where the fault is not an unreachable database (3). FILE is a file that is no folder,
MISSING does not exist; the settings are wrong for the demo, the fingerprints have changed.
"""


def commands() -> Iterator[tuple[str, Any]]:
    def walk(path: tuple[str, ...], command: Any) -> Iterator[tuple[str, Any]]:
        if not hasattr(command, "commands"):
            yield " ".join(path), command
            return
        for name, inner in command.commands.items():
            yield from walk((*path, name), inner)

    return walk((), get_command(build()))


COMMANDS = dict(commands())


@pytest.fixture
def run(monkeypatch, tmp_path, run_udb):
    """Return a function that runs a command without a database and returns the exit code and the one line printed."""
    monkeypatch.setenv("UDB_DATA", str(tmp_path))
    monkeypatch.setenv("UDB_DATABASE_URL", f"postgresql://udb@/udb?host={tmp_path}")
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: {"1234": "new"})
    (tmp_path / "file").write_text("")

    def run(name: str, *arguments: str) -> tuple[int, str]:
        places = {"FILE": str(tmp_path / "file"), "MISSING": str(tmp_path / "none"), "FOLDER": str(tmp_path / "folder")}
        code, out, said = run_udb(*name.split(), *(places.get(one, one) for one in arguments))
        assert out == ""
        assert code in EXIT_CODES.keys() - {0}
        lines = said.splitlines()
        assert len(lines) == 1, said
        assert "Traceback" not in said
        assert lines[0].endswith((".", "]")) or re.search(r"(udb [a-z]|--[a-z]|UDB_[A-Z]|\d)\S*( \S+)*$", lines[0]), (
            said
        )
        return code, said

    return run


def right(command: Any) -> Iterator[str]:
    """Yield the required arguments of a command."""
    for param in command.params:
        if param.required:
            value = param.metavar if param.metavar in {"FILE", "FOLDER"} else RIGHT[param.metavar]
            yield from (value,) if param.param_type_name == "argument" else (param.opts[0], value)


def test_every_command_is_on_the_page_and_every_exit_code_with_its_meaning():
    for name in COMMANDS:
        assert f"`udb {name}`" in PAGE
    assert {int(code): said for code, said in re.findall(r"^\| (\d+) \| (.+) \|$", PAGE, re.MULTILINE)} == EXIT_CODES


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_does_not_exist(run, name):
    code, said = run(name, "--findes-ikke")
    assert code == 2
    assert said.startswith("No such option: --findes-ikke")
    assert said.endswith(f"See: udb {name} --help\n")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_value_that_is_wrong_or_missing_or_too_many(run, name):
    params = COMMANDS[name].params
    typed = next((one for one in params if one.param_type_name == "option" and one.metavar in WRONG), None)
    if typed is not None:
        wrong = WRONG[typed.metavar]
        arguments = [*right(COMMANDS[name]), typed.opts[0], wrong]
        code, said = run(name, *arguments)
        assert wrong in said or typed.opts[0] in said
    elif any(one.required for one in params):
        code, said = run(name)
        assert said.startswith("Missing ")
    else:
        code, said = run(name, "en", "for", "meget")
        assert "unexpected extra argument" in said or "There is no" in said
    assert code == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_a_database_out_of_reach_or_a_file_that_is_not_there(monkeypatch, run, name):
    if name == "sandbox demo":
        monkeypatch.setenv("UDB_SIDESTOERRELSE", "mange")
    arguments, expected = WITHOUT_DATABASE.get(name, (tuple(right(COMMANDS[name])), 3))
    code, said = run(name, *arguments)
    assert code == expected, said


@pytest.mark.parametrize(
    ("given", "listed"), [(("hest",), "serve"), (("import", "hest"), "eindkomst"), (("log",), "seal")]
)
def test_the_commands_there_are_are_listed(run_udb, given, listed):
    code, out, said = run_udb(*given)
    assert (code, out) == (2, "")
    assert listed in said


@pytest.mark.parametrize("given", ["123", "610105-4234", "61010542345", ""])
def test_a_cpr_number_that_is_none_is_not_repeated(run, given):
    for name, options in (("log youth", ()), ("access explain", ("--kommune", "101"))):
        code, said = run(name, given, *options)
        assert (code, "10 digits" in said) == (2, True)
        assert not given or given not in said


def test_a_date_is_explained(run):
    code, said = run("recheck", "--date", "2026-13-01")
    assert code == 2
    assert "'--date': 2026-13-01 is not a date: write YYYY-MM-DD" in said
    code, said = run("signature explain", "FILE", "--time", "2026-08-10")
    assert (code, "not a time with an offset" in said) == (2, True)


def test_an_address_in_use_is_said_to_be_that(run):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        for name in (
            "serve",
            "sandbox start",
            "conformance sender --report FOLDER",
            "conformance fetcher --report FOLDER",
        ):
            command, *options = re.split(r" (?=--)|(?<=--report) ", name)
            code, said = run(command, *options, "--bind", bind)
            assert code == 2
            assert said.startswith(
                f"The address {bind} cannot be used: another program uses it. Choose another: --bind"
            )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_complete_commands_and_options(monkeypatch, capsys, shell):
    import sys

    from udb import cli

    for words, wanted in (("udb sys", "system"), ("udb recheck --da", "--date")):
        monkeypatch.setenv("_UDB_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(len(words.split()) - 1))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", words)
        monkeypatch.setenv("_TYPER_COMPLETE_FISH_ACTION", "get-args")
        monkeypatch.setattr(sys, "argv", ["udb"])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert not ended.value.code
        assert wanted in capsys.readouterr().out


def test_flags_have_no_value_and_dates_have_a_form(run_udb):
    code, out, _ = run_udb("recheck", "--help")
    assert code == 0
    assert re.search(r"--date YYYY-MM-DD ", out)
    assert re.search(r"--json  +Print JSON", out)
    assert "<bool>" not in out


def test_a_file_of_another_kind_names_the_columns_it_lacks(udb, tmp_path: Path):
    file = tmp_path / "x.csv"
    file.write_text("institutionsnummer;navn\n461248;Skole\n")
    code, out, said = udb("import", "cpr", str(file))
    assert (code, out) == (2, "")
    assert said.splitlines()[0] == (
        "The file is refused and nothing is imported: the header in line 1 lacks cprnr, status, kommunekode, "
        "nyt_cprnr. Is it a file of the right kind?"
    )


def test_a_backup_that_cannot_be_written(udb, tmp_path: Path):
    code, _, said = udb("backup", str(tmp_path / "none" / "x.zip"))
    assert (code, said) == (2, f"{tmp_path / 'none' / 'x.zip'} cannot be written: No such file or directory.\n")


def test_a_code_set_that_does_not_exist_is_said_before_a_file_that_does_not(udb):
    code, out, said = udb("import", "kodesaet", "hest", "findes-ikke.csv")
    assert (code, out) == (2, "")
    assert said.startswith("There is no code set hest. There are: kommuner, ")


def test_names_that_do_not_exist_have_one_exit_code(udb):
    for arguments in (
        ("rules", "9999"),
        ("kodesaet", "show", "findes_ikke"),
        ("system", "block", "findes-ikke"),
        ("dataaftale", "close", "findes-ikke", "alle", "461248"),
        ("dataaftale", "list", "--system", "findes-ikke"),
        ("system", "certificate", "list", "--system", "findes-ikke"),
        ("system", "certificate", "block", "0123456789"),
        ("deliveries", "UDB-" + "1" * 23),
        ("log", "youth", "6101054234"),
        ("access", "explain", "6101054234", "--kommune", "999"),
        ("import", "kodesaet", "findes_ikke", str(ROOT / "README.md")),
        ("conformance", "service", "--only", "findes-ikke"),
    ):
        code, out, said = udb(*arguments)
        assert (code, out, len(said.splitlines())) == (2, "", 1), said
