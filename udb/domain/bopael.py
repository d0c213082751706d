"""Where a person lived on each day: how a new statement changes what was known (docs/spec/ground.md)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

UNKNOWN: Final = date.min
"""The first day of an address that began on an unknown day."""
OPEN: Final = date.max
"""The last day of an address that nothing has ended."""


class Address(NamedTuple):
    """A CPR status and, where the register has one, a kommunekode."""

    status: str
    kommunekode: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """An address from one day to another, both included.

    ``registreret``: when it became known; ``id``: its row, None before it is stored.
    """

    address: Address
    fra: date
    til: date
    registreret: datetime
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """The change of a history. ``ended``: periods that were open, with their last day; ``corrected``: periods that no
    longer hold; ``added``: new ones, also what is left of corrected ones.
    """

    ended: Sequence[tuple[Period, date]] = ()
    corrected: Sequence[Period] = ()
    added: Sequence[Period] = ()


def moved(known: Sequence[Period], address: Address, fra: date | None, now: datetime) -> Change:
    """Return what changes when an address is stated: the later statement holds from its first day on.

    ``known``: the periods that hold, in order. ``fra``: the first day as stated; None: not stated, which is today, or
    an unknown day for the first address of all. ``now``: the domain's.
    """
    last = known[-1] if known else None
    if last is not None and last.address == address and last.til == OPEN:
        learns_day = fra is not None and (fra < last.fra or last.fra == UNKNOWN)
        if not learns_day:
            return Change()
    begins = fra or (now.date() if known else UNKNOWN)
    before = begins if begins == UNKNOWN else begins - timedelta(days=1)
    ended: list[tuple[Period, date]] = []
    corrected: list[Period] = []
    added: list[Period] = []
    for period in known:
        if period.til < begins:
            continue
        if period.fra < begins and period.til == OPEN and period.address != address:
            ended.append((period, before))
            continue
        corrected.append(period)
        if period.fra < begins and period.til != OPEN:
            added.append(replace(period, til=before, id=None))
    return Change(ended, corrected, [*added, Period(address, begins, OPEN, now)])


def merged(periods: Iterable[Period]) -> list[Period]:
    """Return the history of one person who was two: all statements on either, in the order in which they were made.

    An address since an unknown day begins on the day it became known, if another was known before.
    """
    history: list[Period] = []
    for period in sorted(periods, key=lambda one: (one.registreret, one.fra)):
        fra = None if period.fra == UNKNOWN else period.fra
        change = moved(history, period.address, fra, period.registreret)
        ended = {id(one): day for one, day in change.ended}
        gone = {id(one) for one in change.corrected}
        kept = [replace(one, til=ended.get(id(one), one.til)) for one in history if id(one) not in gone]
        history = sorted([*kept, *change.added], key=lambda one: one.fra)
    return history
