"""The days on which the feed may show an event, as conditions on the youth's whole history.

For events that are stored without ``udb.domain.visibility``; the database's triggers make the days of all others.
"""

from datetime import date
from typing import Final

from sqlalchemy import ColumnElement, and_, case, not_, select

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
    under: ColumnElement[bool], over: ColumnElement[bool], day: ColumnElement[date]
) -> tuple[ColumnElement[date], ColumnElement[date]]:
    """Return ``synlig_fra`` and ``synlig_til`` of an event that is no cancellation, from the two and its date."""
    later = and_(over, day >= person.c.turns_25)
    return (
        case((under, person.c.turns_15), (later, person.c.turns_25)),
        case((later, person.c.turns_30), (under, person.c.turns_25)),
    )


def _completed(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    return there_is(select(_DONE.c.nummer).where(_DONE.c.person_id == person.c.id, *which).correlate(person))
