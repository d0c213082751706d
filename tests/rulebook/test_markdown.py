"""The pages in docs/regler are those of the rules as they are."""

from pathlib import Path

from typer.testing import CliRunner

from udb.cli import build
from udb.paths import ROOT
from udb.rulebook.markdown import pages

FOLDER = ROOT / "docs" / "regler"


def test_the_pages_are_up_to_date() -> None:
    found = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    made = pages()
    assert found.keys() == made.keys(), "run: make docs"
    assert [name for name in made if found[name] != made[name]] == [], "run: make docs"


def test_they_are_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    (tmp_path / "1999.md").write_text("gone")
    (tmp_path / "notes.md").write_text("kept")
    result = CliRunner().invoke(build(), ["rules", "--write", str(tmp_path)])
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {*pages(), "notes.md"}
    assert (tmp_path / "4003.md").read_text(encoding="utf-8") == pages()["4003.md"]
