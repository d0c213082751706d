"""docs/sikkerhed.md and docs/laeselog.md point to tests that exist."""

import ast
import re
from functools import cache

import pytest

from tests.wsdl import broken, hostile
from udb.paths import ROOT

PAGE = (ROOT / "docs/sikkerhed.md").read_text()
ROWS = [
    line
    for line in PAGE.splitlines()
    if line.startswith("| ") and not re.match(r"\| (against|attack|chapter) \|", line)
]
CASES = {
    "hostile": {case.name for case in hostile.CASES},
    "signature": {case.name for case in broken.CASES},
}


@cache
def found_in(file: str) -> set[str]:
    tree = ast.parse((ROOT / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_every_line_names_tests_that_there_are(row: str) -> None:
    proof = row.split("|")[3]
    pointers = re.findall(r"`(tests/\S+?\.py)(?:::(\w+))?`", proof)
    cases = [
        (table, name.strip())
        for table, names in re.findall(r"(hostile|signature): ([a-z0-9, -]+)", proof)
        for name in names.split(",")
    ]
    assert pointers or cases
    assert not [(file, name) for file, name in pointers if name and name not in found_in(file)]
    assert not [file for file, _ in pointers if not found_in(file)]
    assert not [(table, name) for table, name in cases if name not in CASES[table]]


ATTACKS = [
    line
    for line in (ROOT / "docs/laeselog.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| attack |")
]
FOLDERS = {"test_log.py": "tests/cli"}


@pytest.mark.parametrize("row", ATTACKS, ids=lambda row: row.split("|")[1].strip()[:40])
def test_every_attack_on_the_read_log_has_its_test(row: str) -> None:
    pointers = re.findall(r"`(\w+\.py)::(\w+)`", row.split("|")[4])
    assert pointers
    missing = [
        (file, name) for file, name in pointers if name not in found_in(f"{FOLDERS.get(file, 'tests/readlog')}/{file}")
    ]
    assert not missing


def test_there_are_lines() -> None:
    assert len(ROWS) > 40
    assert len(ATTACKS) > 20
