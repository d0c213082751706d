"""Which fields of a visible event a recipient receives, and which of its youth: conditions inside the page's query."""

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

    Of the youth, level, diplomas and uddannelsespaalaeg go to the home kommune alone (contract 5.1); ``home``: whether
    the caller is. The practice place is left out where A9 says so. A4 leaves out days and numbers of before the 25th
    birthday; ``caller`` None: A4 does not apply.
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
    """Return what the events of the query's person have completed (``fuldfoerer``), blanks between."""
    done = func.aggregate_strings(_REACHED.c.fuldfoerer, " ")
    query = select(done).where(_REACHED.c.person_id == person.c.id, _REACHED.c.fuldfoerer.is_not(None))
    return query.correlate(person).scalar_subquery()


@cache
def diplomas() -> ColumnElement[str]:
    """Return the diplomas of the query's person (``udb.hentning.level``), blanks between."""
    # Kept: the value in it has ties that only the collector undoes, and every look-up asks this.
    one = eksamensbevis.c.cosa_formaal + DIPLOMA_DAY + cast(eksamensbevis.c.dato, String)
    query = select(func.aggregate_strings(one, " ")).where(eksamensbevis.c.person_id == person.c.id)
    return query.correlate(person).scalar_subquery()


def under_order() -> ColumnElement[bool]:
    """Return whether the query's person, a youth whose home kommune asks (A1, A3), has an uddannelsespaalaeg."""
    # None is due to end (``udb.paalaeg.ending``): such a youth is a resident and under 30.
    return exists().where(abonnement.c.person_id == person.c.id).correlate(person)
