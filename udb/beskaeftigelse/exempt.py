"""Youths active up to the 10th grade, whom eIndkomst is not drawn for (V 4.1; rules.md, Beskæftigelse)."""

from datetime import date

from sqlalchemy import ColumnElement, select

from udb.store.tables import haendelse


def exempt(person_id: ColumnElement[int], day: date) -> ColumnElement[bool]:
    """Whether somebody is exempt on a day: ``udb.fritagelse`` has said so of an event in the history."""
    return person_id.in_(
        select(haendelse.c.person_id).where(haendelse.c.fritager_foer > day, haendelse.c.haendelse_dato <= day)
    )
