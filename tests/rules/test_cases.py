"""Every rule's right and wrong cases, played in memory."""

import pytest

from tests.rules.cases import Case, Play, cases, expected, files, makes_event
from tests.rules.memory import MemoryDriver
from udb.rules.catalogue import BY_CODE, RULES
from udb.rules.rule import Alvor

CASES = list(cases())


@pytest.mark.parametrize("case", CASES, ids=str)
def test_case_in_memory(case: Case) -> None:
    played(Play(MemoryDriver()), case)


def played(play: Play, case: Case) -> None:
    play.begin(case)
    for number, step in enumerate(case.steps, 1):
        answer = play.step(step)
        if answer is None:
            continue
        assert answer.codes == expected(step), f"step {number}: {step}"
        refused = any(BY_CODE[code].alvor is Alvor.HAARD for code in answer.codes)
        assert answer.accepted != refused, f"step {number}: {step}"
        assert (answer.number is not None) == (answer.accepted and makes_event(step)), f"step {number}: {step}"


def test_every_rule_has_cases() -> None:
    assert files() == [rule.code for rule in RULES]


@pytest.mark.parametrize("code", BY_CODE)
def test_wrong_cases_show_the_code_and_right_ones_do_not(code: str) -> None:
    own = [case for case in CASES if case.code == code]
    assert any(case.kind == "right" for case in own)
    assert any(case.kind == "wrong" for case in own)
    for case in own:
        assert (code in case.expected) == (case.kind == "wrong"), str(case)
