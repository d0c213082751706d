"""Youths exempt from eIndkomst because they are active up to the 10th grade (V 4.1; rules.md, Beskæftigelse)."""

from datetime import date

from sqlalchemy import Subquery, select

from udb.store.tables import haendelse


def exempted(day: date) -> Subquery:
    """Select the ``person_id`` of each youth who is exempt on a day, each once: see ``udb.domain.fritagelse``.

    Join with it: PostgreSQL computes it again in each place where it is used as a condition.
    """
    says = haendelse.c.fritager_foer > day, haendelse.c.haendelse_dato <= day
    return select(haendelse.c.person_id).where(*says).distinct().subquery("exempted")
