"""What docs/krav.csv says does it, really runs in the tests that it says prove it.

``KRAV_DATABASES="sqlite postgresql"`` runs them on both databases, which need not enter the same.
"""

import os

import pytest

from tests.krav.runs import APART, entered, faults
from tests.krav.table import BY_NUMBER, ROWS, Krav

CHAPTERS = ("I1", "234", "5", "67o")
"""First characters of ``afsnit``: each group of rows is run in a process of its own."""


def row(*doers: str, tests: tuple[str, ...]) -> Krav:
    return Krav("F126", "4.1", "Degree", "enforces", doers, tests, (), "")


def test_the_groups_are_the_whole_table() -> None:
    assert {row.afsnit[0] for row in ROWS} == set("".join(CHAPTERS))


@pytest.mark.parametrize("chapters", CHAPTERS)
@pytest.mark.parametrize("database", os.environ.get("KRAV_DATABASES", "sqlite").split())
def test_what_a_row_names_runs_in_its_tests(tmp_path, database, chapters) -> None:
    rows = [row for row in ROWS if row.afsnit[0] in chapters and not row.later]
    assert list(faults(rows, entered(rows, tmp_path, database))) == []


def test_a_false_row_is_found(tmp_path) -> None:
    """All that a row names is there: a function, tests that pass, a file. But the test enters none of it."""
    right, wrong = "udb/domain/identifiers.py::forloeb_id", "udb/beskaeftigelse/grad.py::benefits"
    test, stranger = (
        "tests/domain/test_identifiers.py::test_the_form_of_the_vejledning",
        "tests/test_codesets.py::test_the_class_types",
    )
    read, unread = "codesets/klassetyper.csv", "codesets/timeloen.csv"
    rows = [
        row(right, tests=(test,)),
        row(right, wrong, tests=(test,)),
        row(right, tests=(test, stranger)),
        row(read, tests=(stranger,)),
        row(unread, tests=(stranger,)),
        row("1005", "A1", "8002", tests=(test,)),
    ]
    found = entered(rows, tmp_path)
    assert [list(faults([one], found)) for one in rows] == [
        [],
        [f"F126: no test of the row enters {wrong}"],
        [f"F126: {stranger} enters nothing of what the row names"],
        [],
        [f"F126: no test of the row enters {unread}", f"F126: {stranger} enters nothing of what the row names"],
        [
            *(f"F126: no test of the row enters {doer}" for doer in ("1005", "A1", "8002")),
            f"F126: {test} enters nothing of what the row names",
        ],
    ]


def test_a_test_that_does_not_run_is_an_error(tmp_path) -> None:
    with pytest.raises(AssertionError, match="13 deselected"):
        entered([row("1005", tests=("tests/domain/test_identifiers.py::test_that_is_not_there",))], tmp_path)


def test_a_test_apart_proves_no_row_alone() -> None:
    (apart,) = APART
    assert any(apart in one.tests for one in ROWS)
    assert list(faults([row("A1", tests=(apart,))], {})) == ["F126: no test of the row enters A1"]
    assert list(faults([row("A1", tests=(apart, "other"))], {"other": {"A1"}})) == []
    assert BY_NUMBER["F137"].tests[0] == apart
