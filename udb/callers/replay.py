"""Used signatures: none is accepted twice, whichever worker it reaches (contract 7)."""

import hashlib
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from udb.domain.clock import system_time
from udb.domain.clocks import SILENT_WHILE_SERVED
from udb.store.clocks import LIMIT, database_clock
from udb.store.sql.dialects import insert_into
from udb.store.tables import seen_signature

CLEANED: Final = 20
"""How many expired signatures each new one deletes: the table holds little more than those still valid."""


def first_use(
    connection: Connection, fingerprint: str, signature: bytes, expires: datetime, *, limit: timedelta = LIMIT
) -> bool:
    """Note a signature and return whether it is new; False when it was used before.

    ``expires``: from then on the signature's timestamp refuses it. ``limit``: the most by which a host's clock is
    behind the database's.
    """
    # By the database's clock, less what a host may be behind it: a host whose clock is ahead must not delete what the
    # others still take. SQLite has this host's clock alone, which is not noticed before it is so much ahead.
    if connection.dialect.name == "sqlite":
        over_at = system_time() - max(limit, SILENT_WHILE_SERVED)
    else:
        over_at = connection.execute(select(database_clock("postgresql"))).scalar_one() - limit
    over = select(seen_signature.c.hash).where(seen_signature.c.expires < over_at).limit(CLEANED)
    # Two workers that clean at once must not wait for each other.
    over = over.with_for_update(skip_locked=True)
    connection.execute(delete(seen_signature).where(seen_signature.c.hash.in_(over)))
    name = hashlib.sha256(fingerprint.encode() + signature).hexdigest()
    row = insert_into(connection.dialect.name, seen_signature).values(hash=name, expires=expires)
    # No savepoint: on a full disk SQLite rolls back the whole transaction, and with it the savepoint.
    noted = connection.execute(row.on_conflict_do_nothing().returning(seen_signature.c.hash))
    return noted.first() is not None
