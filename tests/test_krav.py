"""docs/krav.csv is complete: every fact of the vejledning has its implementation, a test, or a reason; and back."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

from tests.krav import doers
from tests.krav.table import BY_NUMBER, COLUMNS, HEADER, ROWS, mentioned
from udb.conformance.report.krav import proofs
from udb.domain import elementer
from udb.domain.services import SERVICES
from udb.paths import ROOT
from udb.rules.catalogue import BY_CODE, RULES
from udb.wsdl import faults
from udb.wsdl.soap import TRIAL_NAME

NUMBERS = [f"F{number:03}" for number in range(1, 212)]
KINDS = {"enforces", "delivers", "duty", "data", "definition"}
LATER = {
    *("Access and feed", "Registers", "Callers", "Performance", "Conformance"),
    "Statistics",
}
"""The parts that are not built yet, and may therefore be named by ``senere``."""
REASON = re.compile(r"(?P<why>pligt|definition|senere): (?P<what>[^:]+)(: .+)?")
OF_KIND = {"pligt": {"duty"}, "definition": {"definition"}, "senere": KINDS - {"duty"}}
VALUES = {
    "Accepteret",
    "Afvist",
    "Haard",
    "Bloed",
    "Client",
    "Server",
    "KOM",
    "Opret",
    "Ret",
    "Afmeld",
    TRIAL_NAME,
}
"""The names in the guide and the glossary that are neither elements nor operations."""


@cache
def functions(path: Path) -> dict[str, str]:
    """Return the test functions of a module, with their docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    return {node.name: ast.get_docstring(node) or "" for node in found}


@cache
def case_names(path: Path) -> list[str]:
    """Return the names of a file of rule cases."""
    lists = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [case["name"] for kind in ("right", "wrong") for case in lists[kind]]


def exists(test: str) -> bool:
    name, _, part = test.partition("::")
    path = ROOT / name
    if not path.is_file():
        return False
    if path.suffix == ".yml":
        return any(part in mentioned(case) for case in case_names(path))
    return part in functions(path)


def mentions() -> Iterator[tuple[str, str]]:
    """Yield number and test, for every number in a case's name or a test's docstring."""
    for path in sorted((ROOT / "tests/rules/cases").glob("*.yml")):
        if path.stem in BY_CODE:
            for number in sorted(set().union(*(mentioned(name) for name in case_names(path)))):
                yield number, f"{path.relative_to(ROOT)}::{number}"
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for function, docstring in functions(path).items():
            for number in sorted(mentioned(docstring)):
                yield number, f"{path.relative_to(ROOT)}::{function}"


def test_every_fact_stands_once_in_order() -> None:
    assert HEADER == COLUMNS
    assert [row.nummer for row in ROWS] == NUMBERS
    assert [text for text, count in Counter(row.krav for row in ROWS).items() if count > 1 or not text] == []
    assert {row.slags for row in ROWS} == KINDS
    assert [row.nummer for row in ROWS if not re.fullmatch(r"Intro|own|[1-7](\.[1-6])?", row.afsnit)] == []


def test_what_a_row_names_is_there() -> None:
    assert [(row.nummer, test) for row in ROWS for test in row.tests if not exists(test)] == []
    unbuilt = {row.nummer for row in ROWS for doer in row.doers if not doers.exists(doer)}
    assert unbuilt <= {row.nummer for row in ROWS if row.later}
    assert [row.nummer for row in ROWS if not row.later and bool(row.doers) != bool(row.tests)] == []
    assert {row.nummer: sorted(row.scenarios) for row in ROWS if row.scenarios} == proofs()


def test_without_a_test_there_is_a_reason() -> None:
    assert [row.nummer for row in ROWS if not (row.tests or row.grund)] == []
    for row in ROWS:
        if row.grund:
            reason = REASON.fullmatch(row.grund)
            assert reason is not None, row.nummer
            assert row.slags in OF_KIND[reason["why"]], row.nummer
            assert row.later == (reason["what"] in LATER), row.nummer
            assert row.later or not row.tests, row.nummer


def test_every_rule_of_the_vejledning_has_its_fact() -> None:
    """The other rules are decided here or taken from STIL's interface pages, and say so."""
    named = {doer for row in ROWS for doer in row.doers}
    assert [rule.code for rule in RULES if "V " in rule.source and rule.code not in named] == []
    others = {rule.source for rule in RULES if "V " not in rule.source}
    assert others == {"own", "STIL's interface pages"}


def test_a_number_in_a_test_is_a_test_in_its_row() -> None:
    found = list(mentions())
    assert len(found) > len(RULES)
    assert {number for number, _ in found} <= set(NUMBERS)
    assert [(number, test) for number, test in found if test not in BY_NUMBER[number].tests] == []


def test_what_the_guide_and_the_glossary_name_is_there() -> None:
    guide = (ROOT / "docs/vejledning-til-afsendere.md").read_text(encoding="utf-8")
    rules = set(re.findall(r"\b[1-9]\d{3}\b", guide))
    assert {"5002", "9001"} <= rules <= set(BY_CODE)
    glossary = (ROOT / "docs/ordliste.md").read_text(encoding="utf-8")
    paths = re.findall(r"`((?:udb|codesets)/[^`]*)`", glossary)
    assert "udb/domain/forloeb.py" in paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
    elements = set(re.findall(r"`([A-Z]\w+)`", guide + glossary))
    operations = {operation for service in SERVICES.values() for operation in (service.name, *service.operations)}
    codes = {kind.error_code for kind in vars(faults).values() if isinstance(kind, faults.Kind)}
    assert "UDB009104" in codes
    assert elements - set(elementer.ATTRIBUTE) - operations - codes == VALUES
