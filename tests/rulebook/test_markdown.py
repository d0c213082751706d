"""The pages of the rule book that `make site` writes."""

from pathlib import Path

from typer.testing import CliRunner

from udb.cli import build
from udb.rulebook.markdown import pages


def test_they_are_written_and_what_is_gone_is_removed(tmp_path: Path) -> None:
    (tmp_path / "1999.md").write_text("gone")
    (tmp_path / "notes.md").write_text("kept")
    result = CliRunner().invoke(build(), ["rules", "--write", str(tmp_path)])
    assert result.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {*pages(), "notes.md"}
    assert (tmp_path / "4003.md").read_text(encoding="utf-8") == pages()["4003.md"]
