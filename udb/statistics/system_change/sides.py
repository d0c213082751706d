"""Which of the two systems sent a report: by its system, and where that is not known by its KildeLeverandoer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Side(StrEnum):
    """The old or the new system."""

    OLD = "gammelt"
    NEW = "nyt"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two systems of a change. ``old_known``: the old one is a system here, and no text that was typed.

    ``old_sources``, ``new_sources``: their values of KildeLeverandoer, case-folded.
    """

    old: str
    new: str
    day: date
    old_known: bool
    old_sources: frozenset[str]
    new_sources: frozenset[str]

    def of(self, system_id: str | None, kilde: str | None, day: date) -> Side | None:
        """Return who sent a report of a day; None for neither."""
        if system_id == self.new:
            return Side.NEW
        if system_id == self.old:
            return Side.OLD
        source = (kilde or "").casefold()
        if system_id is not None:
            return Side.OLD if not self.old_known and source in self.old_sources else None
        was_old, is_new = source in self.old_sources, source in self.new_sources
        if was_old and is_new:
            return Side.OLD if day < self.day else Side.NEW
        if was_old:
            return Side.OLD
        return Side.NEW if is_new else None


def sides_of(old: str, new: str, day: date, names: dict[str, str], sources: Iterable[tuple[str | None, str]]) -> Sides:
    """Return the sides of a change. ``names``: of the systems here, by id; ``sources``: system and KildeLeverandoer of
    the reports.
    """
    by_system: dict[str | None, set[str]] = {}
    for system_id, kilde in sources:
        by_system.setdefault(system_id, set()).add(kilde.casefold())

    def known(one: str) -> frozenset[str]:
        return frozenset({one.casefold(), names.get(one, one).casefold(), *by_system.get(one, ())})

    return Sides(old, new, day, old in names, known(old), known(new))
