"""Refusals that tell nothing (access.md, The feed): not in their words, and not by the time they take."""

from time import monotonic, sleep
from typing import Final

STEP: Final = 0.025
"""Such a refusal ends a whole number of so many seconds after its call began: several times what it takes."""


def beginning() -> float:
    """When a call begins, for ``wait_for_step``; of use for nothing else."""
    return monotonic()


def wait_for_step(began: float) -> None:
    """Wait for the next step, with nothing held: to find nothing and to find what the caller may not see take a
    database different times.
    """
    sleep(until_step(monotonic() - began))


def until_step(elapsed: float) -> float:
    """Return how many seconds are left until the next whole number of steps."""
    return STEP - elapsed % STEP
