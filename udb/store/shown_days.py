"""The days on which the feed may show an event, as conditions on the youth's whole history.

For events that are stored without ``udb.domain.visibility``; the database's triggers make the days of all others.
"""

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, FromClause, and_, case, not_, select

from udb.domain.completion import VOCATIONAL
from udb.store.sql.planner_hints import there_is
from udb.store.tables import haendelse, person

_DONE: Final = haendelse.alias()


def shown_under_25() -> ColumnElement[bool]:
    """Return ``vises_under_25`` of a new event outside all forloeb, of the query's person."""
    return not_(_completed(_DONE.c.fuldfoerer.is_not(None), _DONE.c.i_fuldfoert))


def shown_over_25(day: ColumnElement[date]) -> ColumnElement[bool]:
    """Return ``vises_over_25`` of such an event with this HaendelseDato."""
    return not_(_completed(_DONE.c.fuldfoerer.in_(sorted(VOCATIONAL)), _DONE.c.haendelse_dato <= day))


def first_and_end(
    under: ColumnElement[bool], over: ColumnElement[bool], day: ColumnElement[date], people: FromClause
) -> tuple[ColumnElement[date], ColumnElement[date]]:
    """Return ``synlig_fra`` and ``synlig_til`` of an event that is no cancellation, from the two and its date.

    ``people`` has the birthdays of ``person``.
    """
    later = and_(over, day >= people.c.turns_25)
    return (
        case((under, people.c.turns_15), (later, people.c.turns_25)),
        case((later, people.c.turns_30), (under, people.c.turns_25)),
    )


def _completed(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    # All but the history is of the query around it: an event is judged by its own date.
    return there_is(select(_DONE.c.nummer).where(_DONE.c.person_id == person.c.id, *which).correlate_except(_DONE))
