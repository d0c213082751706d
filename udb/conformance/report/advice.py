"""The advice for a failed scenario, and its sources in the vejledning."""

from typing import Final

from udb.conformance.report.krav import rows
from udb.conformance.shared.scenario import Scenario
from udb.rulebook.book import entry_of
from udb.rulebook.words import DANISH

NO_ADVICE: Final = "Sammenlign beskederne med det, scenariet forventer."


def how_to_fix(scenario: Scenario) -> str:
    """Return in Danish the scenario's own advice, or the text of its rule."""
    entry = entry_of(scenario.rule) if scenario.rule else None
    if scenario.advice or entry is None:
        return scenario.advice or NO_ADVICE
    wrong = scenario.id.endswith("forkert")
    what = "Svar med koden, når reglen er overtrådt." if wrong else "Svar ikke med koden, når reglen er overholdt."
    return f"Regel {entry.code}: {what} Reglens tekst: {entry.said(DANISH)}"


def sources(scenario: Scenario) -> list[str]:
    """Return the sections of the vejledning that a scenario tests; for a rule without any, the rule's source."""
    sections = {krav.nummer: krav.source for krav in rows()}
    found = list(dict.fromkeys(sections[number] for number in scenario.krav))
    entry = entry_of(scenario.rule) if scenario.rule else None
    return found or ([entry.source] if entry else [])
