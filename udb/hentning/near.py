"""Where a recipient's events are found without a walk through the nation's: conditions that an index answers, to stand
beside those of ``udb.hentning.access``. Whatever those show fulfils one of these; these alone show nothing.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, any_, func, select

from udb.hentning.access import Recipient
from udb.store.tables import abonnement, haendelse


def near(dialect: str, caller: Recipient) -> Sequence[ColumnElement[bool]]:
    """Of a kommune: what is of its youths (A1), and what its schools told of others (A2), which no event is both of.
    Of others: what is of youths with a subscription (A10), who are few.
    """
    if caller.kommunekode is not None:
        return haendelse.c.hjemkommune == caller.kommunekode, haendelse.c.skolekommune == caller.kommunekode
    theirs = select(abonnement.c.person_id)
    if dialect == "postgresql":
        # As an array it is gone through youth by youth, whatever is thought to be found sooner by walking all events.
        return (haendelse.c.person_id == any_(func.array(theirs.scalar_subquery())),)
    return (haendelse.c.person_id.in_(theirs),)
