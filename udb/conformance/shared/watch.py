"""Waiting for a system under test: until all is well, nothing more comes, or time is up."""

import time
from collections.abc import Callable, Sequence
from typing import Final

from udb.conformance.shared.outcome import Outcome, Verdict
from udb.conformance.shared.proxy import Proxy

QUIET: Final = 2.0
"""For how many seconds nothing may come before what is well is believed to stay so."""
Judge = Callable[[], Sequence[Outcome]]
Progress = Callable[[Sequence[Outcome]], None]
"""Called with how everything stands whenever something has come."""


def until_well(
    proxy: Proxy, judge: Judge, seconds: float, told: Progress = lambda _outcomes: None, quiet: float = QUIET
) -> list[Outcome]:
    """Judge whenever something has passed; gives the outcomes when all passed and nothing came for ``quiet`` seconds,
    or when ``seconds`` are up.
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
            told(outcomes)
    return outcomes


def until(proxy: Proxy, condition: Callable[[], bool], seconds: float) -> bool:
    """Return whether a condition came to hold in time; looked at whenever something has passed."""
    with proxy.changed:
        return proxy.changed.wait_for(condition, seconds)
