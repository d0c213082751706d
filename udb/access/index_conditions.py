"""Where a recipient's events are found without a walk through the nation's: conditions that an index answers, to stand
beside those of ``udb.access.clauses``. Whatever those show fulfils one of these; these alone show nothing.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select

from udb.access.clauses import Recipient
from udb.store.sql.planner_hints import one_of
from udb.store.tables import abonnement, haendelse


def index_conditions(dialect: str, caller: Recipient) -> Sequence[ColumnElement[bool]]:
    """Return the conditions for a recipient.

    For a kommune: events of its youths (A1), and events of its schools about other youths (A2); no event is both.
    For others: events of youths with a subscription (A10), who are few.
    """
    if caller.kommunekode is not None:
        return haendelse.c.hjemkommune == caller.kommunekode, haendelse.c.skolekommune == caller.kommunekode
    return (one_of(dialect, haendelse.c.person_id, select(abonnement.c.person_id)),)
