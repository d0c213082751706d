import json
from datetime import UTC, date, datetime

import pytest

from udb.cli import output

ROWS = [{"kode": "3017", "tekst": "hf på to år", "fra": date(2020, 8, 1), "til": None}]


def test_json_holds_the_chosen_columns_and_danish_letters(capsys):
    output.rows(dict.fromkeys(("kode", "tekst", "fra", "til"), "x"), ROWS, as_json=True)
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"kode": "3017", "tekst": "hf på to år", "fra": "2020-08-01", "til": None}]
    assert "på" in printed


def test_the_table_leaves_what_is_not_given_empty(capsys):
    output.rows({"kode": "code", "til": "to"}, ROWS, as_json=False)
    printed = capsys.readouterr().out
    assert "3017" in printed
    assert "None" not in printed


def test_square_brackets_in_data_are_printed_as_they_are(capsys):
    output.rows({"kode": "code"}, [{"kode": "[bold]x[/bold]"}], as_json=False)
    assert "[bold]x[/bold]" in capsys.readouterr().out


def test_flags_are_words(capsys):
    output.rows({"spaerret": "blocked"}, [{"spaerret": True}, {"spaerret": False}], as_json=False)
    printed = capsys.readouterr().out
    assert "blocked" in printed
    assert "yes" in printed
    assert "no" in printed
    assert "True" not in printed


def test_a_table_wider_than_the_terminal_is_printed_row_by_row_and_a_pipe_has_no_width(monkeypatch, capsys):
    row = {"nummer": "UDB-" + "1" * 23, "hash": "a" * 64}
    monkeypatch.setenv("COLUMNS", "80")
    output.rows({"nummer": "number", "hash": "hash"}, [row, row], as_json=False)
    block = f"number: {row['nummer']}\nhash: {row['hash']}\n"
    assert capsys.readouterr().out == f"{block}\n{block}"
    monkeypatch.delenv("COLUMNS")
    output.rows({"nummer": "number", "hash": "hash"}, [row], as_json=False)
    (line,) = [line for line in capsys.readouterr().out.splitlines() if row["nummer"] in line]
    assert row["hash"] in line


@pytest.mark.parametrize("width", range(20, 80, 3))
def test_no_value_and_no_heading_is_cut_off_at_any_width(monkeypatch, capsys, width):
    row = {"modtager": "281111", "ser": True, "hentet": datetime(2027, 10, 31, 1, 30, tzinfo=UTC)}
    columns = {"modtager": "recipient", "ser": "may see it", "hentet": "first fetched"}
    monkeypatch.setenv("COLUMNS", str(width))
    output.rows(columns, [row], as_json=False)
    printed = capsys.readouterr().out.replace("\N{NO-BREAK SPACE}", " ")
    for shown in ("281111", "yes", "2027-10-31 02:30+01:00", *columns.values()):
        assert shown in printed


def test_one_is_not_several():
    assert output.counted(1, "block") == "1 block"
    assert output.counted(4, "row waits", "rows wait") == "4 rows wait"


@pytest.mark.parametrize("as_json", [True, False])
@pytest.mark.parametrize("columns", ["300", "20"])
def test_what_another_party_wrote_moves_no_cursor(monkeypatch, capsys, as_json, columns):
    said = "CN=\x1b[2J\x9b31m\u202eondt\U000e0041 på"
    monkeypatch.setenv("COLUMNS", columns)
    output.rows({"subjekt": "subject", "id": "id"}, [{"subjekt": said, "id": 7}], as_json=as_json)
    printed = capsys.readouterr().out
    assert "på" in printed
    assert [sign for sign in printed if not sign.isprintable() and sign != "\n"] == []
    assert not as_json or json.loads(printed)[0]["subjekt"] == said
