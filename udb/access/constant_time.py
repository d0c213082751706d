"""Delay refusals to a multiple of 25 ms, so that the response time reveals nothing (access.md, Refusals)."""

from time import monotonic, sleep
from typing import Final

STEP: Final = 0.025
"""A refusal ends a whole number of these steps, in seconds, after its call began; it takes a fraction of one."""
ONE_ANSWER: Final = frozenset({"1002", "1003", "1004", "1005", "1006", "2001", "6002", "7001", "7006", "7009", "7011"})
"""The codes of receipts that wait: their one answer covers several cases, or says something of the CPR number alone."""


def beginning() -> float:
    """Return the time at which a call begins, for ``wait_for_step`` only."""
    return monotonic()


def wait_for_step(began: float, step: float = STEP) -> None:
    """Wait for the next step after ``began``. The caller holds no lock and no connection."""
    # A database takes different times to find nothing and to find what the caller may not see.
    sleep(until_step(monotonic() - began, step))


def until_step(elapsed: float, step: float = STEP) -> float:
    """Return how many seconds are left until the next whole number of steps."""
    return step - elapsed % step
