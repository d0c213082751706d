import json
from datetime import date

from udb.cli import output

ROWS = [{"kode": "3017", "tekst": "hf på to år", "fra": date(2020, 8, 1), "til": None}]


def test_json_holds_the_chosen_columns_and_danish_letters(capsys):
    output.rows(("kode", "tekst", "fra", "til"), ROWS, as_json=True)
    printed = capsys.readouterr().out
    assert json.loads(printed) == [{"kode": "3017", "tekst": "hf på to år", "fra": "2020-08-01", "til": None}]
    assert "på" in printed


def test_the_table_leaves_what_is_not_given_empty(capsys):
    output.rows(("kode", "til"), ROWS, as_json=False)
    printed = capsys.readouterr().out
    assert "3017" in printed
    assert "None" not in printed


def test_square_brackets_in_data_are_printed_as_they_are(capsys):
    output.rows(("kode",), [{"kode": "[bold]x[/bold]"}], as_json=False)
    assert "[bold]x[/bold]" in capsys.readouterr().out
