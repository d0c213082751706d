"""The next step of a sequence."""

from collections.abc import Callable
from random import Random
from typing import Final

from tests.sequences import changes, reports
from tests.sequences.play import Play

STEPS: Final[tuple[Callable[[Play], None], ...]] = (
    reports.activity,
    reports.once_more,
    reports.repeat_after_change,
    reports.cancel,
    reports.mark,
    reports.contact_time,
    reports.contact,
    reports.wishes,
    reports.same_call,
    changes.time_passes,
    changes.new_cprnr,
    changes.move,
    changes.register_changes,
    reports.subscription,
)
"""Their weights are in ``cast.PROFILES``, in this order."""


def step(play: Play, rng: Random) -> None:
    """Make one step."""
    play.rng = rng
    rng.choices(STEPS, play.weights)[0](play)
