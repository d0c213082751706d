"""Keep the stored fields of ``udb.domain.visibility`` up to date with the history and the code sets."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from sqlalchemy import Connection, bindparam, update

from udb.domain.haendelse import Haendelse
from udb.domain.kodesaet import Kodesaet
from udb.domain.visibility import ACCESS, FIELDS, Visibility, visibility
from udb.store.codes import load_codes
from udb.store.events import events_by_person
from udb.store.persons import persons_with_events
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


def store_changed(connection: Connection, before: Iterable[Haendelse], after: Iterable[Haendelse]) -> bool:
    """Store the changed fields of one person's earlier events; return whether any field that decides access changed."""
    stored = {event.nummer: event for event in before}
    changed = [event for event in after if (was := stored.get(event.nummer)) is not None and _seen(event) != _seen(was)]
    if changed:
        connection.execute(
            update(haendelse)
            .where(haendelse.c.nummer == bindparam("nummer_"))
            .values({haendelse.c[name]: bindparam(f"{name}_") for name in FIELDS}),
            [{"nummer_": event.nummer, **{f"{name}_": getattr(event, name) for name in FIELDS}} for event in changed],
        )
    return any(_access(event) != _access(stored[event.nummer]) for event in changed)


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
