"""Explain why a recipient sees an event or does not, by evaluating the clauses of ``udb.access.clauses`` one by one in
one query with the conditions of the feed and the look-up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import Connection, Label, RowMapping, select

from udb.access import clauses as access
from udb.access.clauses import Clauses, Recipient
from udb.store.tables import haendelse, hentet, person

FEED: Final = "feed"
LOOK_UP: Final = "opslag"
OF_YOUTHS: Final = frozenset({"A1", "A3"})
"""The clauses that are about a youth and not about an event."""
CANCELS_FETCHED: Final = "contract 5.1"
"""Added to the clauses when a cancellation is sent only because its report was fetched."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision whether an event is visible, with the clauses that decided: that gave access, or that withhold it."""

    sees: bool
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """One event with its decisions. ``hentet``: when one of the recipient's systems first fetched it (V 7), by
    the clock of the events.
    """

    nummer: str
    haendelse_dato: date
    institution_nummer: str
    status: int | None
    annullering: bool
    feed: Decision
    opslag: Decision
    hentet: datetime | None


@dataclass(frozen=True, slots=True)
class YouthExplained:
    """A youth. ``opslag``: whether the recipient may look the youth up, and so see contacts and wishes (A8)."""

    opslag: Decision
    haendelser: Sequence[Explained]
    turns_25: date


def explain(connection: Connection, person_id: int, caller: Recipient) -> YouthExplained:
    """Return why a recipient sees each event of a youth today, or does not, by ascending number."""
    turns_25: date = connection.execute(select(person.c.turns_25).where(person.c.id == person_id)).scalar_one()
    return YouthExplained(_youth(connection, person_id, caller), _events(connection, person_id, caller), turns_25)


def _youth(connection: Connection, person_id: int, caller: Recipient) -> Decision:
    clauses = {name: clause for name, clause in access.look_up_clauses(caller).items() if name in OF_YOUTHS}
    query = select(access.home_youths(caller).label(LOOK_UP), *_columns(LOOK_UP, clauses))
    return _look_up(connection.execute(query.where(person.c.id == person_id)).mappings().one())


def _events(connection: Connection, person_id: int, caller: Recipient) -> list[Explained]:
    first_fetched = (
        select(hentet.c.hentet_tid)
        .where(hentet.c.modtager == caller.institution_nummer, hentet.c.nummer == haendelse.c.nummer)
        .order_by(hentet.c.hentet_system)
        .limit(1)
        .correlate(haendelse)
        .scalar_subquery()
    )
    query = (
        select(
            haendelse.c.nummer,
            haendelse.c.haendelse_dato,
            haendelse.c.institution_nummer,
            haendelse.c.status,
            haendelse.c.annullering,
            first_fetched.label("hentet"),
            access.feed_events(caller).label(FEED),
            access.look_up_events(caller).label(LOOK_UP),
            access.cancels_fetched(caller).label(CANCELS_FETCHED),
            *_columns("whose", access.feed_whose(caller)),
            *_columns("always", access.feed_always(caller)),
            *_columns("history", access.feed_history(caller)),
            *_columns(LOOK_UP, access.look_up_clauses(caller)),
        )
        .select_from(access.TABLES)
        .where(haendelse.c.person_id == person_id)
        .order_by(haendelse.c.nummer)
    )
    return [_explained(row) for row in connection.execute(query).mappings()]


def _explained(row: RowMapping) -> Explained:
    return Explained(
        nummer=row["nummer"],
        haendelse_dato=row["haendelse_dato"],
        institution_nummer=row["institution_nummer"],
        status=row["status"],
        annullering=row["annullering"],
        feed=_feed(row),
        opslag=_look_up(row),
        hentet=row["hentet"],
    )


def _feed(row: RowMapping) -> Decision:
    history = _that("history", row, hold=False)
    gave = _that("whose", row, hold=True)
    if row[FEED]:
        return Decision(sees=True, clauses=(*gave, CANCELS_FETCHED) if history else gave)
    withheld = (*(() if gave else _that("whose", row, hold=False)), *_that("always", row, hold=False))
    return Decision(sees=False, clauses=withheld if row[CANCELS_FETCHED] else (*withheld, *history))


def _look_up(row: RowMapping) -> Decision:
    if row[LOOK_UP]:
        return Decision(sees=True, clauses=("A1",))
    return Decision(sees=False, clauses=_that(LOOK_UP, row, hold=False))


def _columns(group: str, clauses: Clauses) -> list[Label[bool]]:
    return [clause.label(f"{group} {name}") for name, clause in clauses.items()]


def _that(group: str, row: RowMapping, *, hold: bool) -> tuple[str, ...]:
    """Return the clauses of a group that hold, or those that do not; an undecided clause (NULL) does not hold."""
    prefix = f"{group} "
    return tuple(
        name.removeprefix(prefix) for name, held in row.items() if name.startswith(prefix) and bool(held) == hold
    )
