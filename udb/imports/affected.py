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
    """Locked youths with an event that meets one of ``conditions``; ``before``: the last number drawn by then."""

    youths: frozenset[int]
    conditions: Sequence[ColumnElement[bool]]
    before: str

    @classmethod
    def lock(cls, connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> "Affected":
        """Find and lock the youths, before the change that affects them."""
        before = event_number(last_drawn(connection))
        youths = frozenset[int]().union(*(_with_events(connection, condition) for condition in conditions))
        for some in batches(sorted(youths)):
            lock_persons(connection, some)
        return cls(youths, conditions, before)

    def look_again(
        self, connection: Connection, codes: Kodesaet, now: datetime, last: Callable[[], None] = nothing
    ) -> None:
        """Compute again who may see what, and let every reader look again; draws a number, so it comes last.

        ``last``: other work that holds the counter and changes nothing that visibility depends on. All reports wait
        while it is held, so it comes after the work on the locked youths.
        """
        refresh(connection, self.youths, codes)
        last()
        plads = event_number(draw(connection, now)[0])
        since = haendelse.c.nummer > self.before
        meanwhile = frozenset[int]().union(
            *(_with_events(connection, condition, since) for condition in self.conditions)
        )
        refresh(connection, meanwhile - self.youths, codes)
        note_gained_at(connection, self.youths | meanwhile, plads)


def _with_events(connection: Connection, *conditions: ColumnElement[bool]) -> set[int]:
    return set(connection.execute(select(haendelse.c.person_id).distinct().where(*conditions)).scalars())
