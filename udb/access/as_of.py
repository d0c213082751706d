"""Explain what a recipient saw of a youth at the end of an earlier day.

Events, cancellations, repetitions, completions and age are those of that day. The address, the schools, the codes, the
subscription and the corrections of eIndkomst are today's, because the registers keep no earlier ones.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, update

from udb.access.clauses import Recipient
from udb.access.explain import YouthExplained, explain
from udb.domain.haendelse import Haendelse
from udb.domain.identifiers import EVENT_PREFIX
from udb.domain.visibility import FIELDS
from udb.store.codes import load_codes
from udb.store.events import events_by_person
from udb.store.locks import lock_persons
from udb.store.tables import haendelse
from udb.store.visible import worked_out

_FLAGS = ("annulleret", "gentaget", *FIELDS)


def explain_as_of(connection: Connection, person_id: int, caller: Recipient) -> YouthExplained:
    """Return why a recipient saw each event of a youth, or did not, at the end of ``caller.today`` (a Danish day).

    Events that were reported later are left out. The stored fields are set back in a part of the transaction that is
    undone at its end, so that the clauses themselves judge that day; the youth is locked meanwhile. ``connection`` may
    write.
    """
    lock_persons(connection, [person_id])
    events = events_by_person(connection, [person_id]).get(person_id, [])
    after = f"{EVENT_PREFIX}{caller.today + timedelta(days=1):%Y%m%d}"
    known = {event.nummer for event in events if event.nummer < after}
    step = connection.begin_nested()
    try:
        _set_back(connection, events, known)
        found = explain(connection, person_id, caller)
    finally:
        step.rollback()
    return replace(found, haendelser=[one for one in found.haendelser if one.nummer in known])


def _set_back(connection: Connection, events: list[Haendelse], known: set[str]) -> None:
    cancelled = {event.annulleret_haendelse_nummer for event in events if event.nummer in known}
    repeated = {event.gentager for event in events if event.nummer in known and not event.annullering}
    then = worked_out(
        (
            event.but(annulleret=event.nummer in cancelled, gentaget=event.nummer in repeated)
            for event in events
            if event.nummer in known
        ),
        load_codes(connection),
    )
    # What came later completes nothing yet.
    later = [event.but(fuldfoerer=None, i_fuldfoert=False) for event in events if event.nummer not in known]
    rows = [
        {"nummer_": event.nummer, **{f"{name}_": getattr(event, name) for name in _FLAGS}} for event in then + later
    ]
    if rows:
        values: dict[Any, Any] = {haendelse.c[name]: bindparam(f"{name}_") for name in _FLAGS}
        connection.execute(update(haendelse).where(haendelse.c.nummer == bindparam("nummer_")).values(values), rows)
