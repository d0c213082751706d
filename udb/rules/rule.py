"""The type of a rule, and of its findings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from udb.domain.haendelse import Indberetning, Kind
from udb.rules.facts import Facts


class Alvor(StrEnum):
    """Severity, spelled as in the contract (4.1)."""

    HAARD = "Haard"
    BLOED = "Bloed"


@dataclass(frozen=True, slots=True)
class Hit:
    """The result of a check that found a fault.

    ``element``: the faulty element, if it is not the rule's own. ``vedroerer``: the number of the caller's own report
    that the finding is about. ``values`` fill the braces of the rule's texts; never a CPR number or another caller's
    value.
    """

    element: str | None = None
    vedroerer: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)


Check = Callable[[Indberetning, Facts], Hit | None]


REPORTS_ALONE: Final = frozenset({Kind.REPORT})
CANCELLATIONS_ALONE: Final = frozenset({Kind.ANNULLERING})
ALL_KINDS: Final = frozenset(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule with all that belongs to it (rules.md, head).

    ``navn``, ``name``: its short name in Danish and English. ``tekst``, ``text``: what a receipt says. ``forklaring``,
    ``forkert`` and ``rigtigt``: the explanation, and a wrong and a right report in words, for Danish readers of the
    rule book; English ones read its module's docstring. ``element``: the element it points at. ``services``: the
    services whose messages it judges. ``needs_youth``: 1001, 1002 and 7001 silence it, and it is not checked when the
    person is unknown. ``silenced_by``: further codes that take its premise away. ``judges``: the kinds of message that
    it judges.
    """

    code: str
    navn: str
    name: str
    alvor: Alvor
    element: str | None
    tekst: str
    text: str
    forklaring: str
    forkert: str
    rigtigt: str
    source: str
    services: frozenset[str]
    check: Check
    needs_youth: bool = True
    silenced_by: frozenset[str] = frozenset()
    judges: frozenset[Kind] = REPORTS_ALONE
    in_force_from: date = date(2000, 1, 1)
    in_force_to: date | None = None

    def in_force(self, day: date) -> bool:
        """Return whether the rule holds for reports registered on ``day``."""
        return self.in_force_from <= day and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a receipt (contract 4.1)."""

    code: str
    alvor: Alvor
    tekst: str
    element: str | None = None
    vedroerer: str | None = None
