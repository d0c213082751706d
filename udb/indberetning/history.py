"""The history by which a report is judged, read in one statement once the person is locked."""

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, Select, and_, literal, select

from udb.domain.call import Call
from udb.domain.haendelse import Haendelse
from udb.domain.persons import Institution, Person
from udb.domain.receipt import Receipt
from udb.indberetning import call_keys
from udb.store.events import EVENT_COLUMNS, WITH_REPORTER, as_event
from udb.store.persons import HOLDER, institution_columns, retry_until_same_person
from udb.store.sql.prepared import Prepared, parameter
from udb.store.tables import call_key, haendelse, institution


@dataclass(frozen=True, slots=True)
class History:
    """The history for one call and person.

    ``institution``: the institution of the call, as the register has it now. ``kept``: the fingerprint and receipt of
    the accepted report under the call's key. ``events``: all of the person's, in ascending number.
    """

    institution: Institution | None
    kept: tuple[str, Receipt] | None
    events: tuple[Haendelse, ...]


def lock_with_history(connection: Connection, call: Call, cprnr: str) -> tuple[Person | None, History]:
    """Lock the person of a CPR number and return the person and the history by which a report about them is judged.

    Locks and reads again if the number's person changed in between, so that person and history belong together.
    """
    return retry_until_same_person(connection, cprnr, partial(_holder_and_history, connection, call, cprnr))


def without_person(connection: Connection, call: Call, cprnr: str) -> History:
    """Return the history without any event, for a call that may know nothing of the youth."""
    return _holder_and_history(connection, call, cprnr, None)[1]


def _holder_and_history(
    connection: Connection, call: Call, cprnr: str, person_id: int | None
) -> tuple[int | None, History]:
    """Return the id of the number's current person and the history of ``person_id`` (None: without events)."""
    rows = _HISTORY.rows(connection, cprnr=cprnr, person_id=person_id, **call_keys.of(call))
    holder, *first = rows[0]
    events = tuple([as_event(row[_EVENT:]) for row in rows if row[_EVENT] is not None])
    found = Institution(*first[:_INSTITUTION]) if first[0] is not None else None
    content_hash, receipt = first[_INSTITUTION:_KEY]
    kept = (content_hash, Receipt.from_json(receipt)) if content_hash is not None else None
    return holder, History(found, kept, events)


_REGISTERED: Final = institution.alias("registered")
"""Another name of the table, since the events' reporters come from it too."""
_COLUMNS: Final = institution_columns(_REGISTERED)
_INSTITUTION: Final = len(_COLUMNS)
_KEY: Final = _INSTITUTION + 2
_EVENT: Final = 1 + _KEY
"""The ends of institution and key after the holder, and the event's start in a row; its first column is never empty."""


def _query(_: str) -> Select[Any]:
    one = select(literal(1).label("one")).subquery()
    return (
        select(HOLDER.scalar_subquery(), *_COLUMNS, call_key.c.content_hash, call_key.c.receipt, *EVENT_COLUMNS)
        .select_from(
            one.outerjoin(_REGISTERED, _REGISTERED.c.nummer == parameter("institution_nummer"))
            .outerjoin(call_key, and_(*(call_key.c[name] == parameter(name) for name in call_keys.KEY)))
            .outerjoin(WITH_REPORTER, haendelse.c.person_id == parameter("person_id"))
        )
        .order_by(haendelse.c.nummer)
    )


_HISTORY: Final = Prepared(_query)
