"""Judge a report by every rule that holds for it."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from graphlib import TopologicalSorter
from typing import Final

from udb.domain.haendelse import Indberetning, Kind
from udb.rules.catalogue import RULES
from udb.rules.facts import Facts
from udb.rules.rule import Finding, Rule

NO_YOUTH: Final = frozenset({"1001", "1002", "7001"})
"""The rules that silence every rule that needs the youth (rules.md, Silence)."""


def silencers(rule: Rule) -> frozenset[str]:
    """Return the codes of the findings that silence a rule."""
    return rule.silenced_by | NO_YOUTH if rule.needs_youth else rule.silenced_by


def in_order(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Return each rule after all that may silence it; raises graphlib.CycleError when rules silence each other."""
    by_code = {rule.code: rule for rule in rules}
    graph = {code: silencers(rule) & by_code.keys() for code, rule in by_code.items()}
    return tuple(by_code[code] for code in TopologicalSorter(graph).static_order())


_IN_ORDER: Final = in_order(RULES)


@lru_cache(maxsize=1000)
def _asked(service: str, kind: Kind, day: date) -> tuple[tuple[Rule, frozenset[str]], ...]:
    """Return the rules that judge a service's messages on a day, in the order of silence, each with its silencers."""
    return tuple(
        (rule, silencers(rule))
        for rule in _IN_ORDER
        if service in rule.services and kind in rule.judges and rule.in_force(day)
    )


def evaluate(report: Indberetning, facts: Facts, *, by_rules_of: date | None = None) -> tuple[Finding, ...]:
    """Return all findings about a report, by code; empty when it breaks no rule.

    ``facts``: with the report placed (``udb.rules.facts.placed``). ``by_rules_of``: judge by the rules of this day
    instead of the day of registration. A silenced rule finds nothing, so it does not silence others.
    """
    found: dict[str, Finding] = {}
    unknown = facts.person is None
    for rule, silent_after in _asked(report.service, report.kind, by_rules_of or facts.today):
        if (found and not silent_after.isdisjoint(found)) or (unknown and rule.needs_youth):
            continue
        if (hit := rule.check(report, facts)) is not None:
            tekst = rule.tekst.format_map(hit.values)
            found[rule.code] = Finding(rule.code, rule.alvor, tekst, hit.element or rule.element, hit.vedroerer)
    return tuple(found[code] for code in sorted(found))
