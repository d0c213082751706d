"""Signatures that were used: none is taken twice, whichever worker it reaches (contract 7)."""

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError

from udb.clock import system_time
from udb.store.tables import seen_signature

CLEANED: Final = 20
"""Each new signature takes so many with it that are over: the table holds little more than what is alive."""


def first_use(connection: Connection, fingerprint: str, signature: bytes, expires: datetime) -> bool:
    """Note a signature; False when it was used before. ``expires``: from then on its timestamp refuses it."""
    over = select(seen_signature.c.hash).where(seen_signature.c.expires < system_time()).limit(CLEANED)
    # Two workers that clean at once must not wait for each other.
    over = over.with_for_update(skip_locked=True)
    connection.execute(delete(seen_signature).where(seen_signature.c.hash.in_(over)))
    name = hashlib.sha256(fingerprint.encode() + signature).hexdigest()
    try:
        with connection.begin_nested():
            connection.execute(insert(seen_signature).values(hash=name, expires=expires))
    except IntegrityError:
        return False
    return True
