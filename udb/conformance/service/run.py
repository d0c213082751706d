"""A whole run against a service: invent all youths, play every scenario, restore the clock."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from udb.conformance.service import steps
from udb.conformance.service.play import Play
from udb.conformance.shared import preflight
from udb.conformance.shared.outcome import Outcome, PartOutcome, Run
from udb.conformance.shared.places import Places
from udb.conformance.shared.scenario import Scenario
from udb.conformance.shared.stage import Stage
from udb.conformance.shared.transport import Transport
from udb.domain.clock import system_time
from udb.domain.errors import TargetUnavailable, UdbRefused
from udb.domain.text import DANISH, Text

ON_THE_WAY: Final = 0.3
"""For how many seconds a call that was broken off may still be on its way through the target."""
ENDURED: Final = 3
"""The run ends after so many parts in a row that end without an answer."""
STOPPED: Final = Text("Tjenesten svarer ikke længere.", "The service has stopped answering.")
NOTHING_RESET: Final = Text("Intet er nulstillet: der er ingen sandkasse.", "Nothing was reset: there is no sandbox.")
NEEDS_SANDBOX: Final = Text(
    "Det kræver en sandkasse, hvor uret kan stilles og unge indlæses.",
    "It takes a sandbox whose clock can be set and that youths can be imported into.",
)
NEEDS_KEY: Final = Text("Det kræver en nøgle (--key).", "It takes a key (--key).")
Progress = Callable[[Outcome, int, int], None]
"""Called after each scenario with its outcome, how many are done and how many there are."""


def run(
    transport: Transport,
    address: str,
    scenarios: Sequence[Scenario],
    *,
    places: Places,
    key: str | None = None,
    reset: bool = False,
    everything: bool = False,
    progress: Progress = lambda _outcome, _done, _of: None,
) -> Run:
    """Play scenarios against a target. ``reset``: reset its sandbox first.

    ``everything``: what cannot be run fails the run. When the target does not answer, or is another service, the run
    ends with what was tried, even if nothing. Raises WrongUse when the key is malformed or unknown, UdbRefused when the
    sandbox cannot be made ready.
    """
    begun = time.monotonic()
    result = Run(address, system_time().isoformat(timespec="seconds"), everything=everything)
    try:
        found = preflight.look(transport, places, key)
        result.without = found.without
        numbers = _made_ready(found.stage, scenarios, result, reset=reset)
    except TargetUnavailable as error:
        result.ended = error.text
        result.outcomes = [Outcome(scenario, reason=error.text) for scenario in scenarios]
        result.seconds = time.monotonic() - begun
        return result
    try:
        _play_all(found.stage, scenarios, numbers, result, progress)
    except KeyboardInterrupt:
        # A call that was broken off may set the clock yet.
        time.sleep(ON_THE_WAY)
        raise
    finally:
        _put_back(found.stage, found.status)
        result.seconds = time.monotonic() - begun
    return result


def _made_ready(stage: Stage, scenarios: Sequence[Scenario], result: Run, *, reset: bool) -> dict[int, dict[str, str]]:
    """Invent the youths of each part that can be played; return their numbers by name, by the part's id()."""
    if reset and stage.doors is not None:
        stage.doors.reset()
        stage.used = 0
    elif reset:
        result.without.append(NOTHING_RESET)
    playable = [scenario for scenario in scenarios if not _missing(stage, scenario)]
    parts = [part for scenario in playable for part in scenario.parts]
    invented = stage.invented([part.youths for part in parts]) if stage.doors else []
    return {id(part): own for part, own in zip(parts, invented, strict=False)}


def _play_all(
    stage: Stage, scenarios: Sequence[Scenario], numbers: dict[int, dict[str, str]], result: Run, progress: Progress
) -> None:
    silent = 0
    for done, scenario in enumerate(scenarios, start=1):
        reason = result.ended or _missing(stage, scenario)
        if reason:
            outcome = Outcome(scenario, reason=reason)
        else:
            outcome, silent = _played(stage, scenario, numbers, silent)
            if silent >= ENDURED:
                result.ended = STOPPED
        result.outcomes.append(outcome)
        progress(outcome, done, len(scenarios))


def _played(stage: Stage, scenario: Scenario, numbers: dict[int, dict[str, str]], silent: int) -> tuple[Outcome, int]:
    begun = time.monotonic()
    parts = []
    for part in scenario.parts:
        play = Play(stage, part, dict(numbers.get(id(part), {})))
        stage.exchanges.clear()
        try:
            steps.run(play)
            silent = 0
        except TargetUnavailable as error:
            play.wrong.append(f"Intet svar: {error.text.da}")
            silent += 1
        except UdbRefused as error:
            play.wrong.append(error.said(DANISH))
        parts.append(PartOutcome(part.name, tuple(play.wrong), tuple(stage.exchanges)))
        if silent >= ENDURED:
            break
    return Outcome(scenario, tuple(parts), seconds=time.monotonic() - begun), silent


def _missing(stage: Stage, scenario: Scenario) -> Text | None:
    """Return why a scenario cannot be run here; None when it can."""
    if scenario.needs_sandbox and stage.doors is None:
        return NEEDS_SANDBOX
    used = [step for part in scenario.parts for step in part.steps]
    if "" not in stage.callers and any({"send", "cancel", "fetch", "call"} & step.keys() for step in used):
        return NEEDS_KEY
    unknown = {str(step["system"]) for step in used if "system" in step} - stage.callers.keys()
    if unknown:
        names = ", ".join(sorted(unknown))
        return Text(f"Det kræver en nøgle til {names}.", f"It takes a key of {names}.")
    return None


def _put_back(stage: Stage, status: dict[str, Any] | None) -> None:
    """Leave the clock as it was; where it is not lent, as closely as the status allows."""
    if stage.doors is None or status is None:
        return
    try:
        if stage.lends:
            stage.give_clock_back()
        else:
            stage.doors.set_clock(datetime.fromisoformat(status["nu"]) if status.get("ur_sat") else None)
    except (TargetUnavailable, UdbRefused, ValueError):
        return
