"""No page reads a table of persons itself: what it shows comes through a use case, which logs it (portal 3.0.2)."""

import ast
from pathlib import Path

import udb.portal

FORBIDDEN = {"bopael", "cprnummer", "haendelse", "hentet", "kontakt", "onske", "person", "read_log", "ung_liste"}


def imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("udb.store.tables"):
            yield from (name.name for name in node.names)
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name.startswith("udb.store"))


def test_no_page_reads_a_table_of_persons():
    files = sorted(Path(udb.portal.__file__).parent.rglob("*.py"))
    found = {file.name: set(imported(file)) & FORBIDDEN for file in files}
    assert not {name: tables for name, tables in found.items() if tables}
    assert not [name for file in files for name in imported(file) if name.startswith("udb.store")]
    assert len(files) > len(FORBIDDEN)
