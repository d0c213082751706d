"""Conditions by which an index finds a recipient's events, without reading the whole nation's.

They are used together with those of ``udb.access.clauses``: every visible event fulfils one of them, but they alone
give no access.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, select

from udb.access.clauses import Recipient
from udb.store.sql.planner_hints import one_of
from udb.store.tables import abonnement, haendelse


def index_conditions(dialect: str, caller: Recipient) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for a recipient, of which every visible event fulfils one.

    For a kommune: events of its youths (A1), and events of its schools about other youths (A2), on the days on which
    A3 to A6 and A9 may show them; no event is both. For others: events of youths with a subscription (A10), who are
    few.
    """
    if caller.kommunekode is not None:
        shown = and_(haendelse.c.synlig_til > caller.today, haendelse.c.synlig_fra <= caller.today)
        whose = (haendelse.c.hjemkommune, haendelse.c.skolekommune)
        return tuple(and_(column == caller.kommunekode, shown) for column in whose)
    return (one_of(dialect, haendelse.c.person_id, select(abonnement.c.person_id)),)
