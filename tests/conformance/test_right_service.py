"""The right service passes every scenario, on both databases."""

from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Engine

from tests.conformance.target import InProcess, service
from udb.conformance.service.run import run
from udb.conformance.shared import places
from udb.conformance.shared.outcome import Verdict
from udb.conformance.shared.scenario import scenarios
from udb.domain.kodesaet import REGISTER, VEJLEDNING
from udb.imports.types_edition import set_edition

FOLKESKOLE: Final = "101001"
FRISKOLE: Final = "101004"
EFTERSKOLE: Final = "101010"


@pytest.mark.parametrize("of_rules", [False, True], ids=["written by hand", "of the rules"])
def test_the_right_service_passes_all(target: InProcess, *, of_rules: bool) -> None:
    chosen = [scenario for scenario in scenarios() if bool(scenario.rule) is of_rules]
    result = run(target, "here", chosen, places=places.read())
    assert {outcome.scenario.id: outcome.wrong for outcome in result.outcomes if outcome.wrong} == {}
    assert result.count(Verdict.PASSED) == len(chosen) > 40
    assert (result.without, result.ended, result.passed) == ([], None, True)


@pytest.mark.parametrize("of_rules", [False, True], ids=["written by hand", "of the rules"])
def test_the_right_service_passes_all_by_the_vejledning(sandbox: Engine, *, of_rules: bool) -> None:
    """The sandbox's institutions have the types of the register; by the vejledning 1011 and 1012 are efterskoler."""
    chosen = [scenario for scenario in scenarios() if bool(scenario.rule) is of_rules]
    known = places.read()
    theirs = {"saerlig_efterskole": EFTERSKOLE, "efterskole": FOLKESKOLE, "folkeskole": FRISKOLE}
    set_edition(sandbox, VEJLEDNING)
    try:
        result = run(
            InProcess(service(sandbox)),
            "here",
            chosen,
            places=replace(known, institutioner={**known.institutioner, **theirs}),
        )
    finally:
        set_edition(sandbox, REGISTER)
    assert {outcome.scenario.id: outcome.wrong for outcome in result.outcomes if outcome.wrong} == {}
    assert result.count(Verdict.PASSED) == len(chosen) > 40


def test_it_passes_again_with_other_youths_and_leaves_the_clock_as_it_was(target: InProcess) -> None:
    chosen = [scenario for scenario in scenarios() if scenario.id in {"hentning-eksempel", "annullering"}]
    for _ in range(2):
        assert run(target, "here", chosen, places=places.read()).passed
    again = run(target, "here", chosen, places=places.read(), reset=True)
    assert again.passed
