"""Youths active up to the 10th grade, whom eIndkomst is not drawn for (V 4.1; rules.md, Beskæftigelse)."""

from datetime import date

from sqlalchemy import Subquery, select

from udb.store.tables import haendelse


def exempted(day: date) -> Subquery:
    """By ``person_id``, each once, who is exempt on a day: see ``udb.domain.fritagelse``.

    To be joined: as a condition PostgreSQL makes it anew in each place where it stands.
    """
    says = haendelse.c.fritager_foer > day, haendelse.c.haendelse_dato <= day
    return select(haendelse.c.person_id).where(*says).distinct().subquery("exempted")
