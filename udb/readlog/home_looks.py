"""When kommuner were shown their youths, as the read log has it: then they knew what was registered by then."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from udb.access.clauses import HOME_CLAUSES
from udb.store import state
from udb.store.tables import person_merged
from udb.store.tables.log import read_log, read_log_person


class Look(NamedTuple):
    """A logged answer with the youth, by the domain clock.

    ``modtager``: the kommune's number. The other numbers are of the youth's events in a page of the feed, None when
    the answer had all.
    """

    modtager: str
    tid: datetime
    fra_nummer: str | None
    til_nummer: str | None

    def had(self, nummer: str, registreret: datetime) -> bool:
        """Return whether the answer had an event: a page of the feed may have had others of the youth's alone."""
        if self.tid < registreret:
            return False
        if self.fra_nummer is None or self.til_nummer is None:
            return True
        return self.fra_nummer <= nummer <= self.til_nummer


def home_looks(connection: Connection, persons: Collection[int], modtager: str | None = None) -> dict[int, list[Look]]:
    """Return the looks of home kommuner at each youth, under every id the youth has had.

    ``modtager``: of this kommune alone.
    """
    # The log has system time. Where the domain clock is another, it has run beside it since it was set.
    ahead = state.ahead(connection)
    merged = connection.execute(select(person_merged).where(person_merged.c.person_id.in_(persons)))
    own = {number: number for number in persons} | {row.id: row.person_id for row in merged}
    query = (
        select(
            read_log_person.c.person_id,
            read_log.c.institution_nummer,
            read_log.c.tid,
            read_log.c.fra_nummer,
            read_log.c.til_nummer,
        )
        .join(read_log, read_log.c.id == read_log_person.c.row_id)
        .where(read_log_person.c.person_id.in_(own), read_log.c.klausul.in_(HOME_CLAUSES))
    )
    if modtager is not None:
        query = query.where(read_log.c.institution_nummer == modtager)
    found: dict[int, list[Look]] = {}
    for number, institution, tid, first, last in connection.execute(query):
        found.setdefault(own[number], []).append(Look(institution, tid + ahead, first, last))
    return found
