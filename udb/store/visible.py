"""Keep the stored fields of ``udb.domain.visibility`` up to date with the history and the code sets."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import Connection, update

from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.visibility import ACCESS, FIELDS, Visibility, visibility
from udb.store.codes import load_codes
from udb.store.events import events_by_person
from udb.store.persons import persons_with_events
from udb.store.sql.line import Line
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import haendelse

_BATCH = 500


def worked_out(events: Iterable[Haendelse], codes: Kodesaet) -> list[Haendelse]:
    """Return one person's events with the fields of ``udb.domain.visibility`` computed."""
    events = list(events)
    found = visibility(events, codes)
    return [_with(event, found[event.nummer]) for event in events]


def _with(event: Haendelse, seen: Visibility) -> Haendelse:
    return event if _seen(event) == seen else event.but(**seen._asdict())


_seen: Final = attrgetter(*FIELDS)
_access: Final = attrgetter(*ACCESS)


def changed_events(before: Iterable[Haendelse], after: Iterable[Haendelse]) -> list[Haendelse]:
    """Return the events of ``after`` whose fields differ from those that they had ``before``; new ones are left out."""
    stored = {event.nummer: event for event in before}
    # What did not change is the same object (``worked_out``).
    return [
        event
        for event in after
        if (was := stored.get(event.nummer)) is not None and event is not was and _seen(event) != _seen(was)
    ]


def store_changed(connection: Connection, before: Iterable[Haendelse], after: Iterable[Haendelse]) -> bool:
    """Store the changed fields of one person's earlier events; return whether any field that decides access changed."""
    changed = changed_events(before, after)
    for event in changed:
        _UPDATE.run(connection, **_values(event))
    return has_changed_access(before, changed)


def has_changed_access(before: Iterable[Haendelse], changed: Iterable[Haendelse]) -> bool:
    """Return whether any field that decides access differs from what it was ``before``."""
    stored = {event.nummer: event for event in before}
    return any(_access(event) != _access(stored[event.nummer]) for event in changed)


def parts_of(line: Line, changed: Iterable[Haendelse]) -> list[tuple[bytes, Sequence[Any]]]:
    """Return the statements that store the changed fields, for ``Line.commit_with``."""
    return [_UPDATE.sent(line.dialect, _values(event)) for event in changed]


def _values(event: Haendelse) -> dict[str, Any]:
    return {"nummer_": event.nummer, **{f"{name}_": getattr(event, name) for name in FIELDS}}


_UPDATE: Final = Prepared(
    lambda _: (
        update(haendelse)
        .where(haendelse.c.nummer == parameter("nummer_"))
        .values({name: parameter(f"{name}_") for name in FIELDS})
    )
)


def refresh(connection: Connection, persons: Iterable[int], codes: Kodesaet) -> None:
    """Compute and store the fields again for persons whose history, registers or code sets have changed.

    The caller has locked the persons, and notes the access changes (``udb.store.access_changes``).
    """
    everybody = sorted(persons)
    for begin in range(0, len(everybody), _BATCH):
        histories = events_by_person(connection, everybody[begin : begin + _BATCH])
        for events in histories.values():
            store_changed(connection, events, worked_out(events, codes))


def refresh_all(connection: Connection) -> None:
    """Compute and store the fields of every event again, for example after a migration that adds one."""
    codes, last = load_codes(connection), 0
    while batch := persons_with_events(connection, after=last, limit=_BATCH):
        refresh(connection, [person.id for person in batch], codes)
        last = batch[-1].id


def with_new(before: Sequence[Haendelse], new: Sequence[Haendelse], codes: Kodesaet) -> list[Haendelse]:
    """Return a person's events and new ones, with all fields computed and cancelled and repeated events marked."""
    cancelled = {event.annulleret_haendelse_nummer for event in new}
    repeated = {event.gentager for event in new if not event.annullering}
    return worked_out(
        (
            *(
                event.but(
                    annulleret=event.annulleret or event.nummer in cancelled,
                    gentaget=event.gentaget or event.nummer in repeated,
                )
                if event.nummer in cancelled or event.nummer in repeated
                else event
                for event in before
            ),
            *new,
        ),
        codes,
    )
