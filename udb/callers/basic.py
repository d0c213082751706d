"""HTTP Basic: authentication by system id and key, in the sandbox only (contract 7)."""

import base64
import binascii
from typing import Final

from sqlalchemy import Connection, Engine

from udb.callers import systems
from udb.domain.errors import NotAuthenticated

_LONGEST_HEADER: Final = 1000


def authenticate(database: Connection | Engine, header: str | None) -> str:
    """Return the id of the calling system, from the ``Authorization`` header. Raises NotAuthenticated."""
    if not header:
        raise NotAuthenticated(credentials_sent=False, sandbox=True)
    system_id, key = _credentials(header)
    if not systems.verify(database, system_id, key):
        raise NotAuthenticated(credentials_sent=True)
    return system_id


def _credentials(header: str) -> tuple[str, str]:
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic" or len(header) > _LONGEST_HEADER:
        raise NotAuthenticated(credentials_sent=True)
    try:
        # A NUL would end the text for the database.
        decoded = base64.b64decode(encoded.strip(), validate=True).decode().replace("\0", "\N{REPLACEMENT CHARACTER}")
    except (binascii.Error, ValueError):
        raise NotAuthenticated(credentials_sent=True) from None
    system_id, colon, key = decoded.partition(":")
    if not colon:
        raise NotAuthenticated(credentials_sent=True)
    return system_id, key
