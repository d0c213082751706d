"""Restrict the fields of a visible event and its youth to what a recipient may see, inside the page's query."""

from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, String, case, cast, exists, func, select

from udb.access.clauses import Recipient, a4_names, a4_tells
from udb.store.tables import abonnement, eksamensbevis, haendelse, person

DIPLOMA_DAY: Final = "@"
"""The separator between a diploma's formål and its day."""

_REACHED: Final = haendelse.alias()


def restricted(home: ColumnElement[bool], caller: Recipient | None) -> dict[str, ColumnElement[Any]]:
    """Return the fields that not every recipient of an event receives, by the names of
    ``udb.hentning.page_row.PageRow``.

    Level, diplomas and uddannelsespaalaeg of the youth are sent to the home kommune only (contract 5.1); ``home``: the
    condition that the caller is it. A9 leaves out the practice place. A4 leaves out days and numbers from before the
    25th birthday; ``caller`` None: A4 does not apply.
    """
    row = haendelse.c
    made: dict[str, ColumnElement[Any]] = {
        "reached": case((home, reached())),
        "diplomas": case((home, diplomas())),
        "under_order": case((home, under_order())),
        "praktiksted": case((row.vis_praktiksted, row.praktiksted)),
    }
    if caller is not None:
        made["dato_optag"] = case((a4_tells(caller, row.dato_optag), row.dato_optag))
        for name in ("vedroerer_haendelse_nummer", "afbrud_haendelse_nummer"):
            made[name] = case((a4_names(caller, row[name]), row[name]))
    return made


def reached() -> ColumnElement[str]:
    """Return the values of ``fuldfoerer`` of the events of the query's person, separated by blanks."""
    done = func.aggregate_strings(_REACHED.c.fuldfoerer, " ")
    query = select(done).where(_REACHED.c.person_id == person.c.id, _REACHED.c.fuldfoerer.is_not(None))
    return query.correlate(person).scalar_subquery()


@cache
def diplomas() -> ColumnElement[str]:
    """Return the diplomas of the query's person (``udb.hentning.level``), separated by blanks."""
    # Cached: the expression has reference cycles, which only the garbage collector frees, and every look-up uses it.
    one = eksamensbevis.c.cosa_formaal + DIPLOMA_DAY + cast(eksamensbevis.c.dato, String)
    query = select(func.aggregate_strings(one, " ")).where(eksamensbevis.c.person_id == person.c.id)
    return query.correlate(person).scalar_subquery()


def under_order() -> ColumnElement[bool]:
    """Return the condition that the query's person has an uddannelsespaalaeg; only for the home kommune (A1, A3)."""
    # No subscription here is due to end (``udb.paalaeg.ending``): by A1 and A3 the youth is a resident under 30.
    return exists().where(abonnement.c.person_id == person.c.id).correlate(person)
