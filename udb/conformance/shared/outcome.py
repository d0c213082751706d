"""What a run found out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from udb.conformance.shared.scenario import Scenario
from udb.conformance.shared.stage import Exchange
from udb.domain.text import Text


class Verdict(StrEnum):
    """How a scenario, or a requirement, came out."""

    PASSED = "bestået"
    FAILED = "ikke bestået"
    NOT_RUN = "ikke afprøvet"


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """What was wrong in one part, and what was said."""

    name: str
    wrong: tuple[str, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One scenario. ``reason``: why it was not run, None when it was; ``seconds``: how long it took."""

    scenario: Scenario
    parts: tuple[PartOutcome, ...] = ()
    reason: Text | None = None
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """Failed if one part did; not run if none was."""
        if any(part.wrong for part in self.parts):
            return Verdict.FAILED
        return Verdict.NOT_RUN if self.reason else Verdict.PASSED

    @property
    def wrong(self) -> list[str]:
        """All that was wrong, each with its part."""
        several = len(self.scenario.parts) > 1
        return [f"{part.name}: {said}" if several else said for part in self.parts for said in part.wrong]


class Tested(StrEnum):
    """What a run is of."""

    SERVICE = "service"
    SENDER = "afsender"
    FETCHER = "henter"


@dataclass(slots=True)
class Run:
    """A whole run against ``address``; ``ended``: why it ended early; ``without``: what was not offered;
    ``everything``: what could not be run fails it.
    """

    address: str
    begun: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    without: list[Text] = field(default_factory=list)
    ended: Text | None = None
    seconds: float = 0.0
    of: Tested = Tested.SERVICE
    everything: bool = False

    def count(self, verdict: Verdict) -> int:
        """Return how many scenarios came out so."""
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def lacking(self) -> bool:
        """Whether something was not run that had to be."""
        return self.everything and bool(self.count(Verdict.NOT_RUN))

    @property
    def passed(self) -> bool:
        """Nothing failed, nothing that had to be run was left out, and something was tried to its end."""
        without_fault = not self.ended and not self.lacking and not self.count(Verdict.FAILED)
        return without_fault and bool(self.count(Verdict.PASSED))


def of_requirement(outcomes: Iterable[Outcome]) -> Verdict:
    """Return a requirement is failed if one of its scenarios is, passed if one was run and none failed."""
    verdicts = {outcome.verdict for outcome in outcomes}
    for verdict in (Verdict.FAILED, Verdict.PASSED):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_RUN
