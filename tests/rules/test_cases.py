"""Every rule's right and wrong cases, played in memory."""

import pytest

from tests.rules.cases import CASES, Case, Play, files, played
from tests.rules.memory import MemoryDriver
from udb.rules.catalogue import BY_CODE, RULES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_in_memory(case: Case) -> None:
    played(Play(MemoryDriver()), case)


def test_every_rule_has_cases() -> None:
    assert files() == [rule.code for rule in RULES]


@pytest.mark.parametrize("code", BY_CODE)
def test_wrong_cases_show_the_code_and_right_ones_do_not(code: str) -> None:
    own = [case for case in CASES if case.code == code]
    assert any(case.kind == "right" for case in own)
    assert any(case.kind == "wrong" for case in own)
    for case in own:
        assert (code in case.expected) == (case.kind == "wrong"), str(case)
