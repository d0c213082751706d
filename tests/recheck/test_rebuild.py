"""Every report of every case, rebuilt from its event, is judged as before: the rules' own cases, played in memory."""

import pytest

from tests.rules.cases import Case, Play, cases
from tests.rules.memory import MemoryDriver, person, shipped_codes
from udb.domain.bevis import Beviser
from udb.recheck.rebuild import NOT_KEPT, reports
from udb.rules.runner import evaluate

NUMBERED_OTHERWISE = {
    # The register in memory numbers the cancellation of the named report after that of its twin; the context before.
    "6003-wrong-a report and what repeats it are one",
    "7006-wrong-cancelled together with what repeats it",
}


def is_rebuilt(case: Case) -> bool:
    """Return whether today's register of institutions is that of the day of every report."""
    return str(case) not in NUMBERED_OTHERWISE and not any("institution" in step for step in case.steps[1:])


CASES = [case for case in cases() if is_rebuilt(case)]


def test_nearly_every_case_is_rebuilt() -> None:
    everything = list(cases())
    assert {str(case) for case in everything} >= NUMBERED_OTHERWISE
    assert len(CASES) > 0.95 * len(everything)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_report_rebuilt_from_its_event_is_judged_as_it_was(case: Case) -> None:
    driver = MemoryDriver()
    play = Play(driver)
    play.begin(case)
    expected = {}
    for step in case.steps:
        answer = play.step(step)
        if answer is not None and answer.number is not None:
            expected[answer.number] = answer.codes
    found = {}
    for youth in {id(youth): youth for youth in driver.youths.values()}.values():
        events = tuple(driver.by_todays_register(youth.events))
        rebuilt = reports(
            person(youth),
            events,
            driver.institutions,
            shipped_codes(),
            beviser=Beviser(driver.delivered, tuple(youth.beviser)),
            invented_cpr_allowed=True,
        )
        for event, report, facts in rebuilt:
            if event.har_uddannelsespaalaeg is False:
                # A subscription that ended by itself has no receipt.
                expected.setdefault(event.nummer, frozenset())
            not_kept = NOT_KEPT.get(event.art, frozenset())
            expected[event.nummer] -= not_kept
            found[event.nummer] = frozenset(finding.code for finding in evaluate(report, facts)) - not_kept
    assert found == expected
