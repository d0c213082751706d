"""No rule and no code set changes without a dated entry in REGELAENDRINGER.md that names it."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from udb.domain.clock import system_today
from udb.domain.errors import UdbRefused
from udb.rulebook import fingerprints, source
from udb.rulebook.changelog import CHANGELOG, entries, named
from udb.rulebook.fingerprints import FILE, changed, kept, what_to_write, write_down
from udb.rules.catalogue import BY_CODE

TODAY = date(2026, 11, 22)


def test_every_change_has_been_written_down() -> None:
    unexplained = changed(fingerprints.fingerprints(), kept())
    assert unexplained == [], what_to_write(unexplained, system_today())


def test_every_fingerprint_has_the_entry_it_names() -> None:
    entered = entries()
    for name, value in kept().items():
        assert any(day == value.day and name in named(text, [name]) for day, text in entered), name


def test_the_newest_entry_comes_first() -> None:
    days = [day for day, _ in entries()]
    assert days == sorted(set(days), reverse=True)


@pytest.mark.parametrize(
    "change",
    [
        {"tekst": "En anden tekst."},
        {"text": "Another text."},
        {"source": "V 9"},
        {"element": "Status"},
        {"services": frozenset({"IndberetningJobcenter"})},
        {"silenced_by": frozenset({"1003"})},
        {"needs_youth": True},
        {"in_force_from": date(2027, 1, 1)},
        {"in_force_to": date(2027, 1, 1)},
        {"alvor": BY_CODE["5003"].alvor},
        {"judges": BY_CODE["9001"].judges},
        {"check": BY_CODE["4004"].check},
    ],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_in_a_rule_is_noticed(monkeypatch: pytest.MonkeyPatch, change: dict[str, object]) -> None:
    before = fingerprints.fingerprints()
    rule = replace(BY_CODE["4003"], **change)
    monkeypatch.setattr(fingerprints, "RULES", tuple(rule if r.code == "4003" else r for r in BY_CODE.values()))
    now = fingerprints.fingerprints()
    assert [name for name in before if before[name] != now[name]] == ["4003"]


def test_a_changed_code_set_is_noticed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = fingerprints.fingerprints()
    for file in fingerprints.CODESETS.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "stads.csv").open("a", encoding="utf-8") as file:
        file.write("ny linje\n")
    monkeypatch.setattr(fingerprints, "CODESETS", tmp_path)
    now = fingerprints.fingerprints()
    assert [name for name in before if before[name] != now[name]] == ["stads"]


def test_a_check_s_text_holds_what_it_uses_and_no_docstrings() -> None:
    text = source.source_of(BY_CODE["3005"].check)
    assert "def optag_date(" in text
    assert "def joined_forloeb(" in text
    assert "def may_be_taken_again(" not in text
    assert BY_CODE["3005"].check.__doc__ not in text
    assert '"""' not in text


def test_words_of_a_docstring_or_comment_do_not_count() -> None:
    one = '"""A."""\n\n# said\ndef check(x):\n    """B."""\n    return x\n'
    other = '"""Another\nword."""\ndef check(x):\n    # done\n    return x\n'
    assert source._bare(one) == source._bare(other) == "def check(x):\n    return x"


class Account:
    """A changelog and a file of fingerprints."""

    def __init__(self, folder: Path) -> None:
        self.changelog = folder / "REGELAENDRINGER.md"
        self.file = folder / "fingerprints.json"

    def note(self, *entries: tuple[str, str]) -> None:
        self.changelog.write_text("# Changes\n\n" + "".join(f"## {day}\n\n{text}\n\n" for day, text in entries))

    def close(self, today: date = TODAY) -> list[str]:
        return write_down(today, file=self.file, changelog=self.changelog)


@pytest.fixture
def account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: {"1001": "a", "1003": "b", "stads": "c"})
    account = Account(tmp_path)
    account.note(("2026-11-22", "Rules 1001-1006 and stads."))
    account.close()
    return account


def test_names_and_ranges_count_and_the_date_is_kept(account: Account) -> None:
    assert kept(account.file).keys() == {"1001", "1003", "stads"}
    assert {value.day for value in kept(account.file).values()} == {TODAY}
    assert account.close() == []


@pytest.mark.parametrize(
    ("day", "text"),
    [("2026-11-21", "1003 is another."), ("2026-11-22", "1001 and 10033 and stads2 changed.")],
    ids=["too old", "names others"],
)
def test_a_change_without_its_entry_is_refused_and_nothing_is_written(
    account: Account, monkeypatch: pytest.MonkeyPatch, day: str, text: str
) -> None:
    before = account.file.read_text()
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: {"1001": "a", "1003": "z", "stads": "c"})
    account.note((day, text))
    with pytest.raises(UdbRefused, match="1003"):
        account.close()
    assert account.file.read_text() == before


def test_a_change_with_its_entry_is_kept_and_the_others_stay(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fingerprints, "fingerprints", lambda: {"1003": "z", "stads": "c", "2001": "n"})
    account.note(("2027-01-02", "1003: another limit. 2001 is new, 1001 is gone."), ("2026-11-22", "1001-1006, stads."))
    assert account.close(date(2027, 1, 1)) == ["1001", "1003", "2001"]
    days = {name: str(value.day) for name, value in kept(account.file).items()}
    assert days == {"1003": "2027-01-02", "2001": "2027-01-02", "stads": "2026-11-22"}


def test_the_kept_file_is_sorted() -> None:
    names = list(json.loads(FILE.read_text()))
    assert names == sorted(names)
    assert CHANGELOG.exists()
