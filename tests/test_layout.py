"""The folders of the tests, and their imports."""

import ast
from collections.abc import Iterator
from pathlib import Path

from udb.paths import ROOT

TESTS = ROOT / "tests"
NO_ROOMS = {
    "browser",
    *("clients", "deploy", "feed", "fuzz", "krav", "model", "mutation"),
    *("recorded", "sequences", "signed", "support", "tilskud"),
}
"""The folders that mirror no folder of ``udb/``."""


def imported(file: Path) -> Iterator[str]:
    """Yield every module that a file imports, and every name it imports from a module, which may be a module too."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports(folder: str) -> list[tuple[str, str]]:
    """Return each file of a folder with each name it imports from the tests."""
    files = (ROOT / folder).rglob("*.py")
    return [
        (str(file.relative_to(ROOT)), name)
        for file in files
        for name in imported(file)
        if f"{name}.".startswith("tests.")
    ]


def is_test_module(name: str) -> bool:
    parts = name.split(".")
    return any(
        (ROOT / Path(*parts[:end], f"{part}.py")).is_file()
        for end, part in enumerate(parts)
        if part.startswith("test_")
    )


def test_no_module_imports_a_test_module():
    assert is_test_module("tests.test_layout.TESTS")
    found = imports("tests")
    assert len(found) > 500
    assert [one for one in found if is_test_module(one[1])] == []


def test_benchmarks_import_from_support_alone():
    found = imports("benchmarks")
    assert len(found) > 10
    assert [one for one in found if not f"{one[1]}.".startswith("tests.support.")] == []


def test_every_folder_mirrors_udb_or_is_named():
    folders = {file.relative_to(TESTS).parts[0] for file in TESTS.glob("*/**/*.*") if file.suffix != ".pyc"}
    rooms = {folder.name for folder in (ROOT / "udb").iterdir()}
    assert folders - rooms == NO_ROOMS
    readme = (TESTS / "README.md").read_text(encoding="utf-8")
    assert [name for name in sorted(NO_ROOMS) if f"`{name}/`" not in readme] == []
