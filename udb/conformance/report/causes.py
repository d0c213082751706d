"""Failures by cause: those that deviate in the same way first are shown together, and listed once."""

import re
from collections.abc import Iterable
from typing import Final

from udb.conformance.shared.outcome import Outcome
from udb.domain.visible import visible

_STEP: Final = re.compile(r"^Trin \d+: |^Besked \d+: ")
_OWN: Final = re.compile(r"UDB-(?:FL-)?\d+|\b\d{4}-\d\d-\d\d(?:T[\d:.+-]+Z?)?|\b\d{10}\b")


def cause(outcome: Outcome) -> str:
    """Return the first deviation of a failure, without what is its own: step, dates, numbers of events and youths."""
    first = next(said for part in outcome.parts for said in part.wrong)
    return visible(_OWN.sub("…", _STEP.sub("", first)))


def by_cause(failed: Iterable[Outcome]) -> list[tuple[str, list[Outcome]]]:
    """Return failures by their first deviation, the one with most first."""
    found: dict[str, list[Outcome]] = {}
    for outcome in failed:
        found.setdefault(cause(outcome), []).append(outcome)
    return sorted(found.items(), key=lambda one: -len(one[1]))
