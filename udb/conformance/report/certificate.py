"""What a report says of itself: what was tested, by which suite, and what the system is certified for."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from udb import __version__
from udb.conformance.fetcher.situations import SITUATIONS
from udb.conformance.sender.workbook import tasks
from udb.conformance.shared.outcome import Caller, Run, Tested, Verdict
from udb.conformance.shared.scenario import Scenario

_PACKAGE: Final = Path(__file__).parents[1]
_SHOWN: Final = 12
_KINDS: Final = {Tested.SERVICE: "tjenesten", Tested.SENDER: "en afsender", Tested.FETCHER: "en henter"}
UNNAMED: Final = "uden SystemName"


@dataclass(frozen=True, slots=True)
class Certified:
    """The result for one service: certified when all of its tasks were given and passed."""

    service: str
    passed: int
    of: int

    @property
    def is_certified(self) -> bool:
        """True when all tasks were passed."""
        return self.passed == self.of

    @property
    def said(self) -> str:
        """The result in Danish."""
        if self.is_certified:
            return f"certificeret, {self.of} af {self.of} bestået"
        return f"ikke certificeret, {self.passed} af {self.of} bestået"


def certificates(run: Run) -> list[Certified]:
    """Return the result for each service that a sender's or fetcher's run had tasks for; of a service's run, none."""
    passed = {outcome.scenario.id for outcome in run.outcomes if outcome.verdict is Verdict.PASSED}
    given = dict.fromkeys(service for outcome in run.outcomes for service in outcome.scenario.services)
    every = _every(run.of)
    found = []
    for service in given:
        own = [one.id for one in every if service in one.services]
        found.append(Certified(service, len(passed & set(own)), len(own)))
    return found


def _every(of: Tested) -> Sequence[Scenario]:
    if of is Tested.SENDER:
        return [task.scenario for task in tasks()]
    return [situation.scenario for situation in SITUATIONS] if of is Tested.FETCHER else []


def title(run: Run) -> str:
    """Return the report's title: what was tested, by name when its calls have one."""
    names = dict.fromkeys(caller.name or UNNAMED for caller in run.callers)
    about = ", ".join(names) or (run.address if run.of is Tested.SERVICE else "")
    return f"Afprøvning af {_KINDS[run.of]}" + (f": {about}" if about else "")


def named(caller: Caller) -> str:
    """Return a system in words: SystemName, id and KildeLeverandoer."""
    kinds = f", KildeLeverandoer {', '.join(caller.suppliers)}" if caller.suppliers else ""
    return f"{caller.name or UNNAMED} (system {caller.system or 'uden id'}{kinds})"


@cache
def edition() -> str:
    """Return the fingerprint of the suite's scenarios, tasks and judgements: two suites that differ have two."""
    found = sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in {".py", ".yaml"}:
            found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:_SHOWN]


def suite() -> str:
    """Return the suite's name with version and edition."""
    return f"UDB {__version__}, udgave {edition()}"
