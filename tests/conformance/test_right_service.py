"""The right service passes every scenario, on both databases."""

import pytest

from tests.conformance.target import InProcess
from udb.conformance.service.run import run
from udb.conformance.shared import places
from udb.conformance.shared.outcome import Verdict
from udb.conformance.shared.scenario import scenarios


@pytest.mark.parametrize("of_rules", [False, True], ids=["written by hand", "of the rules"])
def test_the_right_service_passes_all(target: InProcess, *, of_rules: bool) -> None:
    chosen = [scenario for scenario in scenarios() if bool(scenario.rule) is of_rules]
    result = run(target, "here", chosen, places=places.read())
    assert {outcome.scenario.id: outcome.wrong for outcome in result.outcomes if outcome.wrong} == {}
    assert result.count(Verdict.PASSED) == len(chosen) > 40
    assert (result.without, result.ended, result.passed) == ([], None, True)


def test_it_passes_again_with_other_youths_and_leaves_the_clock_as_it_was(target: InProcess) -> None:
    chosen = [scenario for scenario in scenarios() if scenario.id in {"hentning-eksempel", "annullering"}]
    for _ in range(2):
        assert run(target, "here", chosen, places=places.read()).passed
    again = run(target, "here", chosen, places=places.read(), reset=True)
    assert again.passed
