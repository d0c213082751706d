"""The outcome of a run."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from udb.conformance.shared.scenario import Scenario
from udb.conformance.shared.stage import Exchange
from udb.domain.text import Text
from udb.domain.visible import visible


class Verdict(StrEnum):
    """The verdict on a scenario or a requirement."""

    PASSED = "bestået"
    FAILED = "ikke bestået"
    NOT_RUN = "ikke afprøvet"


@dataclass(frozen=True, slots=True)
class PartOutcome:
    """The faults of one part, and its calls."""

    name: str
    wrong: tuple[str, ...]
    exchanges: tuple[Exchange, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one scenario. ``reason``: why it was not run, None when it was; ``seconds``: how long it took."""

    scenario: Scenario
    parts: tuple[PartOutcome, ...] = ()
    reason: Text | None = None
    seconds: float = 0.0

    @property
    def verdict(self) -> Verdict:
        """FAILED if a part has faults; NOT_RUN if there is a ``reason``; else PASSED."""
        if any(part.wrong for part in self.parts):
            return Verdict.FAILED
        return Verdict.NOT_RUN if self.reason else Verdict.PASSED

    @property
    def wrong(self) -> list[str]:
        """All faults, each with its part if there are several; what an answer said is made visible."""
        several = len(self.scenario.parts) > 1
        found = [f"{part.name}: {said}" if several else said for part in self.parts for said in part.wrong]
        return [visible(said) for said in found]


class Tested(StrEnum):
    """The kind of system that a run tests."""

    SERVICE = "service"
    SENDER = "afsender"
    FETCHER = "henter"


@dataclass(frozen=True, slots=True)
class Caller:
    """A system under test, by what its calls say: id, SystemName, and the KildeLeverandoer of its reports."""

    system: str
    name: str
    suppliers: tuple[str, ...] = ()


@dataclass(slots=True)
class Run:
    """A whole run against ``address``. ``callers``: the systems that called, when a sender or a fetcher is tested.

    ``ended``: why it ended early; ``without``: what was not offered; ``everything``: a scenario that could not be run
    fails the run.
    """

    address: str
    begun: str = ""
    outcomes: list[Outcome] = field(default_factory=list)
    without: list[Text] = field(default_factory=list)
    ended: Text | None = None
    seconds: float = 0.0
    of: Tested = Tested.SERVICE
    everything: bool = False
    callers: tuple[Caller, ...] = ()

    def count(self, verdict: Verdict) -> int:
        """Return how many scenarios have this verdict."""
        return sum(outcome.verdict is verdict for outcome in self.outcomes)

    @property
    def lacking(self) -> bool:
        """True when something was not run that had to be."""
        return self.everything and bool(self.count(Verdict.NOT_RUN))

    @property
    def passed(self) -> bool:
        """True when nothing failed, nothing that had to be run was left out, and something was tried to its end."""
        without_fault = not self.ended and not self.lacking and not self.count(Verdict.FAILED)
        return without_fault and bool(self.count(Verdict.PASSED))


def of_requirement(outcomes: Iterable[Outcome]) -> Verdict:
    """Return FAILED if one of a requirement's scenarios failed, PASSED if one passed and none failed, else NOT_RUN."""
    verdicts = {outcome.verdict for outcome in outcomes}
    for verdict in (Verdict.FAILED, Verdict.PASSED):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_RUN
