"""The choice of rules, and the findings that silence others."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from graphlib import CycleError

import pytest

from tests.rules.memory import indberetning, shipped_codes
from udb.domain.haendelse import Indberetning
from udb.domain.services import FGU, UNGDOMSUDDANNELSE
from udb.rules import runner
from udb.rules.catalogue import BY_CODE
from udb.rules.facts import Facts
from udb.rules.rule import ALL_KINDS, CANCELLATIONS_ALONE, REPORTS_ALONE, Hit, Rule

TODAY = date(2026, 8, 17)
FACTS = Facts(today=TODAY, invented_cpr_allowed=True, person=None, institution=None, codes=shipped_codes())
REPORT = indberetning(
    {
        "service": UNGDOMSUDDANNELSE,
        "CPRNr": "6503084001",
        "InstitutionNummer": "461248",
        "HaendelseDato": TODAY,
        "Status": 1,
        "KildeLeverandoer": "Skolesystem",
        "Annullering": False,
    }
)


def always(_report: Indberetning, _facts: Facts) -> Hit | None:
    return Hit()


def rule(code: str, *silencers: str, **changes: object) -> Rule:
    made = replace(BY_CODE["9001"], code=code, check=always, silenced_by=frozenset(silencers))
    return replace(made, **changes)


@pytest.fixture
def judge(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Return a function that judges a report by rules made here instead of the catalogue's."""

    def codes(*rules: Rule, report: Indberetning = REPORT, facts: Facts = FACTS) -> list[str]:
        monkeypatch.setattr(runner, "_IN_ORDER", runner.in_order(rules))
        runner._asked.cache_clear()
        return [finding.code for finding in runner.evaluate(report, facts)]

    return codes


@pytest.fixture(autouse=True)
def catalogue_again(monkeypatch: pytest.MonkeyPatch) -> object:
    yield
    monkeypatch.undo()
    runner._asked.cache_clear()


def test_all_findings_come_in_code_order(judge: Callable[..., list[str]]) -> None:
    assert judge(rule("3"), rule("1"), rule("2")) == ["1", "2", "3"]


def test_a_finding_silences_whatever_the_order_of_codes(judge: Callable[..., list[str]]) -> None:
    assert judge(rule("1", "2"), rule("2")) == ["2"]


def test_a_silenced_finding_silences_nothing(judge: Callable[..., list[str]]) -> None:
    assert judge(rule("1"), rule("2", "1"), rule("3", "2")) == ["1", "3"]


def test_rules_that_silence_each_other_are_a_defect() -> None:
    with pytest.raises(CycleError):
        runner.in_order([rule("1", "2"), rule("2", "1")])


def test_without_the_youth_no_rule_that_needs_one_is_asked(judge: Callable[..., list[str]]) -> None:
    def defect(_report: Indberetning, _facts: Facts) -> Hit | None:
        pytest.fail("asked")

    assert judge(rule("1", needs_youth=True, check=defect), rule("2")) == ["2"]


def test_only_the_service_s_rules(judge: Callable[..., list[str]]) -> None:
    assert judge(rule("1", services=frozenset({FGU})), rule("2", services=frozenset({UNGDOMSUDDANNELSE}))) == ["2"]


def test_reports_and_cancellations(judge: Callable[..., list[str]]) -> None:
    rules = (
        rule("1", judges=REPORTS_ALONE),
        rule("2", judges=CANCELLATIONS_ALONE),
        rule("3", judges=ALL_KINDS),
    )
    assert judge(*rules) == ["1", "3"]
    assert judge(*rules, report=replace(REPORT, annullering=True)) == ["2", "3"]


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (TODAY, None, ["1"]),
        (date(2026, 8, 18), None, []),
        (date(2020, 1, 1), TODAY, ["1"]),
        (date(2020, 1, 1), date(2026, 8, 18), ["1"]),
        (date(2020, 1, 1), date(2026, 8, 16), []),
    ],
)
def test_in_force_on_the_day_of_registration(
    judge: Callable[..., list[str]], first: date, last: date | None, found: list[str]
) -> None:
    assert judge(rule("1", in_force_from=first, in_force_to=last)) == found


def test_a_rule_that_raises_is_a_defect(judge: Callable[..., list[str]]) -> None:
    def broken(_report: Indberetning, _facts: Facts) -> Hit | None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        judge(rule("1", check=broken))


def test_a_hit_fills_the_text_and_names_the_element(judge: Callable[..., list[str]]) -> None:
    def hit(_report: Indberetning, _facts: Facts) -> Hit | None:
        return Hit(element="Status", vedroerer="UDB-1", values={"optag": "2026-08-10"})

    assert judge(rule("1", check=hit, tekst="Se {optag}.", element="CPRNr")) == ["1"]
    (finding,) = runner.evaluate(REPORT, FACTS)
    assert (finding.tekst, finding.element, finding.vedroerer) == ("Se 2026-08-10.", "Status", "UDB-1")


def test_an_unknown_youth_at_an_unknown_institution() -> None:
    report = replace(REPORT, cosa_formaal="3009", cosa_formaal_version=2)
    assert [finding.code for finding in runner.evaluate(report, FACTS)] == ["2001"]
