import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from udb.cli import build
from udb.domain.errors import UdbRefused, UnknownName
from udb.rulebook import fingerprints
from udb.rulebook.book import entries


def run(*arguments: str) -> str:
    result = CliRunner().invoke(build(), ["rules", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


def test_the_table_lists_every_code():
    printed = run()
    assert all(entry.code in printed for entry in entries())


def test_one_rule_with_its_examples():
    printed = run("4003")
    assert "Afbruddet mangler en årsag." in printed
    assert printed.count("<v1:IndberetningUngdomsuddannelse>") == printed.count("<soap:Envelope ") == 2
    assert "Answer: 4003" in printed
    assert "UDB009102" in run("UDB009102")


def test_a_refusal_has_no_examples():
    assert "Right message" not in run("8003")


@pytest.mark.parametrize("arguments", [["--json"], ["show", "--json"]])
def test_json_of_all(arguments):
    assert [entry["code"] for entry in json.loads(run(*arguments))] == [entry.code for entry in entries()]


@pytest.mark.parametrize("arguments", [["4003", "--json"], ["--json", "4003"]])
def test_json_of_one(arguments):
    found = json.loads(run(*arguments))
    assert found["code"] == "4003"
    assert found["wrong"]["codes"] == ["4003"]


def test_a_code_that_is_none():
    with pytest.raises(UnknownName, match="9999"):
        run("9999")


def test_fingerprints_without_an_entry_are_refused_and_not_kept(monkeypatch: pytest.MonkeyPatch):
    before = fingerprints.FILE.read_text()
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: {"1234": "new"})
    with pytest.raises(UdbRefused, match="1234"):
        run("fingerprints")
    assert fingerprints.FILE.read_text() == before


def test_fingerprints_of_unchanged_rules(monkeypatch: pytest.MonkeyPatch):
    now = {name: value.fingerprint for name, value in fingerprints.kept().items()}
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: now)
    before = Path(fingerprints.FILE).read_text()
    assert run("fingerprints") == "Nothing has changed.\n"
    assert Path(fingerprints.FILE).read_text() == before
