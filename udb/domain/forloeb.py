"""Group events into forloeb (V 7; rules.md, Forloeb): pure functions; the result is never stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Final

from udb.domain.haendelse import OPTAGET, Haendelse, Key
from udb.domain.kodesaet import KOMMUNE_AKTIVITETER


@dataclass(frozen=True, slots=True)
class Forloeb:
    """One forloeb: its events in order of place, and the last event that ended it, if any.

    ``marks`` are the kommune's marks (``IfoelgeKommunen``) on its events; they neither open, end nor change it.
    """

    key: Key
    events: tuple[Haendelse, ...]
    end: Haendelse | None
    marks: tuple[Haendelse, ...] = ()
    optag: Haendelse | None = field(init=False, repr=False)
    """Its first optag; a risk is not an optag."""
    first: Haendelse | None = field(init=False, repr=False)
    """Its first optag, else its first risk, else None (a forloeb that began with its end)."""

    def __post_init__(self) -> None:
        """Find what its rules and consequences ask for again and again."""
        optag = risk = None
        for event in self.events:
            if event.optag:
                optag = event
                break
            if risk is None and event.risk:
                risk = event
        object.__setattr__(self, "optag", optag)
        object.__setattr__(self, "first", optag or risk)

    @property
    def open(self) -> bool:
        """True if no afbrud or gennemfoert has ended it."""
        return self.end is None

    @property
    def open_at(self) -> str | None:
        """The main institution at which it is open; None for an ended forloeb and for a kommune's activity, also when
        the kommune's number is the main institution of its schools.
        """
        return self.key.hovedinstitution if self.open and self.key.kodesaet != KOMMUNE_AKTIVITETER else None

    @property
    def dato_optag(self) -> date | None:
        """HaendelseDato of ``first``."""
        return self.first.haendelse_dato if self.first else None


def by_place(events: Iterable[Haendelse]) -> list[Haendelse]:
    """Return the valid events (``standing``) in order of place."""
    return sorted([event for event in events if event.standing], key=_place)


_place: Final = attrgetter("plads", "nummer")


def group(key: Key, events: Sequence[Haendelse]) -> list[Forloeb]:
    """Return the forloeb of one key, in the order in which they began.

    ``events``: valid events of that key without the kommune's marks, in order of place. Only the last forloeb can be
    open.
    """
    groups: list[list[Haendelse]] = []
    ends: list[Haendelse | None] = []
    for event in events:
        is_open = bool(groups) and ends[-1] is None
        if event.status != OPTAGET:
            if is_open:
                groups[-1].append(event)
                ends[-1] = event
            else:
                groups.append([event])
                ends.append(event)
        elif is_open or (
            bool(groups) and belongs_to_ended(event.haendelse_dato, groups[-1], ends[-1], risk=event.risk)
        ):
            groups[-1].append(event)
        else:
            groups.append([event])
            ends.append(None)
    return [Forloeb(key, tuple(members), end) for members, end in zip(groups, ends, strict=True)]


def belongs_to_ended(dato: date, members: Iterable[Haendelse], end: Haendelse | None, *, risk: bool) -> bool:
    """Return whether a Status 1 report dated ``dato``, made after the end, belongs to the time before the end.

    Such a report joins the ended forloeb and does not reopen it.

    ``members``: the events of the last forloeb of the key; ``end``: the event that ended it, None if it is open.
    """
    if end is None or dato > end.haendelse_dato:
        return False
    return risk or not any(member.optag for member in members)


def all_forloeb(events: Iterable[Haendelse]) -> list[Forloeb]:
    """Return every forloeb of one person, from all events of that person, cancelled and repeated ones included."""
    events = list(events)
    by_key: dict[Key, list[Haendelse]] = {}
    marks: list[Haendelse] = []
    for event in by_place(events):
        if event.ifoelge_kommunen is not None:
            marks.append(event)
        elif (key := event.key) is not None:
            by_key.setdefault(key, []).append(event)
    found = [forloeb for key, members in by_key.items() for forloeb in group(key, members)]
    return _with_marks(found, marks, events)


def _with_marks(found: list[Forloeb], marks: list[Haendelse], events: list[Haendelse]) -> list[Forloeb]:
    """Add each mark to the forloeb of the event it refers to, or of the repetition that has replaced that event."""
    if not marks:
        return found
    places = {event.nummer: event.plads for event in events}
    home = {event.plads: index for index, forloeb in enumerate(found) for event in forloeb.events}
    filed: dict[int, list[Haendelse]] = {}
    for mark in marks:
        named = mark.vedroerer_haendelse_nummer or ""
        # A report that was repeated may not be among the events; its number is then the place of its repetition.
        index = home.get(places.get(named, named))
        if index is not None:
            filed.setdefault(index, []).append(mark)
    return [Forloeb(f.key, f.events, f.end, tuple(filed[i])) if i in filed else f for i, f in enumerate(found)]


def forloeb_of(nummer: str, found: Iterable[Forloeb]) -> Forloeb | None:
    """Return the forloeb that has an event as member or mark, None if there is none."""
    return next((f for f in found if any(event.nummer == nummer for event in (*f.events, *f.marks))), None)
