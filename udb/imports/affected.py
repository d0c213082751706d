"""The youths whose events are judged again when a register or a code set changes.

Reports continue meanwhile. Those on youths with such an event wait for the youth's lock. A report on a youth without
one was judged by the old state: it either drew its number before this transaction drew its own, and is found then; or
draws it later, sees the next edition, and is judged again (``udb.indberetning.take``).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select

from udb.domain.call import nothing
from udb.domain.identifiers import event_number
from udb.domain.kodesaet import Kodesaet
from udb.imports.file import batches
from udb.store.access_changes import note_gained_at
from udb.store.locks import lock_persons
from udb.store.numbers import draw, last_drawn
from udb.store.tables import haendelse
from udb.store.visible import refresh


@dataclass(frozen=True, slots=True)
class Affected:
    """Locked youths with an event that meets one of ``conditions``; ``before``: the last number drawn by then.

    ``seen``: conditions of events that only other recipients may see afterwards; what is computed of a youth's history
    stays right, so it is not computed again. ``onlookers``: the locked youths of those events.
    """

    youths: frozenset[int]
    conditions: Sequence[ColumnElement[bool]]
    before: str
    seen: Sequence[ColumnElement[bool]] = ()
    onlookers: frozenset[int] = frozenset()

    @classmethod
    def lock(
        cls,
        connection: Connection,
        conditions: Sequence[ColumnElement[bool]],
        *,
        seen: Sequence[ColumnElement[bool]] = (),
    ) -> "Affected":
        """Find and lock the youths, before the change that affects them."""
        before = event_number(last_drawn(connection))
        youths, onlookers = _with_any(connection, conditions), _with_any(connection, seen)
        for some in batches(sorted(youths | onlookers)):
            lock_persons(connection, some)
        return cls(youths, conditions, before, seen, onlookers)

    def look_again(
        self, connection: Connection, codes: Kodesaet | None, now: datetime, last: Callable[[], None] = nothing
    ) -> None:
        """Compute again who may see what, and let every reader look again; draws a number, so it comes last.

        ``codes``: needed for what is computed again; None: ``conditions`` is empty. ``last``: other work that holds the
        counter and changes nothing that visibility depends on. All reports wait while it is held, so it comes after the
        work on the locked youths.
        """
        if codes is not None:
            refresh(connection, self.youths, codes)
        last()
        plads = event_number(draw(connection, now)[0])
        since = haendelse.c.nummer > self.before
        meanwhile = _with_any(connection, self.conditions, since)
        if codes is not None:
            refresh(connection, meanwhile - self.youths, codes)
        others = self.onlookers | _with_any(connection, self.seen, since)
        note_gained_at(connection, self.youths | meanwhile | others, plads)


def _with_any(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], *further: ColumnElement[bool]
) -> frozenset[int]:
    return frozenset[int]().union(*(_with_events(connection, condition, *further) for condition in conditions))


def _with_events(connection: Connection, *conditions: ColumnElement[bool]) -> set[int]:
    return set(connection.execute(select(haendelse.c.person_id).distinct().where(*conditions)).scalars())
