"""The suite is tested: every deliberately broken service is noticed by the scenarios that should."""

from collections.abc import Iterable

import pytest
from sqlalchemy import Engine

from tests.conformance.broken.defects import DEFECTS, made_again, without
from tests.conformance.broken.faults import FAULTS, Fault
from tests.conformance.broken.rewriting import changed
from tests.conformance.target import InProcess, service
from udb.conformance.service.run import run
from udb.conformance.shared import places
from udb.conformance.shared.outcome import Run, Verdict
from udb.conformance.shared.scenario import scenarios

BY_ID = {scenario.id: scenario for scenario in scenarios()}
RULES = sorted({scenario.rule for scenario in BY_ID.values() if scenario.rule and scenario.id.endswith("forkert")})


def played(target: InProcess, ids: Iterable[str]) -> Run:
    return run(target, "here", [BY_ID[name] for name in ids], places=places.read())


def test_there_are_more_than_30_broken_services() -> None:
    assert len(FAULTS) + len(DEFECTS) > 60
    assert len({fault.name for fault in FAULTS} | DEFECTS.keys()) == len(FAULTS) + len(DEFECTS)


def test_what_breaks_them_breaks_nothing_by_itself(one_sandbox: Engine) -> None:
    ids = {name for fault in FAULTS for name in fault.noticed_by}
    untouched = changed(service(one_sandbox), lambda _passing: None)
    assert played(InProcess(untouched), sorted(ids)).passed


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_a_fault_in_the_answers_is_noticed(one_sandbox: Engine, fault: Fault) -> None:
    found = played(InProcess(fault.broken(service(one_sandbox))), fault.noticed_by)
    assert found.count(Verdict.FAILED) == len(fault.noticed_by), fault.name


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_within_is_noticed(one_sandbox: Engine, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    apply, noticed_by = DEFECTS[name]
    made_again(monkeypatch)
    apply(monkeypatch)
    assert played(InProcess(service(one_sandbox)), noticed_by).count(Verdict.FAILED) > 0


@pytest.mark.parametrize("code", RULES)
def test_a_missing_rule_is_noticed(one_sandbox: Engine, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    without(code)(monkeypatch)
    assert played(InProcess(service(one_sandbox)), [f"regel-{code}-forkert"]).count(Verdict.FAILED) == 1
