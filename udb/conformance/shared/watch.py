"""Wait for a system under test: until all is well, no more calls come, or time is up."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from udb.conformance.shared.outcome import Outcome, Verdict
from udb.conformance.shared.proxy import Proxy

QUIET: Final = 2.0
"""How many seconds without a call end the wait when all is well."""
Judge = Callable[[], Sequence[Outcome]]
Progress = Callable[[Sequence[Outcome]], None]
"""Called with the current outcomes after each call."""


def until_well(
    proxy: Proxy, judge: Judge, seconds: float, progress: Progress = lambda _outcomes: None, quiet: float = QUIET
) -> list[Outcome]:
    """Judge after each call; return the outcomes when all passed and no call came for ``quiet`` seconds.

    At the latest, return them after ``seconds``.
    """
    end = time.monotonic() + seconds
    outcomes = list(judge())
    with proxy.changed:
        while (left := end - time.monotonic()) > 0:
            well = all(outcome.verdict is Verdict.PASSED for outcome in outcomes)
            if not proxy.changed.wait(min(left, quiet) if well else left):
                if well and not proxy.waiting:
                    return outcomes
                continue
            outcomes = list(judge())
            progress(outcomes)
    return outcomes


def until(proxy: Proxy, condition: Callable[[], bool], seconds: float) -> bool:
    """Wait for a condition, checked after each call; return whether it came to hold in time."""
    with proxy.changed:
        return proxy.changed.wait_for(condition, seconds)
